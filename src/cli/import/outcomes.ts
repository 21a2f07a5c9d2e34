/** What came of rows: from a batch and the engine's answer to lines of the report and to counts. */
import { CONTACT_OUTCOMES, type ContactOutcome, type ImportedRow } from '../../contract/contact';
import type { Batch } from './batches';

/** `not-sent`: accepted now, but not when its batch was begun. */
export type RowOutcome = ContactOutcome | 'dropped' | 'invalid' | 'not-sent';

const OUTCOMES: readonly RowOutcome[] = [...CONTACT_OUTCOMES, 'dropped', 'invalid', 'not-sent'];

export type Counts = Record<RowOutcome, number>;

export interface RowEnd {
  line: number;
  cells: string[];
  outcome: RowOutcome;
  reason: string;
  /** Something of the row was left out. */
  isPartly?: boolean;
}

/** Results null: the batch is still under way, only what never was sent has ended. The engine's word goes before ours. */
export function endsOf({ rows }: Batch, results: ImportedRow[] | null): RowEnd[] {
  const byLine = new Map(results?.map((result) => [result.line, result]));
  return rows.flatMap(({ line, cells, refusal }): RowEnd[] => {
    const result = byLine.get(line);
    if (result) {
      const reason = [result.detail, ...result.notes].filter(Boolean).join('; ');
      return [{ line, cells, outcome: result.outcome, reason, isPartly: result.notes.length > 0 }];
    }
    if (refusal) return [{ line, cells, ...refusal }];
    return results ? [{ line, cells, outcome: 'not-sent', reason: NOT_SENT }] : [];
  });
}

const NOT_SENT =
  'the config left this row out when the import was begun; import its row alone, or the file with --again';

/** A person should look at them; the command then ends with 1. */
export const FAULTY: readonly RowOutcome[] = ['rejected', 'conflict', 'invalid', 'not-sent'];

/** A person may want to look at it: it was not done, or not with all that it holds. */
export const isReported = ({ outcome, isPartly = false }: RowEnd): boolean =>
  isPartly || outcome === 'dropped' || outcome === 'withdrawn' || FAULTY.includes(outcome);

export const noCounts = (): Counts => Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Counts;

export const total = (counts: Counts, of: readonly RowOutcome[] = OUTCOMES): number =>
  of.reduce((sum, outcome) => sum + counts[outcome], 0);

const WORDS: Partial<Record<RowOutcome, string>> = {
  'already-exists': 'already there',
  conflict: 'in conflict',
  'not-sent': 'not sent',
};

/** `900 created, 12 dropped`: those that there are. */
export const countsText = (counts: Counts, of: readonly RowOutcome[] = OUTCOMES): string =>
  of
    .filter((outcome) => counts[outcome] > 0)
    .map((outcome) => `${numberText(counts[outcome])} ${WORDS[outcome] ?? outcome}`)
    .join(', ');

export const numberText = (value: number): string => value.toLocaleString('en');
