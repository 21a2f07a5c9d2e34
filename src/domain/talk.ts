/**
 * How a note of the ticket and a message of the work order name each other. Promise: what Deskbridge carried over is told
 * by its whole last line and nothing else, so that a repeat finds it and it is never carried back. Source: interface,
 * section 8; Field Nation contract 10; Freshdesk contract 7.
 */
import { parseCorrelationId } from './correlation';

/** What Field Nation takes in one message; its own limit is not documented. */
export const MESSAGE_LIMIT = 10_000;

/** A note or a public reply of the ticket. */
export type EntryKind = 'note' | 'reply';

/** The last line of a message that a person's entry became. */
export const messageMarker = (correlationId: string, kind: EntryKind, entryId: number): string =>
  `[${correlationId} ${kind} ${entryId}]`;

/** The last line of a note of ours, `what` being the message, the files or the effect that it tells of. */
export const noteMarker = (correlationId: string, what: string): string => `Deskbridge ${correlationId} ${what}`;

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)?.trim() ?? '';

/** True when the text ends with exactly this line. */
export const endsWithLine = (text: string, line: string): boolean => lastLine(text) === line;

/** True for a message that ends with a marker of this account's; a provider's never counts as ours. */
export function isOurMessage(text: string, role: string | null, account: string): boolean {
  const [, id] = /^\[(\S+) (?:note|reply) \d+\]$/.exec(lastLine(text)) ?? [];
  return id !== undefined && parseCorrelationId(id)?.account === account && !/provider/i.test(role ?? '');
}

/** True for a note whose last line is one of ours, whoever its author is: the key may have changed hands. */
export function isOurNote(text: string, account: string): boolean {
  const [, id] = /^Deskbridge (\S+) \S/.exec(lastLine(text)) ?? [];
  return id !== undefined && parseCorrelationId(id)?.account === account;
}

/** Whole characters only: half an emoji would make the text unreadable to some parsers. */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 1));
  return `${/[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** A message: who wrote, what, and the marker; the text gives way when it is too long. */
export function messageText(head: string, text: string, marker: string): string {
  const room = MESSAGE_LIMIT - head.length - marker.length - 4;
  return `${head}\n${cutText(text, room)}\n\n${marker}`;
}

/** Limits of what one read hands over: it enters history and, waiting, what a run carries. */
const MOST = { entries: 10, bytes: 48_000 };

/** As many of the entries, in their order, as may be taken at once; at least one. */
export function firstEntries<T>(entries: readonly T[], sizeOf: (entry: T) => number): T[] {
  let bytes = 0;
  const end = entries.findIndex((entry, index) => {
    bytes += sizeOf(entry);
    return index >= MOST.entries || (index > 0 && bytes > MOST.bytes);
  });
  return end < 0 ? [...entries] : entries.slice(0, end);
}
