/** The activities that carry notes, messages and files: what they take and give. `activities/` must provide exactly these. */
import type { FileRef } from '../domain/files';
import type { EntryFile, OrderMessage, ReadPosition, SeenBefore, SeenMessages, TicketEntry } from './conversation';
import type { WrittenNote } from './ticket-calls';

export interface ConversationCalls {
  readEntries(input: ReadEntriesInput): Promise<EntriesRead>;
  postEntry(input: PostEntryInput): Promise<PostedEntry>;
  readMessages(input: ReadMessagesInput): Promise<MessagesRead | 'off'>;
  writeMessage(input: WriteMessageInput): Promise<WrittenNote | 'off'>;
  uploadFile(input: UploadFileInput): Promise<UploadedFile>;
  noteLeftOut(input: NoteLeftOutInput): Promise<WrittenNote>;
  readDeliverables(input: ReadDeliverablesInput): Promise<DeliverablesRead | 'off'>;
  bringFiles(input: BringFilesInput): Promise<BroughtFiles>;
}

export interface ReadEntriesInput extends ReadPosition {
  account: string;
  ticketId: number;
  /** Entries of this moment or before are older than the visit; Freshdesk's clock, ISO 8601. */
  since: string;
  /** Notes that we wrote, whoever the key belonged to then. */
  own: number[];
}

export interface EntriesRead extends ReadPosition {
  entries: TicketEntry[];
  files: EntryFile[];
  /** There is more to read at this position. */
  more: boolean;
}

export interface MessagesRead {
  messages: OrderMessage[];
  /** Ids of messages of ours that were not seen before, and of the ticket's entries that they carry. */
  ours: number[];
  carried: number[];
  more: boolean;
  /** Messages of the whole order, replies included; null when only a part of them was seen. */
  count: number | null;
  self: number | null;
}

export interface ReadMessagesInput {
  correlationId: string;
  workOrderId: number;
  messagesSeen: SeenMessages;
}

export interface PostEntryInput {
  correlationId: string;
  workOrderId: number;
  entry: TicketEntry;
  /** A provider is assigned, as far as is known: only then can one be written to. */
  assigned: boolean;
  /** Field Nation did not take it for the provider. */
  staffOnly: boolean;
  lookFirst: boolean;
  messagesSeen: SeenMessages;
}

/** `off`: the config of today wants none of it. */
export type PostedEntry = 'off' | ({ audience: 'staff' | 'provider' } & MessagesRead);

export interface WriteMessageInput {
  ticketId: number;
  correlationId: string;
  message: OrderMessage;
  lookFirst: boolean;
  /** Page of the conversations that the note cannot stand before. */
  from: number;
}

export interface UploadFileInput {
  ticketId: number;
  workOrderId: number;
  correlationId: string;
  /** `page` is where the file's note or reply stands; null for one of the ticket itself. */
  file: FileRef & { page: number | null };
  /** Of the work order's `Documents`; null when it is not known yet. */
  folderId: number | null;
  lookFirst: boolean;
}

/**
 * `leftOut` says in words why the work order does not get it; `off` that the config of today wants none; `unfetched` that
 * the file could not be had this time, so that surely nothing was done.
 */
export type UploadedFile = { folderId: number | null; leftOut: string | null } | 'off' | 'unfetched';

export interface BringFilesInput {
  ticketId: number;
  workOrderId: number;
  correlationId: string;
  /** The page of the work order, for what cannot be brought. */
  href: string | null;
  files: FileRef[];
  /** The ticket did not take them. */
  linksOnly: boolean;
  lookFirst: boolean;
  from: number;
}

/** `refused`: the ticket did not take them; `unfetched` as above. */
export type BroughtFiles = WrittenNote | 'off' | 'refused' | 'unfetched';

export interface ReadDeliverablesInput {
  workOrderId: number;
  brought: SeenBefore;
}

export interface DeliverablesRead {
  /** Those that were not brought before, oldest first, so many as may be taken at once. */
  files: FileRef[];
  /** Of all that are there. */
  count: number;
  more: boolean;
}

export interface NoteLeftOutInput {
  ticketId: number;
  correlationId: string;
  workOrderId: number;
  files: { id: number; name: string; why: string }[];
  lookFirst: boolean;
  from: number;
}
