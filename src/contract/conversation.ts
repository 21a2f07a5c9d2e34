/** What is remembered of notes, messages and files between ticket and work order. */
import type { EntryKind } from '../domain/conversation/markers';
import type { FileRef } from '../domain/files';
import type { ReadCounts } from '../domain/conversation/counts';

/** Where the reading of a ticket's conversations stands. */
export interface ReadPosition {
  /** From 1; pages hold 100, oldest first. */
  page: number;
  /** The page was not read before: nothing known is expected on it. */
  fresh: boolean;
  /** The newest entry that was judged; 0 and null when there is none. */
  lastId: number;
  lastAt: string | null;
}

/** A person's note or reply. */
export interface TicketEntry {
  id: number;
  kind: EntryKind;
  /** Who wrote, in words. */
  head: string;
  text: string;
}

/** `page` is where the file's entry stands. */
export type EntryFile = FileRef & { page: number };

/** Numbers that were judged before: those in the list, and all up to `floor`. */
export interface SeenBefore {
  seen: number[];
  floor: number;
}

export interface SeenMessages extends SeenBefore {
  /** Our own number in Field Nation; null until a post of ours has shown it. */
  self: number | null;
  /** Nobody wanted what was written until then, by Field Nation's clock; null: everything. ISO 8601. */
  unwantedUntil: string | null;
}

/** Somebody's message in the work order. */
export interface OrderMessage {
  id: number;
  author: string;
  role: string | null;
  text: string;
  isReply: boolean;
}

export const LANES = ['out', 'in', 'files', 'bring'] as const;

export type Lane = (typeof LANES)[number];

/**
 * A thing to carry over; `tried` says that an earlier try may have succeeded unseen, `from` on which page of the ticket's
 * conversations its note can stand at the earliest.
 */
export type Pending<T> = T & { tried: boolean; from?: number };

export interface VisitConversation {
  /** The ticket's `updated_at` when the visit began: what is not newer than that is older than the visit. */
  since: string;
  /** Up to which `updated_at` of the ticket its entries are surely known. */
  through: string;
  /** The newest `updated_at` seen, and when it was first seen by our clock. */
  changedAt: string;
  changeSeenAt: string;
  /** Creation time of our newest note by Freshdesk's clock; null when there is none. */
  ownNoteAt: string | null;
  /** Notes of ours that were not read back yet. */
  ownNotes: number[];
  /** When the entries are to be read; null: nothing to read. The same for messages and deliverables. */
  outDue: string | null;
  inDue: string | null;
  bringDue: string | null;
  position: ReadPosition;
  /** Field Nation did not take it for the provider: `staffOnly`. */
  out: Pending<TicketEntry & { staffOnly: boolean }>[];
  in: Pending<OrderMessage>[];
  messagesSeen: SeenMessages;
  /** Messages and files that were there at the last read, and the most that an event or a sweep has shown. */
  countsRead: Required<ReadCounts>;
  countsSeen: Required<ReadCounts>;
  /** When the newest message was posted, as far as events say, by Field Nation's clock. */
  messageAt: string | null;
  /** `unfetched` counts the tries at which the file itself could not be had. */
  files: Pending<FileRef & { page: number | null; unfetched?: number }>[];
  /** Of the ticket itself. */
  filesSeen: SeenBefore;
  /** Of the work order's `Documents`. */
  folderId: number | null;
  leftOut: { id: number; name: string; why: string }[];
  /** So many of them an unanswered note has told of, 0: none; and from which page on it may stand. */
  leftOutTried: number;
  leftOutFrom: number;
  /** `batch` names the note that it was tried with. One that could not be had gets a note of its own. */
  bring: Pending<FileRef & { linksOnly: boolean; batch: number | null; unfetched?: number }>[];
  brought: SeenBefore;
  /** Failed tries in a row of a lane, and when the next may come. */
  waits: Partial<Record<Lane, { failures: number; notBefore: string }>>;
}
