/**
 * The rows of a file in batches. Promise: the same file is always cut at the same places, whatever is dropped, so that an
 * import that was stopped finds its batches again.
 */
import type { DropReason, ImportRow } from '../../contract/contact';
import type { RowJudge } from './engine';
import type { SourceRow } from './rows';

/** Data rows of a batch, accepted or not. */
export const BATCH_ROWS = 200;

/** Text of a batch's rows, counted in bytes: the engine refuses 2 MB in one piece. */
const BATCH_BYTES = 500_000;

/** A row that ends before it is sent. */
export interface Refusal {
  outcome: 'dropped' | 'invalid';
  reason: string;
}

export interface BatchRow {
  line: number;
  cells: string[];
  /** Null: it is sent. */
  refusal: Refusal | null;
}

export interface Batch {
  /** Counted from 1. */
  number: number;
  rows: BatchRow[];
  send: ImportRow[];
  /** By which the contacts of the sent rows are told apart. */
  ids: Set<string>;
}

export async function* batchesOf(rows: AsyncIterable<SourceRow>, judge: RowJudge): AsyncGenerator<Batch> {
  let batch = newBatch(1);
  let bytes = 0;
  for await (const row of rows) {
    addRow(batch, row, judge);
    bytes += row.cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), 0);
    if (batch.rows.length < BATCH_ROWS && bytes < BATCH_BYTES) continue;
    yield batch;
    batch = newBatch(batch.number + 1);
    bytes = 0;
  }
  if (batch.rows.length > 0) yield batch;
}

const newBatch = (number: number): Batch => ({ number, rows: [], send: [], ids: new Set() });

function addRow(batch: Batch, row: SourceRow, judge: RowJudge): void {
  const { line, cells } = row;
  const verdict = 'item' in row ? judge(row.item) : { invalid: [row.invalid] };
  const event = 'accepted' in verdict ? verdict.accepted : 'dropped' in verdict ? verdict.withdrawal?.events[0] : null;
  if (event) {
    batch.send.push({ line, event });
    for (const id of event.ids) batch.ids.add(id);
    batch.rows.push({ line, cells, refusal: null });
    return;
  }
  const refusal: Refusal =
    'dropped' in verdict
      ? { outcome: 'dropped', reason: droppedText(verdict.dropped, verdict.notes) }
      : { outcome: 'invalid', reason: 'invalid' in verdict ? verdict.invalid.join('; ') : '' };
  batch.rows.push({ line, cells, refusal });
}

const droppedText = (reason: DropReason, notes: string[] = []): string =>
  [`${reason} (${DROPPED[reason]})`, ...notes].join('; ');

const DROPPED: Record<DropReason, string> = {
  anonymous: 'neither e-mail nor user id',
  'unmapped-event': 'the config has no rule for this event',
  'no-consent': 'nothing says true or something says false',
  'no-identifier': 'neither e-mail, phone nor user id can be used',
};
