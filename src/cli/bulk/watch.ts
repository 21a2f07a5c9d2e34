/** Follows a batch until it gets no further by itself. Promise: it only looks, so that leaving it changes nothing. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BatchStage, BatchView } from '../../contract/dispatch-batch';
import type { DispatchBatches } from '../../temporal/dispatch-batches';
import type { BatchProgress } from './progress';

export interface Watch {
  batches: Pick<DispatchBatches, 'view'>;
  name: string;
  progress: BatchProgress;
  /** When it fires, nobody watches any more. */
  left: AbortSignal;
}

const EVERY_MS = 500;

/** The view once the stage is one of `until`; null: whoever watched has left. */
export async function watchBatch(
  { batches, name, progress, left }: Watch,
  until: BatchStage[],
): Promise<BatchView | null> {
  while (!left.aborted) {
    try {
      const view = await batches.view(name);
      if (until.includes(view.stage)) return view;
      progress.update(view);
    } catch (error) {
      if (!left.aborted) throw error;
    }
    await sleep(EVERY_MS, undefined, { signal: left }).catch(() => undefined);
  }
  return null;
}
