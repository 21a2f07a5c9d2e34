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

/** The sliding hour of orders has no room; see `takeOrders`. */
export const HOUR_IS_FULL = 'HourIsFull';
/** Other hosts were recorded meanwhile; see `recordUpstreams`. */
export const OTHER_HOSTS = 'OtherHosts';

export type FailureType = (typeof FAILURE_TYPES)[number];

export const SYSTEMS = ['freshdesk', 'field-nation'] as const;
export type UpstreamSystem = (typeof SYSTEMS)[number];

/** As people know them. */
export const SYSTEM_NAMES: Record<UpstreamSystem, string> = { freshdesk: 'Freshdesk', 'field-nation': 'Field Nation' };

/** What a failed activity tells the workflow, as the failure's first detail. */
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

/** What a failed call sent and what came back, masked; the failure's second detail. No rule reads it. */
export interface CallExchange {
  /** Method, path and body. */
  request: string;
  /** Status and body; null: no answer came. */
  answer: string | null;
}

/** A failure that a step can act on. `type` null: no answer at all (timed out, worker killed). */
export interface StepFailure extends FailureDetail {
  type: string | null;
}

/** A worker that was stopped in the middle of a call gives no answer either. */
const WORKER_SHUTDOWN = 'WorkerShutdown';

const TRANSIENT: readonly (string | null)[] = ['UpstreamUnavailable', 'RateLimited', WORKER_SHUTDOWN, null];

/** The other side could not take it now, or nobody knows: trying again may help. Everything else waits for a person. */
export const isTransient = ({ type }: Pick<StepFailure, 'type'>): boolean => TRANSIENT.includes(type);

/** The call may have had its effect. */
export const isUnsure = ({ type, unsure }: Pick<StepFailure, 'type' | 'unsure'>): boolean =>
  unsure || type === null || type === WORKER_SHUTDOWN;
