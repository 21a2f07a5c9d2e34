/**
 * Notes of the ticket and messages of the work order, read and carried over. Promise: what Deskbridge carried over itself
 * is never handed on; each write makes one call, and looks for its marker first when an earlier try may have succeeded.
 */
import type { FieldNationClient, Message } from '../src/clients/field-nation';
import type { Conversation, FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import { escapeHtml, textToHtml } from '../src/domain/mapping/html';
import {
  carriedEntry,
  cutText,
  firstEntries,
  hasNoteMarker,
  MESSAGE_LIMIT,
  MOST_ENTRIES,
  messageMarker,
  messageText,
  noteMarker,
  type EntryKind,
} from '../src/domain/conversation/markers';
import type { Directory } from './directory';
import type { FileLinks } from './file-links';
import { findNote, textOf, writeNote } from './own-notes';
import type { Upstream } from './upstream';
import type { OrderMessage, SeenMessages } from '../src/contract/conversation';
import type {
  EntriesRead,
  MessagesRead,
  PostedEntry,
  PostEntryInput,
  ReadEntriesInput,
  ReadMessagesInput,
  WriteMessageInput,
} from '../src/contract/conversation-calls';
import type { WrittenNote } from '../src/contract/ticket-calls';

const PER_PAGE = 100;

/** Pages of a thread that are read at most, newest first: what lies deeper was seen long ago. */
const MOST_PAGES = 20;

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
  authorId: number | null;
  created: string | null;
}

/** All messages of all threads, oldest first; one without a number cannot be told from others. */
function flat(messages: readonly Message[]): FlatMessage[] {
  const all = new Map<number, FlatMessage>();
  for (const { msg_id: id, parent_id: parent, from, message: text, created } of allOf(messages)) {
    if (id === null || text === null) continue;
    const author = cutText(from?.name ?? 'Somebody', 200);
    all.set(id, {
      ...{ id, author, role: from?.role ?? null, text, isReply: parent !== null },
      ...{ authorId: from?.id ?? null, created: created?.utc ?? null },
    });
  }
  return [...all.values()].sort((a, b) => a.id - b.id);
}

const allOf = (messages: readonly Message[]) => messages.flatMap((message) => [message, ...message.replies]);

const isKnown = ({ id }: FlatMessage, { seen, floor }: SeenMessages): boolean => id <= floor || seen.includes(id);

const carriedBy = ({ text, role, authorId }: FlatMessage, correlationId: string, self: number | null): number | null =>
  carriedEntry(text, { id: authorId, role }, correlationId, self);

/** What of a work order's messages is new, and what of it somebody else has written; `wanted` says whether that is to be told. */
function judge(
  thread: readonly FlatMessage[],
  correlationId: string,
  messagesSeen: SeenMessages,
  wanted: boolean,
): MessagesRead {
  const { self, unwantedUntil } = messagesSeen;
  const fresh = thread.filter((message) => !isKnown(message, messagesSeen));
  const ours = fresh.filter((message) => carriedBy(message, correlationId, self) !== null);
  const others = fresh.filter((message) => {
    const isOld = unwantedUntil !== null && message.created !== null && message.created <= unwantedUntil;
    return !isOld && !ours.includes(message);
  });
  const taken = wanted ? firstEntries(others, ({ text }) => text.length * 3) : [];
  return {
    messages: taken.map(({ id, author, role, text, isReply }) => {
      return { id, author, role, text: cutText(text, MESSAGE_LIMIT), isReply };
    }),
    ours: (wanted ? ours : fresh).map(({ id }) => id),
    carried: ours.flatMap((message) => carriedBy(message, correlationId, self) ?? []),
    more: wanted && taken.length < others.length,
    count: null,
    self,
  };
}

function noteOf({ author, role, text, isReply }: OrderMessage): string {
  const who = escapeHtml(role === null ? author : `${author} (${role})`);
  return `<div><b>${isReply ? 'Reply' : 'Message'} from ${who} in Field Nation:</b></div><div>${textToHtml(text)}</div>`;
}

export interface ConversationActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  directory: Directory;
  links: FileLinks;
  config: { current(): Config };
  upstream: Upstream;
}

