/** Looks at the progress of a batch all the time, and holds it against the orders that there are. */
import { setTimeout as delay } from 'node:timers/promises';
import type { BatchView } from '../../src/contract/dispatch-batch';
import { TemporalUnavailableError } from '../../src/temporal/deadline';
import { NoWorkerError, type DispatchBatches } from '../../src/temporal/dispatch-batches';

const EVERY_MS = 500;
/** Asked for in one step, whose answer may be lost with its worker: so many may be under way that the batch does not know of. */
export const IN_ONE_STEP = 8;

export interface Looks {
  /** How many were answered. */
  taken(): number;
  last(): BatchView | null;
  faults: string[];
  stop(): Promise<void>;
}

/** What a look says that cannot be; `published`: orders before and after it. */
export function faultsOfLook(
  { total, counts }: BatchView,
  before: BatchView | null,
  published: { before: number; after: number },
  tickets: number,
): string[] {
  const sum = Object.values(counts).reduce((all, count) => all + count, 0);
  const known = counts.dispatched + counts.begun;
  return [
    ...(total !== tickets || sum !== tickets ? [`it counts ${sum} of ${total} tickets`] : []),
    ...(counts.dispatched > published.after
      ? [`it says ${counts.dispatched} dispatched, and there are ${published.after} orders`]
      : []),
    ...(known + IN_ONE_STEP < published.before
      ? [`it knows of ${known} tickets, and there are ${published.before} orders`]
      : []),
    ...(before && counts.dispatched < before.counts.dispatched
      ? [`it says ${counts.dispatched} dispatched after ${before.counts.dispatched}`]
      : []),
    ...(counts.attention + counts.failed + counts['left-out'] + counts.problem + counts.asks > 0
      ? [`it names tickets that need a person: ${JSON.stringify(counts)}`]
      : []),
  ];
}

/** `published` gives how many tickets of the batch have a published order at this moment. */
export function startLooks(
  batches: Pick<DispatchBatches, 'view'>,
  name: string,
  tickets: number,
  published: () => number,
): Looks {
  const faults: string[] = [];
  let [taken, goesOn] = [0, true];
  let last: BatchView | null = null;
  const look = async (): Promise<void> => {
    const before = published();
    try {
      const view = await batches.view(name);
      faults.push(...faultsOfLook(view, last, { before, after: published() }, tickets));
      [last, taken] = [view, taken + 1];
    } catch (error) {
      // Whoever would answer was just killed.
      if (!(error instanceof NoWorkerError || error instanceof TemporalUnavailableError)) throw error;
    }
  };
  const looking = (async () => {
    for (; goesOn; await delay(EVERY_MS)) await look();
    await look();
  })();
  looking.catch((error: unknown) => faults.push(`a look failed: ${String(error)}`));
  return {
    faults,
    taken: () => taken,
    last: () => last,
    stop: async () => {
      goesOn = false;
      await looking.catch(() => undefined);
    },
  };
}
