/** Keeps count of an import: what has been read, what has ended and how. What is to be reported goes on to the report. */
import type { ImportedRow } from '../../contract/contact';
import type { Batch } from './batches';
import { endsOf, noCounts, total } from './outcomes';
import type { ProgressState } from './progress';
import type { Report } from './report';
import type { OpenBatch } from './run-batches';

export class Tally {
  readonly counts = noCounts();
  #read = 0;
  #readAll = false;
  readonly #roughRows: number;
  readonly #report: Report;

  constructor(roughRows: number, report: Report) {
    this.#roughRows = roughRows;
    this.#report = report;
  }

  /** Passes the batches on. */
  async *reading(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
    for await (const batch of batches) {
      this.#read += batch.rows.length;
      yield batch;
    }
    this.#readAll = true;
  }

  async ended(batch: Batch, results: ImportedRow[] | null): Promise<void> {
    const ends = endsOf(batch, results);
    for (const { outcome } of ends) this.counts[outcome] += 1;
    await this.#report.add(ends);
  }

  state(open: OpenBatch[]): ProgressState {
    const underWay = open.map(({ batch, done }) => batch.rows.length - batch.send.length + done);
    const done = underWay.reduce((sum, rows) => sum + rows, total(this.counts));
    return { done, total: this.#readAll ? this.#read : Math.max(this.#read, this.#roughRows), counts: this.counts };
  }
}
