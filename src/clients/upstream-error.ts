/** The one error that the upstream clients throw. It never carries a token, a key or a full URL. */
import type { CallExchange, UpstreamSystem } from '../contract/failures';

export type { UpstreamSystem };

/**
 * How far a call got:
 * `not-sent` surely without effect (refused, unresolved, no token); `no-answer` sent, outcome unknown (timeout, reset);
 * `answered` an HTTP status came; `unreadable` a 2xx whose body could not be understood: done, but what?
 */
export type UpstreamPhase = 'not-sent' | 'no-answer' | 'answered' | 'unreadable';

/** One complaint of a 400 or 409, e.g. `{ field: 'custom_fields.cf_x', message: 'Mandatory attribute missing', code: 'missing_field' }`. */
export interface UpstreamFieldError {
  field: string | null;
  message: string;
  code: string | null;
  /** Freshdesk 409: the record that holds the value. */
  holderId: number | null;
}

export interface UpstreamErrorInit {
  system: UpstreamSystem;
  phase: UpstreamPhase;
  /** HTTP status, null when no answer came. */
  status: number | null;
  /** The upstream's own code, e.g. `invalid_credentials`, `VALIDATION_ERROR`. */
  code: string | null;
  /** In words, without secrets; what the upstream said where it said something. */
  message: string;
  /**
   * From `Retry-After` (seconds or date), else from the body where the upstream says it there; in ms, not negative and
   * not capped; null when missing or unreadable.
   */
  retryAfterMs: number | null;
  /** The upstream's request or correlation id, to name in a support case. */
  requestId: string | null;
  /** What the upstream itself says about repeating the call; null when it says nothing. */
  retryable?: boolean | null;
  errors?: UpstreamFieldError[];
  /** For operators; absent: nothing was sent. */
  exchange?: CallExchange;
  /** What was called, without query: `POST /workorders/{id}/publish`. */
  call: string;
}

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly system: UpstreamSystem;
  readonly phase: UpstreamPhase;
  readonly status: number | null;
  readonly code: string | null;
  readonly retryAfterMs: number | null;
  readonly requestId: string | null;
  readonly retryable: boolean | null;
  readonly errors: UpstreamFieldError[];
  readonly call: string;
  readonly exchange: CallExchange | null;

  constructor(init: UpstreamErrorInit) {
    super(init.message);
    this.system = init.system;
    this.phase = init.phase;
    this.status = init.status;
    this.code = init.code;
    this.retryAfterMs = init.retryAfterMs;
    this.requestId = init.requestId;
    this.retryable = init.retryable ?? null;
    this.errors = init.errors ?? [];
    this.call = init.call;
    this.exchange = init.exchange ?? null;
  }
}
