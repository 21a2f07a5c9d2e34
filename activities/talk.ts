/**
 * Notes of the ticket and messages of the work order, read and carried over. Promise: what Deskbridge carried over itself
 * is never handed on; each write makes one call, and looks for its marker first when an earlier try may have succeeded.
 */
import type { FieldNationClient, Message } from '../src/clients/field-nation';
import type { Conversation, FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { FileRef } from '../src/domain/files';
import { escapeHtml, textToHtml } from '../src/domain/mapping/html';
import {
  cutText,
  endsWithLine,
  firstEntries,
  isOurMessage,
  isOurNote,
  MESSAGE_LIMIT,
  messageMarker,
  messageText,
  noteMarker,
  type EntryKind,
} from '../src/domain/talk';
import type { Directory } from './directory';
import type { FileLinks } from './file-links';
import { findNote, textOf, writeNote, type WrittenNote } from './own-notes';
import type { Upstream } from './upstream';

/** Where the reading of a ticket's conversations stands. */
export interface TalkPosition {
  /** From 1; pages hold 100, oldest first. */
  page: number;
  /** The page was not read before: nothing known is expected on it. */
  fresh: boolean;
  /** The newest entry that was judged; 0 and null when there is none. */
  lastId: number;
  lastAt: string | null;
}

export interface ReadEntriesInput extends TalkPosition {
  account: string;
  ticketId: number;
  /** Entries of this moment or before are older than the visit; Freshdesk's clock, ISO 8601. */
  since: string;
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

export interface EntriesRead extends TalkPosition {
  entries: TicketEntry[];
  files: EntryFile[];
  /** There is more to read at this position. */
  more: boolean;
}

/** Which messages were judged before: those in the list, and all up to `floor`. */
export interface HeardBefore {
  seen: number[];
  floor: number;
}

/** Somebody's message in the work order. */
export interface OrderMessage {
  id: number;
  author: string;
  role: string | null;
  text: string;
  isReply: boolean;
}

export interface MessagesRead {
  messages: OrderMessage[];
  /** Ids of messages of ours that were not seen before, and of the ticket's entries that they carry. */
  ours: number[];
  carried: number[];
  more: boolean;
}

export interface PostEntryInput {
  account: string;
  correlationId: string;
  workOrderId: number;
  entry: TicketEntry;
  /** A provider is assigned, as far as is known: only then can one be written to. */
  assigned: boolean;
  /** Field Nation did not take it for the provider. */
  staffOnly: boolean;
  lookFirst: boolean;
  heard: HeardBefore;
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

const PER_PAGE = 100;

/** Sources that are no entry of a person to this ticket: survey, forwarded to somebody else, shop (contract 7). */
const OTHER_SOURCES = [6, 8, 11];

const kindOf = ({ source }: Conversation): EntryKind => (source === 2 ? 'note' : 'reply');

/** Rules leave notes of their own, which nobody wrote (contract 7). */
const isByRule = (item: Conversation): boolean => typeof item.automation_id === 'number';

function headOf(item: Conversation): string {
  const who = item.incoming ? 'the requester' : 'an agent';
  const what = kindOf(item) === 'reply' ? 'Reply' : item.private ? 'Private note' : 'Public note';
  const names = item.attachments.flatMap(({ name }) => name ?? []);
  const files = names.length > 0 ? ` (${cutText(names.join(', '), 500)})` : '';
  return `${what} by ${who} in Freshdesk${files}:`;
}

interface FlatMessage extends OrderMessage {
  ours: boolean;
}

/** All messages of all threads, oldest first; one without a number cannot be told from others. */
function flat(messages: readonly Message[], account: string): FlatMessage[] {
  return messages
    .flatMap((message) => [message, ...message.replies])
    .flatMap(({ msg_id: id, parent_id: parent, from, message }) => {
      const text = message ?? '';
      const role = from?.role ?? null;
      const isOurs = isOurMessage(text, role, account);
      const author = cutText(from?.name ?? 'Somebody', 200);
      return id === null || text === '' ? [] : [{ id, author, role, text, isReply: parent !== null, ours: isOurs }];
    })
    .sort((a, b) => a.id - b.id);
}

/** What of a work order's messages is new, and what of it somebody else has written. */
function judge(messages: readonly FlatMessage[], { seen, floor }: HeardBefore): MessagesRead {
  const fresh = messages.filter(({ id }) => id > floor && !seen.includes(id));
  const ours = fresh.filter((message) => message.ours);
  const others = fresh.filter((message) => !message.ours);
  const taken = firstEntries(others, ({ text }) => text.length * 3);
  return {
    messages: taken.map(({ ours: _ours, text, ...message }) => ({ ...message, text: cutText(text, MESSAGE_LIMIT) })),
    ours: ours.map(({ id }) => id),
    carried: ours.map(({ text }) => Number(/ (\d+)\]\s*$/.exec(text)?.[1])),
    more: taken.length < others.length,
  };
}

function noteOf({ author, role, text, isReply }: OrderMessage): string {
  const who = escapeHtml(role === null ? author : `${author} (${role})`);
  return `<div><b>${isReply ? 'Reply' : 'Message'} from ${who} in Field Nation:</b></div><div>${textToHtml(text)}</div>`;
}

export interface TalkActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  directory: Directory;
  links: FileLinks;
  config: { current(): Config };
  upstream: Upstream;
}

export const createTalkActivities = (deps: TalkActivitiesDeps) => {
  const { freshdesk, fieldNation, directory, links, config, upstream } = deps;
  return {
    /** One page of what people wrote on the ticket since the position; one credit. */
    async readEntries(input: ReadEntriesInput): Promise<EntriesRead> {
      const { attachments, notes } = config.current().dispatch;
      const { account, ticketId, page, since } = input;
      const stay: EntriesRead = {
        ...{ page, fresh: input.fresh, lastId: input.lastId, lastAt: input.lastAt },
        ...{ entries: [], files: [], more: false },
      };
      if (!notes.toFieldNation && !attachments) return stay;
      return upstream('freshdesk', async (signal) => {
        const self = await directory.ownAgentId(signal);
        const { items, hasMore } = await freshdesk.listConversations(ticketId, { page, perPage: PER_PAGE }, signal);
        // Deleted entries pull those behind them to the page before.
        const gap = page > 1 && !input.fresh && !items.some(({ id }) => id <= input.lastId);
        if (gap) return { ...stay, page: page - 1, fresh: true, more: true };
        const isNew = (item: Conversation): boolean =>
          item.created_at !== null &&
          item.created_at > since &&
          (item.id > input.lastId || item.created_at > (input.lastAt ?? ''));
        const isPersons = (item: Conversation): boolean =>
          item.user_id !== self &&
          !isByRule(item) &&
          !OTHER_SOURCES.includes(item.source ?? 2) &&
          !isOurNote(textOf(item), account);
        const fresh = items.filter(isNew);
        const found = fresh.filter(isPersons).map((item) => ({
          item,
          entry: { id: item.id, kind: kindOf(item), head: headOf(item), text: cutText(textOf(item), MESSAGE_LIMIT) },
        }));
        const taken = firstEntries(found, ({ entry }) => entry.text.length * 3);
        const all = taken.length === found.length;
        const last = all ? fresh : fresh.slice(0, fresh.indexOf(taken.at(-1)!.item) + 1);
        const lastAt = last.reduce((most, { created_at: at }) => (at !== null && at > most ? at : most), '');
        const files = taken.flatMap(({ item }) => item.attachments);
        for (const file of files) links.remember(file.id, file.attachment_url);
        const onward = all && hasMore;
        return {
          entries: notes.toFieldNation ? taken.map(({ entry }) => entry) : [],
          files: attachments
            ? files.map(({ id, name, size, content_type: type }) => ({ id, name: name ?? 'file', size, type, page }))
            : [],
          page: onward ? page + 1 : page,
          fresh: onward,
          lastId: Math.max(input.lastId, ...last.map(({ id }) => id)),
          lastAt: lastAt > (input.lastAt ?? '') ? lastAt : input.lastAt,
          more: !all || hasMore,
        };
      });
    },

    /** Posts a person's entry as a message; the answer is the whole thread, so it brings what others wrote as well. */
    async postEntry(input: PostEntryInput): Promise<PostedEntry> {
      const { account, correlationId, workOrderId, entry, heard } = input;
      const { notes } = config.current().dispatch;
      if (!notes.toFieldNation) return 'off';
      const audience = notes.audience === 'provider' && input.assigned && !input.staffOnly ? 'provider' : 'staff';
      const marker = messageMarker(correlationId, entry.kind, entry.id);
      return upstream('field-nation', async (signal) => {
        if (input.lookFirst) {
          const known = flat(await fieldNation.messages(workOrderId, signal), account);
          if (known.some(({ text, ours }) => ours && endsWithLine(text, marker)))
            return { audience, ...judge(known, heard) };
        }
        const thread = await fieldNation.postMessage(
          workOrderId,
          {
            message: messageText(entry.head, entry.text || '(no text)', marker),
            type: audience === 'provider' ? 'ASSIGNEDTECH' : 'STAFF_NOTE',
          },
          signal,
        );
        return { audience, ...judge(flat(thread, account), heard) };
      });
    },

    /** What others wrote in the work order since; one call. */
    async readMessages(input: { account: string; workOrderId: number; heard: HeardBefore }): Promise<MessagesRead> {
      if (!config.current().dispatch.notes.fromFieldNation) return { messages: [], ours: [], carried: [], more: false };
      return upstream('field-nation', async (signal) =>
        judge(flat(await fieldNation.messages(input.workOrderId, signal), input.account), input.heard),
      );
    },

    /** Writes a message into the ticket as a private note. */
    async writeMessage(input: WriteMessageInput): Promise<WrittenNote | 'off'> {
      const { ticketId, correlationId, message, lookFirst, from } = input;
      if (!config.current().dispatch.notes.fromFieldNation) return 'off';
      const marker = noteMarker(correlationId, `message ${message.id}`);
      return upstream('freshdesk', async (signal) => {
        const found = lookFirst ? await findNote(freshdesk, { ticketId, marker, from }, signal) : null;
        return found ?? writeNote(freshdesk, { ticketId, body: noteOf(message), marker }, signal);
      });
    },
  };
};
