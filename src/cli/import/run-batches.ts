/**
 * Hands batches to the engine, few at once. Promise: each batch is stored once, rows of one contact keep their order, and no
 * more rows are held than those of the open batches and the one that waits.
 */
import type { ImportedRow } from '../../contract/contact';
import type { Batch } from './batches';
import type { BatchProgress, ImportEngine } from './engine';

export const MOST_OPEN = 3;

/** Between two looks at the open batches, growing while nothing ends. In ms. */
const SHORTEST_PAUSE = 200;
const LONGEST_PAUSE = 2_000;

export interface OpenBatch {
  batch: Batch;
  /** Of the rows that were sent. */
  done: number;
  attention: Extract<BatchProgress, { state: 'running' }>['attention'];
}

export interface RunOptions {
  engine: ImportEngine;
  importId: string;
  /** When it fires, no further batch is begun; what is under way goes on in the background. */
  stop: AbortSignal;
  pause: (ms: number) => Promise<void>;
  /** Results null: it is still under way, and not looked at any more. */
  ended: (batch: Batch, results: ImportedRow[] | null) => Promise<void>;
  looked: (open: OpenBatch[]) => void;
}

/** How many batches were begun now, and whether all of the file went through. */
export interface RunEnd {
  begun: number;
  complete: boolean;
}

export async function runBatches(batches: AsyncIterable<Batch>, options: RunOptions): Promise<RunEnd> {
  const { engine, importId, stop, pause, ended, looked } = options;
  const open = new Map<number, OpenBatch>();
  let begun = 0;
  let readAll = false;
  let wait = SHORTEST_PAUSE;

  /** Its progress, stored first if need be; an engine may also have lost it. */
  async function stored({ number, send }: Batch): Promise<BatchProgress> {
    const known = await engine.progress(importId, number);
    if (known) return known;
    await engine.start(importId, number, send);
    begun += 1;
    return { state: 'running', done: 0, attention: null };
  }

  async function follow(batch: Batch): Promise<boolean> {
    const progress: BatchProgress = batch.send.length === 0 ? { state: 'done', rows: [] } : await stored(batch);
    if (progress.state === 'running') {
      const { done, attention } = progress;
      open.set(batch.number, { batch, done, attention });
      return false;
    }
    open.delete(batch.number);
    await ended(batch, progress.rows);
    return true;
  }

  /** One look at all that is open; a pause when none has ended. */
  async function look(): Promise<void> {
    let anyEnded = false;
    for (const { batch } of [...open.values()]) {
      if (stop.aborted) return;
      anyEnded = (await follow(batch)) || anyEnded;
    }
    looked([...open.values()]);
    wait = anyEnded ? SHORTEST_PAUSE : Math.min(wait * 1.5, LONGEST_PAUSE);
    if (!anyEnded) await pause(wait);
  }

  const mustWait = ({ send, ids }: Batch): boolean =>
    send.length > 0 &&
    (open.size >= MOST_OPEN || [...open.values()].some(({ batch }) => [...ids].some((id) => batch.ids.has(id))));

  try {
    for await (const batch of batches) {
      while (!stop.aborted && mustWait(batch)) await look();
      if (stop.aborted) break;
      await follow(batch);
      looked([...open.values()]);
    }
    readAll = !stop.aborted;
    while (!stop.aborted && open.size > 0) await look();
    return { begun, complete: readAll && open.size === 0 };
  } finally {
    for (const { batch } of open.values()) await ended(batch, null);
  }
}
