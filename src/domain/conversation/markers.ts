/**
 * How a note of the ticket and a message of the work order name each other. Promise: what Deskbridge carried over is told
 * by its whole last line and nothing else, so that a repeat finds it and it is never carried back. Source: interface,
 * section 8; Field Nation contract 10; Freshdesk contract 7.
 */
import { ownParts, parseCorrelationId } from '../correlation';
import { cutText, readable } from '../text/plain';

export { cutText };

/** What Field Nation takes in one message; its own limit is not documented. */
export const MESSAGE_LIMIT = 10_000;

/** A note or a public reply of the ticket. */
export type EntryKind = 'note' | 'reply';

/** The last line of a message that an entry became: a person's, or one of our own making, whose id is negative. */
export const messageMarker = (correlationId: string, kind: EntryKind, entryId: number): string =>
  `[${correlationId} ${kind} ${entryId}]`;

/** The last line of a note of ours, `what` being the message, the files or the effect that it tells of. */
export const noteMarker = (correlationId: string, what: string): string => `Deskbridge ${correlationId} ${what}`;

export const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';

/** True when the text ends with exactly this line. */
export const endsWithLine = (text: string, line: string): boolean => lastLine(text) === line;

/** Who is said to have written a message of the work order; null where Field Nation doesn't say. */
export interface MessageAuthor {
  id: number | null;
  role: string | null;
}

/**
 * The entry that a message of ours carries, null for everybody else's: the marker must be one of this very order, and the
 * author not a provider nor, once our own number is known (`self`), anybody else. Anybody can copy a marker.
 */
export function carriedEntry(
  text: string,
  author: MessageAuthor,
  correlationId: string,
  self: number | null,
): number | null {
  const [, id, entry] = /^\[(\S+) (?:note|reply) (-?\d+)\]$/.exec(lastLine(text)) ?? [];
  if (id !== correlationId || /provider/i.test(author.role ?? '')) return null;
  return self === null || author.id === null || author.id === self ? Number(entry) : null;
}

/** True when the last line is a marker of one of our notes on this ticket. It proves nothing by itself: anybody can copy it. */
export function hasNoteMarker(text: string, account: string, ticketId: number): boolean {
  const [, id] = /^Deskbridge (\S+) \S/.exec(lastLine(text)) ?? [];
  return ownParts(account, id ?? null)?.ticketId === ticketId;
}

/** Where the rest of an entry is, told from its marker. */
function restOf(marker: string): string {
  const [, id = '', kind] = /^\[(\S+) (note|reply) \d+\]$/.exec(marker) ?? [];
  const ticket = parseCorrelationId(id)?.ticketId;
  return ticket === undefined ? '' : `the rest of this ${kind} is in Freshdesk ticket ${ticket}`;
}

/** A message: who wrote, what, and the marker; the text gives way when it is too long, and says where its rest is. */
export function messageText(head: string, text: string, marker: string): string {
  const room = MESSAGE_LIMIT - head.length - marker.length - 4;
  return `${readable(head)}\n${cutText(readable(text), room, restOf(marker))}\n\n${marker}`;
}

/** Limits of what one read hands over: it enters history and, waiting, what a run carries. */
export const MOST_ENTRIES = 10;
const MOST_BYTES = 48_000;

/** As many of the entries, in their order, as may be taken at once; at least one. */
export function firstEntries<T>(entries: readonly T[], sizeOf: (entry: T) => number): T[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += sizeOf(entry);
    return index >= MOST_ENTRIES || (index > 0 && bytes > MOST_BYTES);
  });
  return end < 0 ? [...entries] : entries.slice(0, end);
}
