/**
 * The dispatch as operators see it: states, attention, and the object that the query `dispatch`,
 * `GET /api/dispatches/:ticket` and the command line show. Source: interface, section 5.
 */

/** Every state a dispatch can be in; `DeskbridgeState` holds one of them. */
export const DISPATCH_STATES = [
  'starting',
  'creating',
  'dispatched',
  'assigned',
  'on-site',
  'work-done',
  'completed',
  'cancelled',
  'skipped',
  'attention',
] as const;
export type DispatchState = (typeof DISPATCH_STATES)[number];

/** Why a dispatch waits for a person; `DeskbridgeAttention` holds one of them. */
export const ATTENTION_REASONS = [
  'unauthorized',
  'rejected',
  'mapping',
  'not-found',
  'conflict',
  'decision',
  'ambiguous',
  'approval',
  'unavailable',
] as const;
export type AttentionReason = (typeof ATTENTION_REASONS)[number];

/** What only a person can mend. `detail` is the cause, `remedy` the setting or field to mend and the next step. */
export interface Attention {
  reason: AttentionReason;
  detail: string;
  remedy: string;
}

/** One line of a dispatch's history. `at` is ISO 8601 in UTC. */
export interface TimelineEntry {
  at: string;
  what: string;
  detail: string | null;
  /** What a note or message says; absent otherwise. Only pages, `show` and the API repeat it. */
  said?: string;
}

/** What people know a visit by; null: not known. `start` as it was sent: in UTC, or the time at the site without a zone. */
export interface VisitFacts {
  subject: string | null;
  site: string | null;
  technician: string | null;
  start: string | null;
  pay: string | null;
}

/** How a visit goes in the field, by Field Nation's clock; null: not told. */
export interface VisitCourse {
  /** By when somebody is to come: the end of the arrival window, or the start as it was at the check-in. ISO 8601. */
  dueAt: string | null;
  /** The first check-in, ISO 8601. */
  arrivedAt: string | null;
  /** How often an assignment was called off, and how often a problem was reported. */
  backOuts: number;
  problems: number;
}

/** Absent values are null, times ISO 8601 in UTC, `timeline` oldest first and bounded. */
export interface DispatchView {
  ticketId: number;
  account: string;
  visit: number;
  state: DispatchState;
  correlationId: string;
  workOrderId: number | null;
  workOrderStatus: string | null;
  attention: Attention | null;
  waitingFor: string | null;
  /** Filled by the API and the command line from the engine's pending activities; null in the bare query. */
  nextAttemptAt: string | null;
  timeline: TimelineEntry[];
  links: { ticket: string; workOrder: string | null; workflow: string | null };
}

/** A dispatch in a list: the same object without its timeline. */
export type DispatchSummary = Omit<DispatchView, 'timeline'>;
