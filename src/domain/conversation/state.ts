/** What a visit remembers of notes, messages and files. Promise: plain, bounded, carried by continue-as-new. */
import type { FileRef } from '../files';
import type { TalkCounts } from '../talk-counts';
import type { Visit } from '../../contract/memory';
import type { Dispatch } from '../dispatch/dispatch';
import { isOrderOver } from '../dispatch/stages';
import { LANES, type Talk, type EntryFile, type SeenBefore } from '../../contract/conversation';

/** Bounds of what is remembered; the oldest goes first. */
const MOST = { heard: 200, files: 300, text: 20_000, queue: 20 };

export const emptyTalk = (since: string): Talk => ({
  ...{ since, through: since, sightedAt: since, sightedOn: since, ownNoteAt: null, ownNotes: [] },
  ...{ outDue: null, inDue: null, bringDue: null, position: { page: 1, fresh: true, lastId: 0, lastAt: null } },
  ...{ out: [], in: [], heard: { seen: [], floor: 0, self: null, deafUntil: null }, messageAt: null },
  ...{
    known: { messages: 0, files: 0 },
    told: { messages: 0, files: 0 },
    files: [],
    filesSeen: { seen: [], floor: 0 },
    folderId: null,
  },
  ...{ leftOut: [], leftOutTried: 0, leftOutFrom: 1, bring: [], brought: { seen: [], floor: 0 }, waits: {} },
});

/** Begins where the visit before stopped reading, unless its order takes nothing any more: what lies between is not lost. */
export function talkAfter(earlier: Visit | null, since: string): Talk {
  const talk = emptyTalk(since);
  if (!earlier?.talk || isOrderOver(earlier)) return talk;
  const { since: began, through, sightedAt, sightedOn, ownNoteAt, ownNotes, position } = earlier.talk;
  return { ...talk, ...{ since: began, through, sightedAt, sightedOn, ownNoteAt, ownNotes, position } };
}

/** What only the newest visit needs: a ticket may have many visits. */
export function closeReading(talk: Talk): void {
  talk.heard = { ...talk.heard, ...allUpTo(talk.heard) };
  talk.brought = allUpTo(talk.brought);
  // Should the next visit be withdrawn, this one is the newest again.
  talk.filesSeen = allUpTo(talk.filesSeen);
  talk.ownNotes = [];
  talk.outDue = null;
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
  return { seen: all.slice(-MOST.heard), floor: Math.max(floor, ...all.slice(0, -MOST.heard)) };
}

export const isSeen = (id: number, { seen, floor }: SeenBefore): boolean => id <= floor || seen.includes(id);

export function hear(talk: Talk, ids: readonly number[]): void {
  talk.heard = { ...talk.heard, ...withSeen(talk.heard, ids) };
}

/** More is there than was read, and no read that is planned was told so; whichever event or sweep tells it. */
export function tellCounts(talk: Talk, counts: TalkCounts): { messages: boolean; files: boolean } {
  const isMore = (of: 'messages' | 'files', planned: string | null): boolean => {
    const before = talk.told[of];
    talk.told[of] = Math.max(before, counts[of] ?? 0);
    return talk.told[of] > talk.known[of] && (planned === null || talk.told[of] > before);
  };
  return { messages: isMore('messages', talk.inDue), files: isMore('files', talk.bringDue) };
}

/** What a read that began then has not seen. */
export const dueAfter = (due: string | null, begun: number): string | null =>
  due !== null && Date.parse(due) > begun ? due : null;

/** Whether another read may be taken in; what waits for a person must not fill the memory. */
export const hasRoom = (texts: readonly { text: string }[]): boolean =>
  texts.length < MOST.queue && texts.reduce((sum, { text }) => sum + text.length, 0) < MOST.text;

const hasWork = (talk: Talk): boolean =>
  talk.out.length + talk.in.length + talk.files.length + talk.bring.length + talk.leftOut.length > 0 ||
  [talk.outDue, talk.inDue, talk.bringDue].some((due) => due !== null);

/** True while something is still to be carried over. */
export const talkIsPending = ({ memory }: Dispatch): boolean => memory.visits.some(({ talk }) => talk && hasWork(talk));

/** When something becomes due by itself; for the run's one alarm. */
export const talkTimes = ({ memory }: Dispatch): (string | null)[] =>
  memory.visits.flatMap(({ talk }) =>
    talk && hasWork(talk)
      ? [talk.outDue, talk.inDue, talk.bringDue, ...LANES.map((lane) => talk.waits[lane]?.notBefore ?? null)]
      : [],
  );

/** A file of the ticket itself is shown by each look, and taken once. */
export function takeTicketFiles(talk: Talk, files: readonly FileRef[]): void {
  const fresh = files.filter(({ id }) => !isSeen(id, talk.filesSeen));
  const ids = fresh.map(({ id }) => id);
  talk.filesSeen = withSeen(talk.filesSeen, ids);
  talk.files.push(...fresh.map((file) => ({ ...file, page: null, tried: false })));
}

/** Files of notes and replies come with their entry, which is read once. */
export function takeEntryFiles(talk: Talk, files: readonly EntryFile[]): void {
  talk.files.push(...files.map((file) => ({ ...file, tried: false })));
}

/** Entries may bring many files each: with so many waiting, no more are read. */
export const hasRoomForFiles = (files: readonly unknown[]): boolean => files.length < MOST.files;
