/** Tickets that people send to the field while a batch goes on, one after the other. */
import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../faults/world';
import type { Orders } from './orders';

const FIELD_SERVICE_REQUIRED = 8;
const LOOK_MS = 250;
/** "Right after" a kill, in ms. */
const AFTER_MS = 60_000;

/** Moments in ms. */
export interface Down {
  what: string;
  from: number;
  to: number;
}

export interface Other {
  id: number;
  begunAt: number;
}

export interface Others {
  all: Other[];
  /** None comes any more; waits for the orders of those that came. */
  stop(withinMs: number): Promise<void>;
}

export function startOthers({ sandbox: { control } }: World, orders: Orders, everyMs: number): Others {
  const all: Other[] = [];
  const ended = new AbortController();
  const coming = (async () => {
    while (!ended.signal.aborted) {
      const id = Number(control.createTicket({ subject: `Door ${all.length} does not open` }).id);
      all.push({ id, begunAt: Date.now() });
      control.updateTicket(id, { status: FIELD_SERVICE_REQUIRED });
      await delay(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return {
    all,
    stop: async (withinMs) => {
      ended.abort();
      await coming;
      const deadline = Date.now() + withinMs;
      while (Date.now() < deadline && all.some(({ id }) => orders.publishedAt(id) === null)) await delay(LOOK_MS);
    },
  };
}

/** Seconds from the webhook to the published order, by what went on meanwhile. */
export interface Times {
  calm: Taken[];
  /** Begun within a minute after all processes ran again. */
  afterKill: Taken[];
  /** A process was away meanwhile. */
  duringKill: Taken[];
}

export interface Taken extends Other {
  seconds: number;
}

export function timesOf(others: readonly Other[], orders: Orders, downs: readonly Down[]): Times {
  const times: Times = { calm: [], afterKill: [], duringKill: [] };
  for (const { id, begunAt } of others) {
    const publishedAt = orders.publishedAt(id) ?? Infinity;
    const taken = { id, begunAt, seconds: (publishedAt - begunAt) / 1000 };
    if (downs.some(({ from, to }) => from < publishedAt && to > begunAt)) times.duringKill.push(taken);
    else if (downs.some(({ to }) => begunAt >= to && begunAt - to < AFTER_MS)) times.afterKill.push(taken);
    else times.calm.push(taken);
  }
  return times;
}
