/**
 * What a visit remembers of notes, messages and files: plain, bounded, carried by continue-as-new. Each of the four lanes
 * (out, in, files, bring) waits on its own, so that none holds up another or the order itself.
 */

import type { FileRef } from '../files';
import type { TalkCounts } from '../talk-counts';
import { isTransient, isUnsure, type StepFailure } from '../../contract/failures';
import type { Visit } from '../../contract/memory';
import { block, unblock } from '../dispatch/blocks';
import type { Dispatch } from '../dispatch/dispatch';
import { isOrderOver } from '../dispatch/stages';
import { LANES, type Lane, type Talk, type EntryFile, type SeenBefore } from '../../contract/conversation';

/** Names of the steps, as attention shows them. */
export const READ_ENTRIES = 'talk-out';
export const messagesStep = (visit: Visit): string => `talk-in ${visit.number} read`;
export const deliverablesStep = (visit: Visit): string => `files read ${visit.number}`;
export const NOTE_LEFT_OUT = 'files left-out';
type Numbered = { id: number };
export const entryStep = (visit: Visit, { id }: Numbered): string => `talk-out ${visit.number} ${id}`;
export const messageStep = (visit: Visit, { id }: Numbered): string => `talk-in ${visit.number} ${id}`;
export const fileStep = (visit: Visit, { id }: Numbered): string => `files ${visit.number} ${id}`;
export const bringStep = (visit: Visit, { id }: Numbered): string => `files bring ${visit.number} ${id}`;

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

/** The order exists and its first steps are done. */
export const canTalk = (visit: Visit): boolean => visit.stage === 'open' && visit.workOrderId !== null;

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

/** More is there than was read, whichever event or sweep tells so. */
export function tellCounts({ told, known }: Talk, counts: TalkCounts): { messages: boolean; files: boolean } {
  told.messages = Math.max(told.messages, counts.messages ?? 0);
  told.files = Math.max(told.files, counts.files ?? 0);
  return { messages: told.messages > known.messages, files: told.files > known.files };
}

/** Whether another read may be taken in; what waits for a person must not fill the memory. */
export const hasRoom = (texts: readonly { text: string }[]): boolean =>
  texts.length < MOST.queue && texts.reduce((sum, { text }) => sum + text.length, 0) < MOST.text;

export const laneIsReady = (dispatch: Dispatch, talk: Talk, lane: Lane): boolean =>
  dispatch.isDue(talk.waits[lane]?.notBefore ?? null);

/** What {@link laneFailed} held up goes on: its step needs no person, and its lane waits for nothing. */
export function laneWent(dispatch: Dispatch, talk: Talk, { lane, step }: { lane: Lane; step: string }): void {
  delete talk.waits[lane];
  unblock(dispatch, step);
}

/** The other side has spoken: trying again later is of no use by itself. */
export const isRefused = (failure: StepFailure): boolean => !isTransient(failure);

/** Again later when the other side could not take it now, else a person; says whether a call may have had its effect. */
export function laneFailed(
  dispatch: Dispatch,
  talk: Talk,
  { lane, step, summary }: { lane: Lane; step: string; summary: string },
  failure: StepFailure,
): boolean {
  const unsure = isUnsure(failure);
  if (isRefused(failure)) {
    block(dispatch, step, failure, `${summary} (${failure.status ?? 'no answer'})`);
    return unsure;
  }
  laneWaits(dispatch, talk, lane, failure.retryAfterMs);
  return unsure;
}

/** The next try of the lane comes later with each failed one. */
export function laneWaits(dispatch: Dispatch, talk: Talk, lane: Lane, atLeast: number | null): void {
  const failures = (talk.waits[lane]?.failures ?? 0) + 1;
  const { first, most } = dispatch.policy.backoff;
  const wait = Math.max(Math.min(first * 2 ** (failures - 1), most), atLeast ?? 0);
  talk.waits[lane] = { failures, notBefore: dispatch.at(wait) };
}

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
