/** What a cluster that is still new says before anything fails: how fast one worker is, and what a run leaves in the store. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, Desk } from './desk';
import type { Lives } from './lives';
import type { People } from './people';
import type { Tell } from './play';
import { untilSettled } from './settle';
import type { World } from './world';

export interface Pace {
  /** Dispatches, and as many of each other kind. */
  count: number;
  /** Dispatches a second from the first read of a ticket to the last publish, by one worker whose upstreams have no quota. */
  perSecond: number;
  /** Room in the store, in kB each: as far as published, whole up to paid, and for a contact. */
  kb: { published: number; whole: number; contact: number };
}

const LOOK_MS = 50;

export async function measurePace(
  { pace: count, settleWithin }: { pace: number; settleWithin: number },
  world: World,
  desk: Desk & { cluster: Cluster },
  { lives, people }: { lives: Lives; people: People },
  tell: Tell,
): Promise<Pace> {
  const [worker, ...others] = desk.workers;
  const kbFor = async (work: () => Promise<void>): Promise<number> => {
    const before = await desk.cluster.storeSize();
    await work();
    const open = await untilSettled({ desk, world, withinMs: settleWithin }, tell);
    if (open.size > 0) throw new Error(`${open.size} dispatches have not settled before anything failed.`);
    return ((await desk.cluster.storeSize()) - before) / 1000 / count;
  };
  const untilOver = async (phase: string): Promise<void> => {
    for (let open = lives.open(); open.length > 0; open = lives.open()) {
      tell(phase, lives.all.length - open.length, lives.all.length);
      await delay(LOOK_MS);
    }
  };
  const begin = (kind: string): void => Array.from({ length: count }).forEach(() => lives.begin(kind));

  await Promise.all(desk.workers.map((one) => one.end()));
  const published = await kbFor(async () => {
    begin('published only');
    await world.sandbox.control.idle({ retries: true, timeoutMs: settleWithin });
    await worker?.start();
    await untilOver('one worker');
  });
  const perSecond = count / secondsOf(world);
  await Promise.all(others.map((one) => one.start()));
  const whole = await kbFor(async () => {
    begin('whole');
    await untilOver('whole lives');
  });
  const contact = await kbFor(async () => {
    for (let nth = 0; nth < count; nth++) people.signUp(1);
    await people.accepted();
  });
  return { count, perSecond, kb: { published, whole, contact } };
}

function secondsOf({ sandbox: { control } }: World): number {
  const times = (route: string): number[] =>
    control.history().flatMap((call) => (call.route === route ? [Date.parse(call.at)] : []));
  const [read, published] = [times('GET /tickets/:id'), times('POST /workorders/:id/publish')];
  return (Math.max(...published) - Math.min(...read)) / 1000;
}
