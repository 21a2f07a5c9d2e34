/** The pause, as the calls that may cost money see it. */
import { ApplicationFailure } from '@temporalio/common';
import type { MoneyGate } from '../src/contract/dispatching';
import type { FailureDetail } from '../src/contract/failures';
import type { Held } from '../src/contract/order-calls';

/** Null while dispatching goes on. @throws ApplicationFailure, transient and sure, when it cannot be read */
export async function pausedNow(gate: Pick<MoneyGate, 'pause'>): Promise<Held | null> {
  const { paused, reason } = await gate.pause().catch((error: unknown) => {
    throw notBegun(`Whether dispatching is paused could not be read: ${messageOf(error)}`);
  });
  return paused ? { held: 'paused', reason: reason ?? '' } : null;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Nothing was sent yet: the workflow may try again without looking. */
export function notBegun(why: string): ApplicationFailure {
  const detail: FailureDetail = {
    reason: 'unavailable',
    detail: why,
    remedy: 'None: it is tried again.',
    unsure: false,
    retryAfterMs: null,
    status: null,
  };
  return ApplicationFailure.create({ type: 'UpstreamUnavailable', message: why, details: [detail] });
}
