/** What a visit remembers of notes, messages and files. Promise: plain, bounded, carried by continue-as-new. */
import type { FileRef } from '../files';
import type { Visit } from '../../contract/visit';
import type { ConversationCounts } from './counts';
import type { Dispatch } from '../dispatch/dispatch';
import { isOrderOver } from '../dispatch/stages';
import { LANES, type EntryFile, type SeenBefore, type VisitConversation } from '../../contract/conversation';

/** Bounds of what is remembered; the oldest goes first. */
const MOST = { seen: 200, files: 300, text: 20_000, queue: 20 };

export const emptyConversation = (since: string): VisitConversation => ({
  ...{ since, through: since, changedAt: since, changeSeenAt: since, ownNoteAt: null, ownNotes: [] },
  ...{ outDue: null, inDue: null, bringDue: null, position: { page: 1, fresh: true, lastId: 0, lastAt: null } },
  ...{ out: [], in: [], messagesSeen: { seen: [], floor: 0, self: null, unwantedUntil: null }, messageAt: null },
  ...{
    countsRead: { messages: 0, files: 0 },
    countsSeen: { messages: 0, files: 0 },
    files: [],
    filesSeen: { seen: [], floor: 0 },
    folderId: null,
  },
  ...{ leftOut: [], leftOutTried: 0, leftOutFrom: 1, bring: [], brought: { seen: [], floor: 0 }, waits: {} },
});

/** Begins where the visit before stopped reading, unless its order takes nothing any more: what lies between is not lost. */
export function conversationAfter(earlier: Visit | null, since: string): VisitConversation {
  const conversation = emptyConversation(since);
  if (!earlier?.conversation || isOrderOver(earlier)) return conversation;
  const { since: began, through, changedAt, changeSeenAt, ownNoteAt, ownNotes, position } = earlier.conversation;
  return { ...conversation, ...{ since: began, through, changedAt, changeSeenAt, ownNoteAt, ownNotes, position } };
}

/** What only the newest visit needs: a ticket may have many visits. */
export function closeReading(conversation: VisitConversation): void {
  conversation.messagesSeen = { ...conversation.messagesSeen, ...allUpTo(conversation.messagesSeen) };
  conversation.brought = allUpTo(conversation.brought);
  // Should the next visit be withdrawn, this one is the newest again.
  conversation.filesSeen = allUpTo(conversation.filesSeen);
  conversation.ownNotes = [];
  conversation.outDue = null;
}

const allUpTo = ({ seen, floor }: SeenBefore): SeenBefore => ({ seen: [], floor: Math.max(floor, ...seen) });

/** The earlier of what is planned and this moment. */
export function soon(dispatch: Dispatch, planned: string | null, waitMs: number): string {
  const at = dispatch.at(waitMs);
  return planned !== null && planned < at ? planned : at;
}

/** Remembers that these numbers were judged; what no longer fits into the list is known by being lower. */
export function withSeen({ seen, floor }: SeenBefore, ids: readonly number[]): SeenBefore {
  const all = [...new Set([...seen, ...ids])].sort((a, b) => a - b);
  return { seen: all.slice(-MOST.seen), floor: Math.max(floor, ...all.slice(0, -MOST.seen)) };
}

export const isSeen = (id: number, { seen, floor }: SeenBefore): boolean => id <= floor || seen.includes(id);

export function markSeen(conversation: VisitConversation, ids: readonly number[]): void {
  conversation.messagesSeen = { ...conversation.messagesSeen, ...withSeen(conversation.messagesSeen, ids) };
}

/** More is there than was read, and no read that is planned knew of it; whichever event or sweep says so. */
export function noticeCounts(
  conversation: VisitConversation,
  counts: ConversationCounts,
): { messages: boolean; files: boolean } {
  const isMore = (of: 'messages' | 'files', planned: string | null): boolean => {
    const before = conversation.countsSeen[of];
    conversation.countsSeen[of] = Math.max(before, counts[of] ?? 0);
    return (
      conversation.countsSeen[of] > conversation.countsRead[of] &&
      (planned === null || conversation.countsSeen[of] > before)
    );
  };
  return { messages: isMore('messages', conversation.inDue), files: isMore('files', conversation.bringDue) };
}

/** What a read that began then has not seen. */
export const dueAfter = (due: string | null, begun: number): string | null =>
  due !== null && Date.parse(due) > begun ? due : null;

/** Whether another read may be taken in; what waits for a person must not fill the memory. */
export const hasRoom = (texts: readonly { text: string }[]): boolean =>
  texts.length < MOST.queue && texts.reduce((sum, { text }) => sum + text.length, 0) < MOST.text;

const hasWork = (conversation: VisitConversation): boolean =>
  conversation.out.length +
    conversation.in.length +
    conversation.files.length +
    conversation.bring.length +
    conversation.leftOut.length >
    0 || [conversation.outDue, conversation.inDue, conversation.bringDue].some((due) => due !== null);

/** True while something is still to be carried over. */
export const conversationIsPending = ({ memory }: Dispatch): boolean =>
  memory.visits.some(({ conversation }) => conversation && hasWork(conversation));

/** When something becomes due by itself; for the run's one alarm. */
export const conversationTimes = ({ memory }: Dispatch): (string | null)[] =>
  memory.visits.flatMap(({ conversation }) =>
    conversation && hasWork(conversation)
      ? [
          conversation.outDue,
          conversation.inDue,
          conversation.bringDue,
          ...LANES.map((lane) => conversation.waits[lane]?.notBefore ?? null),
        ]
      : [],
  );

/** A file of the ticket itself is shown by each look, and taken once. */
export function takeTicketFiles(conversation: VisitConversation, files: readonly FileRef[]): void {
  const fresh = files.filter(({ id }) => !isSeen(id, conversation.filesSeen));
  const ids = fresh.map(({ id }) => id);
  conversation.filesSeen = withSeen(conversation.filesSeen, ids);
  conversation.files.push(...fresh.map((file) => ({ ...file, page: null, tried: false })));
}

/** Files of notes and replies come with their entry, which is read once. */
export function takeEntryFiles(conversation: VisitConversation, files: readonly EntryFile[]): void {
  conversation.files.push(...files.map((file) => ({ ...file, tried: false })));
}

/** Entries may bring many files each: with so many waiting, no more are read. */
export const hasRoomForFiles = (files: readonly unknown[]): boolean => files.length < MOST.files;
