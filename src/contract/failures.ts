/** How a call ended that did not succeed: what a failed activity tells the workflow. Source: style 3. */
import type { AttentionReason } from './dispatch';

export const FAILURE_TYPES = [
  'UpstreamUnavailable',
  'RateLimited',
  'Unauthorized',
  'NotFound',
  'Conflict',
  'InvalidRequest',
  'MappingProblem',
] as const;

export type FailureType = (typeof FAILURE_TYPES)[number];

/** What a failed activity tells the workflow, as the failure's only detail. */
export interface FailureDetail {
  reason: AttentionReason;
  detail: string;
  remedy: string;
  /** False when the call surely had no effect; true when nobody can know. */
  unsure: boolean;
  /** Earliest next try, in ms from the failure; null when the upstream named none. */
  retryAfterMs: number | null;
  status: number | null;
}
