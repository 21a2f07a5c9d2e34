/** Reads what a failed activity said, so that steps can decide on it. */
import { ActivityFailure, ApplicationFailure, isCancellation } from '@temporalio/workflow';

import type { Attention } from '../src/contract/dispatch';
import type { FailureDetail, StepFailure } from '../src/contract/failures';

const UNKNOWN: StepFailure = {
  type: null,
  reason: 'ambiguous',
  detail: 'The attempt ended without an answer',
  remedy: 'None: it is looked up.',
  unsure: true,
  retryAfterMs: null,
  status: null,
};

/** Cancellation and what is no activity's failure pass on unchanged. */
export function stepFailure(error: unknown): StepFailure {
  if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  const cause = error.cause;
  if (!(cause instanceof ApplicationFailure)) return UNKNOWN;
  const detail = cause.details?.[0] as FailureDetail | undefined;
  if (detail && typeof detail === 'object' && 'remedy' in detail) return { ...detail, type: cause.type ?? null };
  // A fault of our own code: surely of no use to repeat at once, and never to be taken for an upstream's word.
  const remedy = 'Deskbridge itself failed here, and its log says more. Retry after it is put right.';
  return { ...UNKNOWN, type: cause.type ?? null, detail: cause.message, remedy };
}

/** The failure as what a person is asked to mend; `reason` of a call that never got an answer is `ambiguous`. */
export function attentionOf(error: unknown): Attention {
  const { reason, detail, remedy } = stepFailure(error);
  return { reason, detail, remedy };
}
