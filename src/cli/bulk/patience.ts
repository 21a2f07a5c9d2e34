/** A batch asked and told while Temporal or its workers come and go. Promise: a person's yes is not lost by a restart. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TemporalUnavailableError } from '../../temporal/deadline';
import { NoWorkerError, type DispatchBatches } from '../../temporal/dispatch-batches';

export interface Patience {
  /** Told once when they are away. */
  say: (text: string) => void;
  /** When it fires, nobody waits any more: the last error is thrown. */
  left: AbortSignal;
  /** So long they may be away, in ms. */
  forMs?: number;
  /** Between two tries, in ms. */
  everyMs?: number;
}

/** All but `start` may be said twice. */
export function patiently(
  batches: DispatchBatches,
  { say, left, forMs = 60_000, everyMs = 500 }: Patience,
): DispatchBatches {
  const again = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let awaySince: number | null = null; ;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof NoWorkerError || error instanceof TemporalUnavailableError)) throw error;
        if (awaySince === null) say(`${error.message}.`);
        awaySince ??= Date.now();
        if (left.aborted || Date.now() - awaySince > forMs) throw error;
      }
      await sleep(everyMs, undefined, { signal: left }).catch(() => undefined);
    }
  };
  return {
    start: (of, nextVisit) => batches.start(of, nextVisit),
    view: (name) => again(() => batches.view(name)),
    list: (name) => again(() => batches.list(name)),
    run: (name) => again(() => batches.run(name)),
    stop: (name) => again(() => batches.stop(name)),
  };
}
