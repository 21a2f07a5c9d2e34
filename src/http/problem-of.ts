/** Which refusal an error of a route means; null for one that nobody expected. */
import { CannotDispatchError } from '../temporal/can-dispatch';
import { TemporalUnavailableError } from '../temporal/deadline';
import { PayloadUnreadableError } from '../temporal/encryption';
import { CursorError } from '../temporal/index/rows';
import { NoDispatchError, NothingToApproveError, VisitOpenError } from '../temporal/starter';
import { conflict, malformed, notFound, Problem, unavailable, unreadable } from './problem';

export function problemOf(error: unknown): Problem | null {
  if (error instanceof Problem) return error;
  if (error instanceof TemporalUnavailableError) return unavailable();
  if (error instanceof PayloadUnreadableError) return unreadable(error.message);
  if (error instanceof CursorError) return malformed(`cursor: ${error.message}.`);
  if (error instanceof NoDispatchError) return notFound(`${error.message}.`);
  if (error instanceof VisitOpenError) return conflict(`${error.message}; a person's word starts no other beside it.`);
  if (error instanceof CannotDispatchError) return conflict(`${error.message}.`);
  if (error instanceof NothingToApproveError) return conflict(`${error.message}.`);
  // Express's own refusals, such as of a path that cannot be decoded.
  const { status } = (error ?? {}) as { status?: unknown };
  if (typeof status === 'number' && status >= 400 && status < 500) return malformed('The request cannot be read.');
  return null;
}
