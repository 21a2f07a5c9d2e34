/**
 * Many tickets that a person dispatches at once: the list that is kept, and what its run and its activities say. All plain
 * JSON. Source: interface, section 8, *In bulk*.
 */
import type { AttentionReason } from './dispatch';
import type { BulkWord } from './memory';

/** Where a ticket of the list stands. */
export type TicketStage =
  /** Not read yet. */
  | 'unread'
  /** Would be dispatched; `asks`: and then wait for a person's yes to its pay; `problem`: and wait, as it cannot be mapped. */
  | 'ready'
  | 'asks'
  | 'problem'
  /** Its visit was asked for, and has no published order yet. */
  | 'begun'
  | 'dispatched'
  /** Its visit waits for a person. */
  | 'attention'
  | 'left-out'
  | 'failed';

/**
 * One ticket in the form that the run carries, so that thousands stay small: its number, the newest visit that it had when it
 * was read, its stage, the most that its pay can come to in USD (null: no bound, or not known), the place of the reason among
 * `whys` (null: none).
 */
export type BatchTicket = [
  ticketId: number,
  after: number,
  stage: TicketStage,
  cost: number | null,
  why: number | null,
];

/**
 * `finding` and `reading` make the list, `listed` waits for a person's yes, `stopped` for one to go on. At the end `done`,
 * `expired` (nobody said yes in time) or `refused` (there is no list, and `refusal` says why).
 */
export type BatchStage = 'finding' | 'reading' | 'listed' | 'running' | 'stopped' | 'done' | 'expired' | 'refused';

export interface BatchRefusal {
  /** What was asked for cannot be done in this form; false: it could not be done now. */
  isUsage: boolean;
  detail: string;
}

/** How many tickets stand where. */
export type BatchCounts = Record<TicketStage, number>;

/** Answer of the query `dispatchBatch`. */
export interface BatchView {
  stage: BatchStage;
  total: number;
  counts: BatchCounts;
  /** Why no further ticket is begun, when dispatching is paused; null: it is not, as far as is known. */
  paused: string | null;
  refusal: BatchRefusal | null;
}

/** Answer of the query `dispatchBatchList`, and with the view the result of the run. */
export interface BatchList {
  tickets: BatchTicket[];
  /** Reasons in words, each once. */
  whys: string[];
}

export interface BatchMemory extends BatchList {
  schema: 1;
  stage: BatchStage;
  refusal: BatchRefusal | null;
  /** Next page of the search. */
  page: number;
  paused: string | null;
  /** When each of those that are under way was begun, by ticket; ISO 8601. */
  begunAt: Record<string, string>;
}

/** Waits and limits of the run; durations in ms. */
export interface BatchPolicy {
  /** How long a list waits for a yes, or to be gone on with. */
  waits: number;
  /** First and longest wait between two looks at the visits that were begun. */
  look: { first: number; most: number };
  /** A run continues as new after so many answers. */
  turnsPerRun: number;
}

/** Argument of the workflow `dispatchBatch`. */
export interface DispatchBatchInput {
  account: string;
  name: string;
  /** In Freshdesk's search language, without quotes around it; or the tickets by number. */
  of: { query: string } | { tickets: number[] };
  /** Tickets whose visit is over get their next one. */
  nextVisit: boolean;
  policy: BatchPolicy;
  /** Only from a run that continued as new. */
  carried?: BatchMemory;
}

/** One page of Freshdesk's search; `total` of all pages. */
export interface FoundTickets {
  total: number;
  ticketIds: number[];
}

export interface ReadForBatch {
  account: string;
  ticketId: number;
  nextVisit: boolean;
}

/** What dispatching a ticket would come to. */
export interface ReadTicket {
  stage: Extract<TicketStage, 'ready' | 'asks' | 'problem' | 'left-out'>;
  after: number;
  cost: number | null;
  why: string | null;
}

/** Argument of one step: visits to ask for, and those under way to look at. */
export interface BatchStepInput {
  begin: { ticketId: number; word: BulkWord }[];
  watch: { ticketId: number; after: number }[];
  /** Stands in the timelines as who asked for the visit. */
  by: string;
}

export interface BatchStepAnswer {
  /** Dispatching is paused, and why: nothing was begun. */
  paused: string | null;
  begun: number[];
  ended: {
    ticketId: number;
    stage: Extract<TicketStage, 'dispatched' | 'attention' | 'left-out' | 'failed'>;
    why: string | null;
  }[];
}

/** What is known of a ticket's dispatch without asking its run. `visit`: the newest one, 0 when it never had any. */
export interface BatchStanding {
  visit: number;
  /** `none`: nothing is under way. `over`: nor any more. `unreadable`: there is a run, and no key at hand reads it. */
  is: 'none' | 'beginning' | 'open' | 'waiting' | 'over' | 'unreadable';
  attention: AttentionReason | null;
}
