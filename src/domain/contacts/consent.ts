/** Whether a call carries marketing consent. Promise: without a clear yes, or beside any other answer, nobody is contacted. */
import type { AnalyticsCall } from './analytics-call';
import { valueAt } from './event-path';

export type Consent =
  | 'given'
  /** A clear no, somewhere. */
  | 'withdrawn'
  /** Something that is neither true nor false, or nothing at all. */
  | { missing: string[] };

/** In imports the texts true and false count as well (`asText`). */
export function consentOf(
  { source, hidden }: Pick<AnalyticsCall, 'source' | 'hidden'>,
  paths: readonly string[],
  asText: boolean,
): Consent {
  const answers = paths.map((path) => answerOf(valueAt(source, path), asText));
  const no = (path: string): boolean => hidden.some((entries) => answerOf(valueAt(entries, path), asText) === false);
  if (answers.includes(false) || paths.some(no)) return 'withdrawn';
  const unclear = paths.filter((_, index) => answers[index] === 'unclear');
  return unclear.length === 0 && answers.includes(true) ? 'given' : { missing: unclear };
}

function answerOf(value: unknown, asText: boolean): boolean | 'unclear' | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  if (!asText || typeof value !== 'string') return 'unclear';
  const text = value.trim().toLowerCase();
  if (text === '') return null;
  return text === 'true' ? true : text === 'false' ? false : 'unclear';
}