export const createConversationActivities = (deps: ConversationActivitiesDeps) => {
  const { freshdesk, fieldNation, directory, links, config, upstream } = deps;

  /** Every page of an order's messages; what moves on to the next page meanwhile is seen twice, which does no harm. */
  const wholeThread = async (workOrderId: number, signal: AbortSignal): Promise<Message[]> => {
    const { messages, pages } = await fieldNation.messages(workOrderId, 1, signal);
    for (let page = 2; page <= Math.min(pages, MOST_PAGES); page++) {
      messages.push(...(await fieldNation.messages(workOrderId, page, signal)).messages);
    }
    return messages;
  };

  /** Our own notes, as far as that can be told: by author, by number and, while the key may not say whose it is, by marker. */
  const isOurs = (item: Conversation, self: number | null, { own, account, ticketId }: ReadEntriesInput): boolean => {
    if (item.user_id === self || own.includes(item.id)) return true;
    return self === null && item.private === true && !item.incoming && hasNoteMarker(textOf(item), account, ticketId);
  };

  return {
    /** One page of what people wrote on the ticket since the position; one credit. */
    async readEntries(input: ReadEntriesInput): Promise<EntriesRead> {
      const { attachments, notes } = config.current().dispatch;
      const { ticketId, page, since } = input;
      const stay: EntriesRead = {
        ...{ page, fresh: input.fresh, lastId: input.lastId, lastAt: input.lastAt },
        ...{ entries: [], files: [], more: false },
      };
      if (!notes.toFieldNation && !attachments) return stay;
      return upstream('freshdesk', async (signal) => {
        const self = await directory.ownAgentId(signal);
        const list = (at: number) => freshdesk.listConversations(ticketId, { page: at, perPage: PER_PAGE }, signal);
        const { items, hasMore } = await list(page);
        // Deleted entries pull those behind them to the page before.
        const mayHaveMoved = page > 1 && !items.some(({ id }) => id <= input.lastId);
        if (mayHaveMoved && !input.fresh) return { ...stay, page: page - 1, fresh: true, more: true };
        const before = mayHaveMoved ? (await list(page - 1)).items : [];
        const isNew = (item: Conversation): boolean =>
          item.created_at !== null &&
          item.created_at > since &&
          (item.id > input.lastId || item.created_at > (input.lastAt ?? ''));
        const isPersons = (item: Conversation): boolean =>
          !isByRule(item) && !OTHER_SOURCES.includes(item.source ?? 2) && !isOurs(item, self, input);
        const fresh = [...before.filter(({ id }) => items.every((item) => item.id !== id)), ...items].filter(isNew);
        const persons = fresh.filter(isPersons);
        const found = persons.slice(0, MOST_ENTRIES).map((item) => ({
          item,
          entry: { id: item.id, kind: kindOf(item), head: headOf(item), text: cutText(textOf(item), MESSAGE_LIMIT) },
        }));
        const taken = firstEntries(found, ({ entry }) => entry.text.length * 3);
        const all = taken.length === persons.length;
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
      const { correlationId, workOrderId, entry, messagesSeen } = input;
      const { notes } = config.current().dispatch;
      if (!notes.toFieldNation) return 'off';
      const audience = notes.audience === 'provider' && input.assigned && !input.staffOnly ? 'provider' : 'staff';
      const marker = messageMarker(correlationId, entry.kind, entry.id);
      return upstream('field-nation', async (signal) => {
        if (input.lookFirst) {
          const thread = await wholeThread(workOrderId, signal);
          const known = flat(thread);
          if (known.some((message) => carriedBy(message, correlationId, messagesSeen.self) === entry.id)) {
            const count = allOf(thread).length;
            return { audience, ...judge(known, correlationId, messagesSeen, notes.fromFieldNation), count };
          }
        }
        const message = messageText(entry.head, entry.text || '(no text)', marker);
        const type = audience === 'provider' ? 'ASSIGNEDTECH' : 'STAFF_NOTE';
        const { messages, pages } = await fieldNation.postMessage(workOrderId, { message, type }, signal);
        const thread = flat(messages);
        // The newest of these very words is the one just posted: nobody else's number can be learned.
        const self = thread.findLast(({ text }) => text.trim() === message.trim())?.authorId ?? messagesSeen.self;
        const judged = judge(thread, correlationId, { ...messagesSeen, self }, notes.fromFieldNation);
        // Newest first: where one is known, what lies behind was told of before.
        const mayHideMore = pages > 1 && !thread.some((item) => isKnown(item, messagesSeen));
        return {
          audience,
          ...judged,
          more: judged.more || mayHideMore,
          count: pages > 1 ? null : allOf(messages).length,
        };
      });
    },

    /** What others wrote in the work order since; one call a page, and seldom more than one page. */
    async readMessages({ correlationId, workOrderId, messagesSeen }: ReadMessagesInput): Promise<MessagesRead | 'off'> {
      if (!config.current().dispatch.notes.fromFieldNation) return 'off';
      return upstream('field-nation', async (signal) => {
        const thread = await wholeThread(workOrderId, signal);
        return { ...judge(flat(thread), correlationId, messagesSeen, true), count: allOf(thread).length };
      });
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
