/**
 * What a visit remembers of notes, messages and files: plain, bounded, carried by continue-as-new. Each of the four lanes
 * (out, in, files, bring) waits on its own, so that none holds up another or the order itself.
 */
import type { EntryFile, HeardBefore, OrderMessage, TalkPosition, TicketEntry } from '../../activities/talk';
import type { FileRef } from '../../src/domain/files';
import { isFinal } from '../../src/domain/status';
import type { StepFailure } from '../step-failure';
import type { Dispatch, Visit } from './state';

export const LANES = ['out', 'in', 'files', 'bring'] as const;
export type Lane = (typeof LANES)[number];

/** A thing to carry over; `tried` says that an earlier try may have succeeded unseen. */
export type Pending<T> = T & { tried: boolean };

/** Names of the steps, as attention shows them. */
export const READ_ENTRIES = 'talk-out';
export const READ_MESSAGES = 'talk-in';
export const READ_DELIVERABLES = 'files read';
export const NOTE_LEFT_OUT = 'files left-out';
type Numbered = { id: number };
export const entryStep = (visit: Visit, { id }: Numbered): string => `talk-out ${visit.number} ${id}`;
export const messageStep = (visit: Visit, { id }: Numbered): string => `talk-in ${visit.number} ${id}`;
export const fileStep = (visit: Visit, { id }: Numbered): string => `files ${visit.number} ${id}`;
export const bringStep = (visit: Visit, { id }: Numbered): string => `files bring ${visit.number} ${id}`;

export interface Talk {
  /** The ticket's `updated_at` when the visit began: what is not newer than that is older than the visit. */
  since: string;
  /** Up to which `updated_at` of the ticket its entries are surely known. */
  through: string;
  /** The newest `updated_at` seen, and when it was first seen by our clock. */
  sightedAt: string;
  sightedOn: string;
  /** Creation time of our newest note by Freshdesk's clock; null when there is none. */
  ownNoteAt: string | null;
  /** When the entries are to be read; null: nothing to read. The same for messages and deliverables. */
  outDue: string | null;
  inDue: string | null;
  bringDue: string | null;
  position: TalkPosition;
  /** Field Nation did not take it for the provider: `staffOnly`. */
  out: Pending<TicketEntry & { staffOnly: boolean }>[];
  in: Pending<OrderMessage>[];
  heard: HeardBefore;
  files: Pending<FileRef & { page: number | null }>[];
  filesSeen: number[];
  /** Of the work order's `Documents`. */
  folderId: number | null;
  leftOut: { id: number; name: string; why: string }[];
  /** So many of them an unanswered note has told of; 0: none. */
  leftOutTried: number;
  /** `batch` names the note that it was tried with. */
  bring: Pending<FileRef & { linksOnly: boolean; batch: number | null }>[];
  brought: number[];
  /** Failed tries in a row of a lane, and when the next may come. */
  waits: Partial<Record<Lane, { failures: number; notBefore: string }>>;
}

/** Bounds of what is remembered; the oldest goes first. */
const MOST = { heard: 200, files: 300, text: 20_000, queue: 20 };

export const emptyTalk = (since: string): Talk => ({
  ...{ since, through: since, sightedAt: since, sightedOn: since, ownNoteAt: null },
  ...{ outDue: null, inDue: null, bringDue: null, position: { page: 1, fresh: true, lastId: 0, lastAt: null } },
  ...{ out: [], in: [], heard: { seen: [], floor: 0 }, files: [], filesSeen: [], folderId: null },
  ...{ leftOut: [], leftOutTried: 0, bring: [], brought: [], waits: {} },
});

/** What only reading needs: an earlier visit reads no more, and a ticket may have many of them. */
export function closeReading(talk: Talk): void {
  talk.heard = { seen: [], floor: Math.max(talk.heard.floor, ...talk.heard.seen) };
  talk.filesSeen = [];
  talk.brought = [];
}

/** Nothing of the ticket goes to the order any more. */
export const isOrderOver = (visit: Visit): boolean =>
  visit.stage === 'ended' || (visit.status !== null && isFinal(visit.status.key));

/** The order exists and its first steps are done. */
export const canTalk = (visit: Visit): boolean => visit.stage === 'open' && visit.workOrderId !== null;

/** The earlier of what is planned and this moment. */
export function soon(dispatch: Dispatch, planned: string | null, waitMs: number): string {
  const at = new Date(dispatch.now() + waitMs).toISOString();
  return planned !== null && planned < at ? planned : at;
}

/** Remembers ids without letting the list grow for ever. */
export const remember = (known: number[], ids: readonly number[], most = MOST.files): number[] =>
  [...known, ...ids.filter((id) => !known.includes(id))].slice(-most);

export function hear(talk: Talk, ids: readonly number[]): void {
  const all = [...new Set([...talk.heard.seen, ...ids])].sort((a, b) => a - b);
  const gone = all.slice(0, -MOST.heard);
  talk.heard = { seen: all.slice(-MOST.heard), floor: Math.max(talk.heard.floor, ...gone) };
}

/** Whether another read may be taken in; what waits for a person must not fill the memory. */
export const hasRoom = (texts: readonly { text: string }[]): boolean =>
  texts.length < MOST.queue && texts.reduce((sum, { text }) => sum + text.length, 0) < MOST.text;

export const laneIsReady = (dispatch: Dispatch, talk: Talk, lane: Lane): boolean =>
  dispatch.isDue(talk.waits[lane]?.notBefore ?? null);

export function laneWent(talk: Talk, lane: Lane): void {
  delete talk.waits[lane];
}

/** Again later when the other side could not take it now, else a person; says whether a call may have had its effect. */
export function laneFailed(
  dispatch: Dispatch,
  talk: Talk,
  { lane, step, summary }: { lane: Lane; step: string; summary: string },
  failure: StepFailure,
): boolean {
  const unsure = failure.unsure || failure.type === null || failure.type === 'WorkerShutdown';
  if (!['UpstreamUnavailable', 'RateLimited', 'WorkerShutdown', null].includes(failure.type)) {
    dispatch.block(step, failure, `${summary} (${failure.status ?? 'no answer'})`);
    return unsure;
  }
  const failures = (talk.waits[lane]?.failures ?? 0) + 1;
  const { first, most } = dispatch.policy.backoff;
  const wait = Math.max(Math.min(first * 2 ** (failures - 1), most), failure.retryAfterMs ?? 0);
  talk.waits[lane] = { failures, notBefore: new Date(dispatch.now() + wait).toISOString() };
  return unsure;
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

/** A file of a note or reply, or of the ticket itself, is taken once. */
export function takeFiles(talk: Talk, files: readonly (FileRef | EntryFile)[]): void {
  const fresh = files.filter(({ id }) => !talk.filesSeen.includes(id));
  talk.filesSeen = remember(
    talk.filesSeen,
    fresh.map(({ id }) => id),
  );
  talk.files.push(...fresh.map((file) => ({ page: null, ...file, tried: false })));
}
