/**
 * What a dispatch can do: one call each, and what came of it. Promise: a step is plain data that says everything the call
 * needs; how the call is made and let go of is decided by its kind alone.
 */
import type { DispatchCalls } from '../../contract/calls';
import type { StepFailure, UpstreamSystem } from '../../contract/failures';

/** How a call may end before its answer. */
export type Manner =
  /** Only reads: let go of as soon as a person, or a proof, says something new. */
  | 'read'
  /** Changes the ticket: let go of when a person cancels; others then wait until its attempt must have ended. */
  | 'write'
  /** The same, and not for a new run: what it wrote unseen would be taken for a person's change. */
  | 'write-through'
  /** Changes the work order, may be repeated. */
  | 'update'
  /** Money: one attempt; taken back while it waits in its queue, never once it has begun. */
  | 'once'
  /** Calls no system: pure rules over the config of today, or a word to another run. */
  | 'rules';

interface Kind {
  call: keyof DispatchCalls;
  system: UpstreamSystem;
  manner: Manner;
  /** What it does, as attention and `waitingFor` name it. */
  what: string;
}

const kind = <Call extends keyof DispatchCalls>(
  call: Call,
  system: UpstreamSystem,
  manner: Manner,
  what: string,
): Kind & { call: Call } => ({ call, system, manner, what });

export const KINDS = {
  'fetch-ticket': kind('fetchTicket', 'freshdesk', 'read', 'Reading the ticket'),
  'read-merge': kind('readMerge', 'freshdesk', 'read', 'Reading whether the ticket was merged'),
  'read-link': kind('readWorkOrder', 'field-nation', 'read', 'Reading the linked work order'),
  'find-own': kind('findWorkOrders', 'field-nation', 'read', 'Asking for work orders of this ticket'),
  'find-unsure': kind('findWorkOrders', 'field-nation', 'read', 'Looking for the work order of the unanswered create'),
  create: kind('createWorkOrder', 'field-nation', 'once', 'Creating the work order'),
  'delete-draft': kind('deleteDraft', 'field-nation', 'update', 'Deleting a doubled draft'),
  link: kind('linkTicket', 'freshdesk', 'write', 'Writing the work order number to the ticket'),
  publish: kind('publishWorkOrder', 'field-nation', 'once', 'Publishing the work order'),
  cancel: kind('cancelWorkOrder', 'field-nation', 'once', 'Cancelling the work order'),
  check: kind('readWorkOrder', 'field-nation', 'read', 'Reading the work order'),
  update: kind('updateWorkOrder', 'field-nation', 'update', 'Updating the work order'),
  'read-own-effect': kind('readOwnEffect', 'freshdesk', 'read', 'Reading what the ticket already says'),
  'write-effect': kind('writeEffect', 'freshdesk', 'write-through', 'Updating the ticket'),
  'plan-effect': kind('planEffect', 'freshdesk', 'rules', 'Deciding what the status does'),
  'plan-effect-with-ticket': kind('planEffectWithTicket', 'freshdesk', 'read', 'Reading the ticket'),
  'change-ticket': kind('updateTicket', 'freshdesk', 'write-through', 'Updating the ticket'),
  'effect-note': kind('addNote', 'freshdesk', 'write', 'Writing the private note'),
  'agent-note': kind('addNote', 'freshdesk', 'write', 'Writing the private note'),
  'tell-parent': kind('tellParent', 'freshdesk', 'rules', 'Telling the parent ticket'),
} as const;

export type StepKind = keyof typeof KINDS;
type CallOf<K extends StepKind> = DispatchCalls[(typeof KINDS)[K]['call']];

export type InputOf<K extends StepKind> = Parameters<CallOf<K>>[0];
export type AnswerOf<K extends StepKind> = Awaited<ReturnType<CallOf<K>>>;

/** The name under which a step waits: only what has this name waits with it. */
export type StepName =
  | 'ticket'
  | 'plan'
  | 'approval'
  | 'ownership'
  | 'find'
  | 'create'
  | 'link'
  | 'publish'
  | 'cancel'
  | 'check'
  | 'update'
  | 'merge'
  | 'agent-note'
  | 'parent'
  | `change ${string}`
  | `note ${string}`;

export interface StepOf<K extends StepKind> {
  kind: K;
  name: StepName;
  input: InputOf<K>;
  /** The visit that it is about, by number; null: the ticket. */
  visit: number | null;
  /** The effect that it is part of, by `seq`. */
  effect?: number;
}

export type Step = { [K in StepKind]: StepOf<K> }[StepKind];

/** What came of a call. `let go`: nobody waited for its answer; with `once` it surely was not made. */
export type Outcome<T> =
  { kind: 'answered'; answer: T } | { kind: 'failed'; failure: StepFailure } | { kind: 'let go' };

/** Questions to a person that no call is behind; a retry answers the first with "keep". */
export const DECISION = 'decision';
/** The ticket names a work order that is not known as ours. */
export const LINK_QUESTION = 'link-question';
/** A change of pay or site of an open order. */
export const CHANGE_APPROVAL = 'change-approval';
/** Whether to send somebody again; another visit answers them. */
export const SWEPT_QUESTION = 'visit';
export const LATE_QUESTION = 'visit-late';
