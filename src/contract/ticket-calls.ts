/** What the activities on the ticket take and give: plain JSON that stands in histories. */
import type { Prints } from '../domain/order-update';
import type { MappedStart, MappingProblem } from '../domain/mapping';
import type { NewsKey, StatusKey } from '../domain/status';
import type { TicketSight } from '../domain/trigger';
import type { OwnWrite } from '../domain/known-ticket';
import type { FileRef } from '../domain/files';
import type { TicketChange, Spared } from '../domain/ticket-change';
import type { VisitFacts } from './dispatch';
import type { EffectInput, EffectDecision } from './effect-calls';

/** What a look shall map for. */
export interface PlanInput {
  correlationId: string;
  visit: number;
  /** The order exists: only what differs from this is wanted. */
  since?: {
    sent: Prints;
    refused: Prints;
    /** The start that the order got last, as the plan or change told it; null when nobody knows. */
    start: MappedStart | null;
  };
}

/** What an existing order lacks: the top-level keys to send, each whole. */
export interface OrderChange {
  patch: Record<string, unknown>;
  prints: Prints;
  problems: MappingProblem[];
  /** The most that the pay can come to, in USD; null: it cannot be bounded. */
  cost: number | null;
  start: MappedStart | null;
}

/** What the mapping reads of the ticket, as far as it shows without embeds. */
export interface TicketContent {
  print: string;
  /** Status and tags are compared with what is known, since Deskbridge writes them too. */
  readsStatus: boolean;
  readsTags: boolean;
}

export interface LookInput {
  account: string;
  ticketId: number;
  /** Nothing is remembered of this ticket: whether it matched before the account could dispatch is asked as well. */
  first: boolean;
  /** Map the ticket for this visit as well; null when only the ticket's state is wanted (cheaper: no includes). */
  plan: PlanInput | null;
}

/** The rules of the config at the time of the look. Durations in ms. */
export interface LookRules {
  afterCreate: 'draft' | 'publish' | 'route';
  /** Field Nation provider ids for `route`. */
  routeTo: number | number[] | null;
  /** How long providers have before the order is offered to the marketplace; absent: for ever. */
  routedFor?: number;
  /** Why the ticket names nobody to route to; absent when it does, or nobody asks. */
  routeProblem?: MappingProblem;
  onTicketClosed: { unassigned: LossChoice; assigned: LossChoice };
  onTicketMerged: 'ask' | 'keep';
  onTriggerRemoved: LossChoice;
  createPatienceMs: number;
  patienceMs: number;
  /** What costs more, in USD, waits for a person's yes; null: nothing does. */
  payAbove: number | null;
  /** Which attention is told to the ticket's agent at once. */
  ticketNote: 'off' | 'mapping' | 'all';
  /** Whether the ticket names its work order. */
  hasLinkField: boolean;
  /** What goes back and forth beside the order itself. */
  conversation: { entries: boolean; files: boolean; deliverables: boolean };
  /** Statuses of the work order that write to the ticket without reading it before. */
  writes: (StatusKey | NewsKey)[];
  /** News that does something to the ticket; other news is only recorded. */
  news: NewsKey[];
}

/** What becomes of an order whose ticket was closed or left the rule. */
export type LossChoice = 'cancel' | 'ask' | 'keep';

/** What would be created: the mapped payload, or what keeps it from being mapped. */
export interface DispatchPlan {
  payload: Record<string, unknown>;
  problems: MappingProblem[];
  /** Of every value in the payload, so that later only what changed is sent. */
  prints: Prints;
  /** The most that the pay can come to, in USD; null: it cannot be bounded. */
  cost: number | null;
  start: MappedStart | null;
  /** Nothing is missing but what Freshdesk fills in by itself a moment after a ticket's birth. */
  mayComeByItself: boolean;
}

export interface TicketLook {
  sight: TicketSight;
  /** When Freshdesk last changed the ticket, ISO 8601; null when it didn't say. */
  updatedAt: string | null;
  createdAt: string | null;
  /** When somebody wrote on the ticket last; null where that was not asked, or there is too much to tell. */
  lastEntryAt: string | null;
  /** When an earlier run last saw the ticket without a trigger; absent where that is not known, or nobody wrote anything. */
  unmatchedAt?: string;
  rules: LookRules;
  plan: DispatchPlan | null;
  /** What an existing order lacks of the ticket; null unless the look asked for it. */
  update: OrderChange | null;
  /** What the mapping reads of the ticket; null when the ticket is gone. */
  content: TicketContent | null;
  /** The ticket's own attachments, when they are wanted. */
  files: FileRef[];
  /** Trigger statuses in the config that the account does not have. */
  unknownStatuses: string[];
  /** It matched when the account could first dispatch, and its trigger has not gone since; null: not known yet; false unless asked. */
  matchedBefore: boolean | null;
  /** Requesters of one group share a turn in the queues: too large a group to tell anybody by. Absent when the ticket is gone. */
  group?: string;
  /** The parent ticket, where its progress is to be shown; absent otherwise. */
  parentId?: number;
  /** What people know the visit by, as far as this look tells; absent when the ticket is gone. */
  facts?: Partial<VisitFacts>;
}

export interface UpdateTicketInput extends TicketChange {
  ticketId: number;
  /** The status that was seen last, and when the ticket had changed last by then: a second attempt tells by it whether the first one was carried out. */
  seen?: { status: number | null; at: string | null };
}

/** A status that probably writes to the ticket: what it does is decided and written by one call. */
export interface WriteEffectInput extends Pick<UpdateTicketInput, 'seen'> {
  effect: EffectInput;
  spared: Spared;
  /** The note may be written along with the change: it surely is not written yet. */
  withNote?: boolean;
}

export interface EffectWritten {
  decision: EffectDecision;
  /** What of it was written, and what came of that; null when there was nothing to write, or not without the ticket. */
  change: TicketChange | null;
  written: TicketWritten | null;
  /** The note that went along, or null. Then `noteTried` says whether it may be written all the same. */
  noted: WrittenNote | null;
  noteTried: boolean;
}

export interface TicketWritten {
  write: OwnWrite;
  updatedAt: string | null;
  /** When an earlier attempt, whose answer is missing, had set the status; null: this one did, or nobody. */
  statusSetAt: string | null;
}

export interface AddNoteInput {
  ticketId: number;
  /** HTML; its last line holds the marker. */
  body: string;
  /** Words that stand in this note and no other. */
  marker: string;
  /** Look for the marker first even on the first attempt: an earlier try may have written the note. */
  lookFirst: boolean;
}

/** `createdAt` by Freshdesk's clock: by it our own change of the ticket is known. */
export interface WrittenNote {
  noteId: number | null;
  createdAt: string | null;
}

/** Whether the ticket was closed because it was merged into another. */
export interface ReadMergeInput {
  account: string;
  ticketId: number;
  /** When it was closed, as far as known. */
  closedAt: string | null;
}

export interface MergeRead {
  mergedInto: number | null;
}

export interface LinkInput {
  ticketId: number;
  workOrderId: number;
}

export interface Linked {
  updatedAt: string | null;
  status: number | null;
  tags: string[];
}

/** Whether the ticket has the effect of an order that was taken over already. */
export interface OwnEffectInput {
  ticketId: number;
  correlationId: string;
  /** When the work was done, by Field Nation's clock. */
  at: string | null;
}

export interface OwnEffectRead {
  /** A note of ours about it is there. */
  noted: boolean;
  /** Somebody has set the ticket's status since. */
  changedSince: boolean;
}
