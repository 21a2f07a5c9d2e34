/** `--since` as people type it. */
import { duration } from '../config/duration';
import { UsageError } from '../command-errors';

/** ISO 8601 of `2h` ago, or of a time as it is written. @throws UsageError */
export function momentOf(text: string): string {
  const length = duration.safeParse(text);
  if (length.success) return new Date(Date.now() - length.data).toISOString();
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(moment)) return new Date(moment).toISOString();
  throw new UsageError(
    `--since: "${text.slice(0, 60)}" is not a time. Give 30m, 2h or 1d, or a time such as 2026-03-01T08:00Z.`,
  );
}
