/** What goes wrong beyond one machine: the database fails over, and lines between the parts are cut for some seconds. */
import { setTimeout as delay } from 'node:timers/promises';
import { shuffled } from '../../sandbox/random';
import type { Cut, Relay } from '../cluster/relay';
import type { Cluster } from './desk';
import type { Dose } from './doses';

const [SHORTEST_MS, LONGEST_MS] = [1_000, 8_000];
/** Longer than an attempt of an activity may take (30 s): others make it again, while the one that is cut off still makes it. */
const LONG_MS = 45_000;

export interface ClusterTroubles {
  failOver: { name: string; run: Dose };
  /** As many, of all places and both kinds in turn. */
  cuts: (count: number) => { name: string; run: Dose }[];
  /** A worker is cut off for longer than its attempts may take. */
  longCut: { name: string; run: Dose };
}

export interface ClusterTroubleOptions {
  cluster: Cluster;
  random: () => number;
  burst: (size: number) => void;
  kill: (parts: Cluster['database'][]) => Promise<void>;
  recovered: (after: string) => Promise<void>;
}

export function createClusterTroubles(options: ClusterTroubleOptions): ClusterTroubles {
  const { random, burst, kill, recovered } = options;
  const { database, lines } = options.cluster;
  const oneOf = (relays: Relay[]): Relay[] => shuffled(relays, random).slice(0, 1);
  const places: [name: string, those: () => Relay[]][] = [
    ['a worker', () => oneOf(lines.workers)],
    ['all workers', () => lines.workers],
    ['a web server', () => oneOf(lines.webs)],
    ['all web servers', () => lines.webs],
    ['web servers and workers', () => [...lines.webs, ...lines.workers]],
    ['the database', () => [lines.database]],
  ];
  const cut = (how: Cut, [place, those]: (typeof places)[number], ms: () => number) => ({
    name: `network cut (${how}): ${place}`,
    run: async () => {
      const cutOff = those();
      burst(4);
      await delay(random() * 300);
      for (const relay of cutOff) relay.cut(how);
      await delay(ms());
      for (const relay of cutOff) relay.heal();
      await recovered(`network cut of ${place}`);
    },
  });
  const short = (): number => SHORTEST_MS + random() * (LONGEST_MS - SHORTEST_MS);
  return {
    failOver: {
      name: 'kill -9 of the database, its replica promoted',
      run: async () => {
        burst(4);
        await delay(random() * 300);
        await kill([database]);
        await Promise.all([recovered('fail-over of the database'), database.start()]);
      },
    },
    cuts: (count) => {
      const all = shuffled(
        (['reset', 'silent'] as const).flatMap((how) => places.map((place) => cut(how, place, short))),
        random,
      );
      return Array.from({ length: count }, (_, nth) => all[nth % all.length] as (typeof all)[number]);
    },
    longCut: cut('silent', ['a worker, for longer than an attempt', () => oneOf(lines.workers)], () => LONG_MS),
  };
}
