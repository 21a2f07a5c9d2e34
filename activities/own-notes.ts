/** Private notes that carry a marker as their last line, and how they are read back. */
import type { Conversation, FreshdeskClient } from '../src/clients/freshdesk';
import type { FileSource } from '../src/clients/multipart';
import { endsWithLine } from '../src/domain/conversation/markers';
import type { WrittenNote } from '../src/contract/ticket-calls';
import { htmlToText } from '../src/domain/text';

/** What a note says, line by line; Freshdesk's own plain text may run the lines together. */
export const textOf = ({ body, body_text: text }: Conversation): string =>
  body === null ? (text ?? '') : htmlToText(body);

const endsWithMarker = (item: Conversation, marker: string): boolean =>
  (item.body ?? item.body_text ?? '').includes(marker) && endsWithLine(textOf(item), marker);

export interface OwnNote {
  ticketId: number;
  /** HTML; the marker is put below. */
  body: string;
  marker: string;
  attachments?: FileSource[];
}

/** Pages of 100 that are read at most to find a note. */
const PAGES = 50;

export async function writeNote(
  freshdesk: FreshdeskClient,
  { ticketId, body, marker, attachments = [] }: OwnNote,
  signal: AbortSignal,
): Promise<WrittenNote> {
  const html = `${body}<div><small>${marker}</small></div>`;
  const note = await freshdesk.addNote(ticketId, { body: html, private: true, attachments }, signal);
  return { noteId: note.id, createdAt: note.created_at };
}

/**
 * The private note with this marker, from page `from` on: earlier ones are older than it can be, but for those that
 * deletions have pulled to the page before. One credit a page.
 */
export async function findNote(
  freshdesk: FreshdeskClient,
  { ticketId, marker, from }: { ticketId: number; marker: string; from: number },
  signal: AbortSignal,
): Promise<WrittenNote | null> {
  for (let page = Math.max(from - 1, 1); page < from + PAGES; page++) {
    const { items, hasMore } = await freshdesk.listConversations(ticketId, { page, perPage: 100 }, signal);
    const found = items.find((item) => item.private !== false && !item.incoming && endsWithMarker(item, marker));
    if (found) return { noteId: found.id, createdAt: found.created_at };
    if (!hasMore) return null;
  }
  return null;
}
