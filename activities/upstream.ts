/** Runs one upstream call inside an activity: errors become failures, and a 429 holds back every call of this process. */
import { activityInfo, ApplicationFailure, cancellationSignal } from '@temporalio/activity';
import { QuotaWait } from '../src/clients/quota-wait';
import { UpstreamError, type UpstreamSystem } from '../src/clients/upstream-error';
import { forTheWorkflow, toFailure, waitAfter429, waitAfterOutage } from './failures';
import type { FailureDetail } from '../src/contract/failures';
import { WORKFLOW_TYPES } from '../src/contract/names';

/** Until when nothing may be sent to a system. One instance per system and process. */
export interface HoldBack {
  /** The rest of the wait in ms; 0 when calls may go out. */
  heldFor(): number;
  hold(ms: number): void;
}
export type HoldBacks = Record<UpstreamSystem, HoldBack>;

/** Calls `call` with the activity's cancellation signal; throws what `failures.ts` makes of its error. */
export type Upstream = <T>(system: UpstreamSystem, call: (signal: AbortSignal) => Promise<T>) => Promise<T>;

export function createUpstream(holdBacks: HoldBacks): Upstream {
  return async (system, call) => {
    const wait = holdBacks[system].heldFor();
    if (wait > 0) throw heldBack(system, wait);
    try {
      return await call(cancellationSignal());
    } catch (error) {
      if (error instanceof QuotaWait) throw heldBack(system, error.waitMs);
      if (!(error instanceof UpstreamError)) throw error;
      const { attempt, scheduledTimestampMs } = activityInfo();
      const failure = toFailure(error, waitAfterOutage(attempt, Date.now() - scheduledTimestampMs));
      if (endsSoon(failure)) throw forTheWorkflow(failure, error);
      if (error.status === 429) holdBacks[error.system].hold(failure.nextRetryDelay as number);
      throw failure;
    }
  };
}

/** A dispatch goes on with something else meanwhile, and tries again by itself: nothing of it may hang on one call. */
const DISPATCH_ATTEMPTS = 3;

function endsSoon({ type }: ApplicationFailure): boolean {
  const { attempt, workflowType } = activityInfo();
  return (
    type === 'UpstreamUnavailable' && attempt >= DISPATCH_ATTEMPTS && workflowType === WORKFLOW_TYPES.ticketDispatch
  );
}

function heldBack(system: UpstreamSystem, wait: number): ApplicationFailure {
  // Never sent: the quota is known to be used up.
  const retryAfterMs = waitAfter429(wait);
  const detail: FailureDetail = {
    reason: 'rejected',
    detail: `The quota of ${system} is used up`,
    remedy: 'None: it is tried again when the quota allows.',
    unsure: false,
    retryAfterMs,
    status: 429,
  };
  return ApplicationFailure.create({
    type: 'RateLimited',
    message: `${detail.detail}; waiting ${Math.round(retryAfterMs / 1000)} s`,
    details: [detail],
    nextRetryDelay: retryAfterMs,
  });
}
