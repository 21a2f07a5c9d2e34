/** Whether a call carries marketing consent. Promise: without a clear yes, or beside any no, nobody is contacted. */
import type { Entries } from './analytics-call';
import { valueAt } from './event-path';

/** True at one of the paths at least and false at none of them. In imports the texts count as well (`asText`). */
export function hasConsent(source: Entries, paths: readonly string[], asText: boolean): boolean {
  let given = false;
  for (const path of paths) {
    const answer = answerOf(valueAt(source, path), asText);
    if (answer === false) return false;
    given ||= answer === true;
  }
  return given;
}

function answerOf(value: unknown, asText: boolean): boolean | null {
  if (typeof value === 'boolean') return value;
  if (!asText || typeof value !== 'string') return null;
  const text = value.trim().toLowerCase();
  if (text === 'true') return true;
  return text === 'false' ? false : null;
}
