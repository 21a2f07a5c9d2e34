/**
 * The sweep that finds what no webhook told: its input, its result and what it keeps from one run to the next. All plain
 * JSON; the result of a run is what the next one begins with.
 */
import type { UpstreamSystem } from './failures';
import type { KnownStatus } from '../domain/status';
import type { UnseenTicket } from '../domain/sweep/unseen';
import type { ReadCounts } from '../domain/conversation/counts';

/** What a sweep can set right: labels of the metric. */
export type SweepRepair = 'ticket-told' | 'dispatch-started' | 'order' | 'draft' | 'retry' | 'taken-over';

/** Argument of `reconcile`. Durations in ms. */
export interface ReconcileInput {
  account: string;
  /** Tickets changed before this are nobody's business: the moment the schedule was made first. ISO 8601. */
  since: string;
  /** The settings; a sweep may use a tenth of them. */
  callsPerMinute: { freshdesk: number; fieldNation: number };
  interval: number;
  /** How old a draft without an owner must be before it is called one; the default leaves a create its time. */
  orphanAfter?: number;
}

/** Argument of `resync`: the orders of one ticket, or all that changed since a moment (ISO 8601). */
export interface ResyncInput {
  account: string;
  callsPerMinute: ReconcileInput['callsPerMinute'];
  of: { orders: number[] } | { since: string };
  carried?: { marks: ReconcileMarks; result: ResyncResult };
}

/** What was looked at, and how many dispatches were told that something differs. */
export interface ResyncResult {
  tickets: number;
  orders: number;
  told: number;
  /** There was more to look at than the minute's share of the quota. */
  unfinished: boolean;
}

/** What a dispatch leaves in its memo, so that nobody has to ask it. Times are those of the upstream's clock. */
export interface DispatchSync {
  /** `updated_at` of the ticket at the last look, and after the last write of our own. */
  lookedAt: string | null;
  writtenAt: string | null;
  /** What is known of the ticket. */
  status: number | null;
  matches: boolean;
  gone: boolean;
  /** Work orders of visits that are not final. */
  orders: OpenOrder[];
}

/** With the messages and files that were read of it. */
export interface OpenOrder extends KnownStatus, ReadCounts {
  id: number;
}

/** Where the list of changed tickets goes on: all that changed before `since` is done. */
export interface ListMark {
  since: string;
  /** More than 1 only while more tickets than a page holds changed in the same second. */
  page: number;
  /** The sweep before had to stop here, in the middle of a walk: where and when that began, the latter by our clock. */
  midway?: { since: string; begun: string };
  /** The pages of that second are read once more, backwards; then the list goes on at `to`, or has come to its end. */
  back?: { to: string | null };
}

export const TICKET_LISTS = ['changed', 'deleted', 'spam'] as const;
export type TicketList = (typeof TICKET_LISTS)[number];

export interface ReconcileMarks {
  schema: 1;
  /** The `since` of the first sweep of all: it outlives the schedule. */
  begin: string;
  /** Begin of the sweep, and the calls it left over. */
  at: string;
  left: { freshdesk: number; fieldNation: number };
  tickets: Record<TicketList, ListMark> & {
    /** With which list the next sweep begins; absent: the first. */
    first?: TicketList;
  };
  orders: {
    /** Orders up to this number were checked in this round. */
    after: number;
    /** The range of numbers that fitted into one step last. */
    width: number;
    /** A gap was found: every order is checked before the sweeps are cheap again. */
    everyOne: boolean;
    /** Another gap was found meanwhile: after this round comes another one. */
    onceMore: boolean;
    /** Our webhook as the last sweep saw it; null when it was not seen in order. */
    webhook: string | null;
    /** Newest delivery that was looked through. */
    logsUntil: string | null;
    draftsPage: number;
    /** Which of Field Nation's open lists is looked through for orders without a dispatch, and at which page. */
    openList: number;
    openPage: number;
  };
  /** Tickets whose dispatch has ended because it could not find them. */
  unseen: UnseenTicket[];
  /** Dispatches that were ended from outside before then have a new run. */
  endedBefore: string;
  /** Keys of findings that were told already, the oldest first: a finding is told once. */
  told: string[];
  /** Runs that were asked to try again by the last sweep: others come first. */
  retried: string[];
}

export interface ReconcileResult {
  /** Tickets and work orders that were brought to their dispatch's notice. */
  mended: number;
  /** `checked`: looked at again because other changes were missed, not because this one surely was. */
  tickets: { listed: number; signalled: number; started: number; checked: number };
  orders: { checked: number; read: number; signalled: number };
  /** Orders and drafts of ours that were handed to a new run of their dispatch, up to 50 by number. */
  takenOver: number[];
  /** Tickets that could not be found when their dispatch began, and were looked for again. */
  soughtAgain: number;
  /** Dispatches that were terminated, or failed, and got a new run. */
  restarted: number;
  /** Dispatches whose memo no key at hand reads. */
  unreadable: number;
  drafts: { listed: number; signalled: number };
  retries: number;
  calls: { freshdesk: number; fieldNation: number };
  /** Systems that refused the key, or did not answer. */
  refused: UpstreamSystem[];
  unavailable: UpstreamSystem[];
  /** A budget was used up: the next sweep goes on from here. */
  unfinished: boolean;
  marks: ReconcileMarks;
}
