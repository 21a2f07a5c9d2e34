/** How fast a backlog drains: tickets are accepted while no worker runs, then the workers come back with a real quota. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Desk } from './desk';
import { WITHOUT_QUOTA } from './desk';
import type { Lives } from './lives';
import type { World } from './world';

export interface Drain {
  tickets: number;
  credits: number;
  quotaPerMinute: number;
  seconds: number;
  /** Of the time that the quota allows for so many credits. */
  ratio: number;
  refused: number;
}

const LOOK_MS = 50;
/** A worker that was killed counts for the share of the others until its last poll is this old. */
const AWAY_MS = 80_000;

export async function measureDrain(
  { backlog, backlogQuota, settleWithin }: { backlog: number; backlogQuota: number; settleWithin: number },
  world: World,
  desk: Desk,
  lives: Lives,
): Promise<Drain> {
  const { control } = world.sandbox;
  await Promise.all(desk.workers.map((worker) => worker.kill()));
  lives.endAfter(settleWithin);
  for (let nth = 0; nth < backlog; nth++) lives.begin('published only');
  await control.idle({ timeoutMs: 60_000 });
  await delay(AWAY_MS);
  desk.setQuota({ ...WITHOUT_QUOTA, freshdesk: backlogQuota });
  control.setKnobs({ freshdesk: { quotaPerMinute: backlogQuota } });
  control.clearHistory();
  await Promise.all(desk.workers.map((worker) => worker.start()));
  while (lives.open().length > 0) await delay(LOOK_MS);
  const calls = control.history().filter(({ system }) => system === 'freshdesk');
  const begun = Date.parse(calls[0]?.at ?? '');
  const seconds = (Date.now() - begun) / 1000;
  const credits = calls.reduce((sum, call) => sum + call.credits, 0);
  control.setKnobs({ freshdesk: { quotaPerMinute: null } });
  desk.setQuota(WITHOUT_QUOTA);
  await Promise.all(desk.workers.map((worker) => worker.end()));
  await Promise.all(desk.workers.map((worker) => worker.start()));
  return {
    ...{ tickets: backlog, credits, quotaPerMinute: backlogQuota, seconds },
    ratio: seconds / ((credits * 60) / backlogQuota),
    refused: calls.filter(({ status }) => status === 429).length,
  };
}
