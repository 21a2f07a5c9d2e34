/** Calls to Temporal that end in time. Promise: its faults and silence become one error that a sender may try again on. */
import { isGrpcServiceError, type Client } from '@temporalio/client';

/** Temporal did not answer in time, or refused for now; the sender shall try again. */
export class TemporalUnavailableError extends Error {
  override readonly name = 'TemporalUnavailableError';
}

/** Turns transport faults and timeouts into {@link TemporalUnavailableError}; other errors pass unchanged. */
export async function withDeadline<T>(client: Client, ms: number, work: () => Promise<T>): Promise<T> {
  try {
    return await client.connection.withDeadline(Date.now() + ms, work);
  } catch (error) {
    if (isUnavailable(error)) throw new TemporalUnavailableError('Temporal did not answer in time');
    throw error;
  }
}

/** gRPC codes that say nothing about the request itself: deadline, exhausted, aborted, unavailable, internal, unknown. */
const PASSING_CODES = [1, 2, 4, 8, 10, 13, 14];

/** A run takes so many signals and no more; the next one, which it goes on in, takes new ones. */
const FULL_RUN = /exceeded workflow execution limit for signal/i;

function isUnavailable(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isGrpcServiceError(cause)) return PASSING_CODES.includes(cause.code) || FULL_RUN.test(cause.details);
    if (cause.name === 'GrpcServiceError' || /deadline|connect/i.test(cause.message)) return true;
  }
  return false;
}
