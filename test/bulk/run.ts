/** One drill: a batch at a strict quota, stopped and killed, while other tickets come; then it is counted what came of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createDispatchBatches } from '../../src/temporal/dispatch-batches';
import { seededRandom } from '../../sandbox/random';
import { WITHOUT_QUOTA, type Desk } from '../faults/desk';
import type { Tell } from '../faults/play';
import { withDesk } from '../faults/with-desk';
import { ACCOUNT, type World } from '../faults/world';
import { beginBatch } from './command';
import { interruptionsOf } from './interruptions';
import { startLooks } from './looks';
import { createOrders, faultsOfOrders } from './orders';
import { startOthers, timesOf, type Down, type Times } from './others';

export interface BulkOptions {
  seed: number;
  /** Of the batch. */
  tickets: number;
  /** Freshdesk's calls in any minute; it refuses what passes them. */
  quota: number;
  /** How many times the batch is stopped, and as many times processes are killed. */
  kills: number;
  /** Between two tickets that come meanwhile, in ms. */
  everyMs: number;
  /** Within so many seconds each of them is published while all processes run. */
  publishedWithin: number;
  withinMs: number;
  dir: string;
}

export interface BulkResult extends Pick<BulkOptions, 'seed' | 'tickets' | 'quota'> {
  seconds: number;
  looks: number;
  stops: number;
  downs: Down[];
  others: number;
  times: Times;
  /** Calls to Freshdesk, and how many of them it refused for the quota. */
  calls: number;
  refused: number;
  /** What must not be. */
  faults: string[];
}

const TURN_MS = 200;

/** `stopped` rejects when nobody wants the result any more. */
export const runBulk = (options: BulkOptions, tell: Tell, stopped?: Promise<never>): Promise<BulkResult> => {
  const quota = { ...WITHOUT_QUOTA, freshdesk: options.quota };
  return withDesk({ dir: options.dir, cluster: false, quota, sweepEvery: '10m' }, stopped, (world, desk) =>
    run(options, world, desk, tell),
  );
};

async function run(options: BulkOptions, world: World, desk: Desk, tell: Tell): Promise<BulkResult> {
  const { tickets, quota, withinMs } = options;
  const { control } = world.sandbox;
  // Tickets that have been there a while: Freshdesk's system has set their due dates.
  control.setKnobs({ freshdesk: { dueDates: 'atBirth' } });
  const ids = Array.from({ length: tickets }, (_, nth) => Number(control.createTicket({ subject: `Till ${nth}` }).id));
  control.setKnobs({ freshdesk: { quotaPerMinute: quota, quotaWindow: 'sliding' } });
  const begun = Date.now();
  const deadline = begun + withinMs;
  const command = await begin(desk, options.dir, ids);
  const orders = createOrders(world);
  const others = startOthers(world, orders, options.everyMs);
  const published = (): number => orders.published(others.all.map(({ id }) => id));
  const batches = createDispatchBatches({ client: desk.client, account: ACCOUNT });
  const looks = startLooks(batches, command.name, tickets, published);
  /** Of the whole: the first half is the reading. */
  const share = (): number => {
    const view = looks.last();
    if (!view || view.counts.unread > 0) return (view ? tickets - view.counts.unread : 0) / (2 * tickets);
    return (tickets + published()) / (2 * tickets);
  };
  const until = async (holds: () => boolean): Promise<void> => {
    for (; !holds(); await delay(TURN_MS)) {
      // Without the command nobody says yes.
      if (command.faults.length > 0) throw new Error(command.faults.join('; '));
      if (Date.now() > deadline) throw new Error(`The batch did not end: ${JSON.stringify(looks.last())}`);
      tell('reading and dispatching', Math.round(share() * tickets * 2), tickets * 2);
    }
  };

  const { plan, downs, faults } = interruptionsOf(options.kills, seededRandom(options.seed), {
    ...{ desk, command, looks, until },
  });
  for (const { at, interrupt } of plan) {
    await until(() => share() >= at);
    await interrupt();
  }
  await until(() => looks.last()?.stage === 'done');
  const end = await command.ended();
  const seconds = (Date.now() - begun) / 1000;
  await others.stop(deadline - Date.now());
  await looks.stop();

  const told = `${command.name} is done: ${tickets} dispatched.`;
  const all = others.all.map(({ id }) => id);
  const times = timesOf(others.all, orders, downs);
  const late = [...times.calm, ...times.afterKill].filter(({ seconds }) => seconds > options.publishedWithin);
  const freshdesk = control.calls().filter(({ system }) => system === 'freshdesk');
  const sum = (counts: typeof freshdesk): number => counts.reduce((made, { count }) => made + count, 0);
  return {
    ...{ seed: options.seed, tickets, quota, seconds, downs, times },
    looks: looks.taken(),
    stops: plan.length - downs.length,
    others: all.length,
    calls: sum(freshdesk),
    refused: sum(freshdesk.filter(({ status }) => status === 429)),
    faults: [
      ...faultsOfOrders(world, [...ids, ...all]),
      ...late.map(
        ({ id, begunAt, seconds: taken }) =>
          `ticket ${id}, which came ${(begunAt - begun) / 1000} s after the beginning, was published after ${taken} s`,
      ),
      ...(end.how === 'code 0' && end.said.includes(told) ? [] : [`the command ended ${end.how}: ${end.said}`]),
      ...faults,
      ...looks.faults,
      ...command.faults,
      ...desk.crashes,
    ],
  };
}

async function begin(desk: Desk, dir: string, ids: readonly number[]): ReturnType<typeof beginBatch> {
  const folder = mkdtempSync(join(dir, 'deskbridge-bulk-'));
  const file = join(folder, 'tickets.csv');
  writeFileSync(file, `ticket\n${ids.join('\n')}\n`);
  try {
    return await beginBatch(desk, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
