/** Exit codes and the words that go with them. Source: interface, section 2. */
import { UsageError } from '../command-errors';
import { ConfigError, formatProblems } from '../config/problems';
import { SettingsError } from '../config/settings';
import { TemporalUnavailableError } from '../temporal/deadline';
import { NoDispatchError, NothingToApproveError, VisitOpenError } from '../temporal/starter';
import { plainLines } from './plain';

export const EXIT = { done: 0, failed: 1, usage: 2, noTemporal: 3 } as const;

export function exitCodeOf(error: unknown): number {
  if (error instanceof TemporalUnavailableError) return EXIT.noTemporal;
  if (error instanceof SettingsError || error instanceof ConfigError || error instanceof UsageError) return EXIT.usage;
  return EXIT.failed;
}

/** One message for a person, without a stack trace; a terminal obeys none of it. */
export const explain = (error: unknown): string => plainLines(messageOf(error));

function messageOf(error: unknown): string {
  if (error instanceof ConfigError) return formatProblems(error.problems);
  if (error instanceof TemporalUnavailableError) {
    return `${error.message}. Is Deskbridge running (npm start), or is TEMPORAL_ADDRESS right?`;
  }
  if (error instanceof NoDispatchError) return `${error.message}. \`deskbridge list\` shows what runs.`;
  if (error instanceof NothingToApproveError) return `${error.message}. \`deskbridge show\` shows what waits.`;
  if (error instanceof VisitOpenError) return `${error.message}; cancel it first, or wait for its end.`;
  if (error instanceof Error) return error.message;
  return String(error);
}
