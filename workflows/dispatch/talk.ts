/**
 * Notes, messages and files between ticket and work order: what makes them due, and which step comes next. Promise: they
 * come after everything that moves the order itself, and only the newest visit takes in anything new. Source: interface,
 * section 8.
 */
import type { TicketLook } from '../../activities/freshdesk';
import type { OrderEvent } from '../../src/domain/order-event';
import type { Dispatch, Visit } from './state';
import { bringFiles, leftOutIsDue, noteLeftOut, readDeliverables, uploadFile } from './talk-files';
import { readMessages, writeMessage } from './talk-in';
import { postEntry, readEntries } from './talk-out';
import {
  bringStep,
  canTalk,
  closeReading,
  emptyTalk,
  entryStep,
  fileStep,
  hasRoom,
  isOrderOver,
  laneIsReady,
  messageStep,
  NOTE_LEFT_OUT,
  READ_DELIVERABLES,
  READ_ENTRIES,
  READ_MESSAGES,
  soon,
  takeFiles,
  type Talk,
} from './talk-state';

interface Step {
  name: string;
  run(): Promise<void> | void;
}

/** A look brings the ticket's own files, and tells whether somebody may have written something. */
export function noticeTicket(dispatch: Dispatch, look: TicketLook): void {
  const { memory, policy, newest: visit } = dispatch;
  const wanted = look.rules.talk;
  // A look that an older version recorded says nothing of all this: replayed, it changes nothing.
  if (!visit || !wanted || look.sight.gone || isOrderOver(visit)) return;
  const upTo = look.updatedAt ?? new Date(dispatch.now()).toISOString();
  if (!visit.talk) for (const { talk: earlier } of memory.visits) if (earlier) closeReading(earlier);
  const talk = (visit.talk ??= emptyTalk(upTo));
  takeFiles(talk, look.files);
  if (look.updatedAt === null || look.updatedAt <= talk.through) return;
  if (!wanted.entries && !wanted.files) {
    // What was written while it was switched off was not written for the other side.
    talk.since = talk.through = look.updatedAt;
    talk.outDue = null;
    return;
  }
  if (talk.sightedAt !== look.updatedAt) {
    talk.sightedAt = look.updatedAt;
    talk.sightedOn = new Date(dispatch.now()).toISOString();
  }
  // In the very second of a write of ours somebody may have written too: that is read later, together with what comes.
  const mayBeOurs = [memory.lastWriteAt, talk.ownNoteAt].includes(look.updatedAt);
  talk.outDue = soon(dispatch, talk.outDue, mayBeOurs ? policy.talk.doubt : policy.talk.gather);
}

/** An event that tells of a message or a file; one of our own message tells nothing new. */
export function hearEvent(dispatch: Dispatch, visit: Visit, { name, status, messageId }: OrderEvent): void {
  const { talk } = visit;
  if (!talk || visit !== dispatch.newest || visit.stage === 'ended') return;
  const { gather } = dispatch.policy.talk;
  if (name === 'workorder.message_posted') {
    const known = messageId !== undefined && talk.heard.seen.includes(messageId);
    if (!known) talk.inDue = soon(dispatch, talk.inDue, gather);
  }
  const mayHaveFiles = name === 'workorder.provider_upload' || status === 'work-done';
  if (mayHaveFiles && visit.rules?.talk?.deliverables) talk.bringDue = soon(dispatch, talk.bringDue, gather);
}

/** The next thing of notes, messages and files that can be done now. */
export function talkStep(dispatch: Dispatch): Step | null {
  for (const visit of dispatch.memory.visits) {
    const { talk } = visit;
    const step = talk && stepOf(dispatch, visit, talk);
    if (step) return step;
  }
  return null;
}

function stepOf(dispatch: Dispatch, visit: Visit, talk: Talk): Step | null {
  if (isOrderOver(visit) && (talk.out.length + talk.files.length > 0 || talk.outDue !== null)) {
    return { name: 'talk-over', run: () => dropOut(dispatch, visit, talk) };
  }
  // What nobody will read any more must not keep the run waiting for it.
  const isRead = visit === dispatch.newest && visit.stage !== 'ended';
  if (!isRead && [talk.outDue, talk.inDue, talk.bringDue].some((at) => at !== null)) {
    return { name: 'talk-over', run: () => void (talk.outDue = talk.inDue = talk.bringDue = null) };
  }
  if (!canTalk(visit) && visit.stage !== 'ended') return null;
  const free = <T>(items: T[], name: (item: T) => string): T | undefined =>
    items.find((item) => !dispatch.isBlocked(name(item)));
  const due = (at: string | null, name: string): boolean =>
    at !== null && dispatch.isDue(at) && !dispatch.isBlocked(name);

  if (laneIsReady(dispatch, talk, 'out')) {
    const entry = free(talk.out, (item) => entryStep(visit, item));
    if (entry) return { name: entryStep(visit, entry), run: () => postEntry(dispatch, visit, talk, entry) };
    if (due(talk.outDue, READ_ENTRIES) && hasRoom(talk.out)) {
      return { name: READ_ENTRIES, run: () => readEntries(dispatch, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'in')) {
    const message = free(talk.in, (item) => messageStep(visit, item));
    if (message) return { name: messageStep(visit, message), run: () => writeMessage(dispatch, visit, talk, message) };
    if (due(talk.inDue, READ_MESSAGES) && hasRoom(talk.in)) {
      return { name: READ_MESSAGES, run: () => readMessages(dispatch, visit, talk) };
    }
  }
  return fileStepOf(dispatch, visit, talk, free, due);
}

function fileStepOf(
  dispatch: Dispatch,
  visit: Visit,
  talk: Talk,
  free: <T>(items: T[], name: (item: T) => string) => T | undefined,
  due: (at: string | null, name: string) => boolean,
): Step | null {
  if (laneIsReady(dispatch, talk, 'files')) {
    const file = free(talk.files, (item) => fileStep(visit, item));
    if (file) return { name: fileStep(visit, file), run: () => uploadFile(dispatch, visit, talk, file) };
    if (leftOutIsDue(talk) && !dispatch.isBlocked(NOTE_LEFT_OUT)) {
      return { name: NOTE_LEFT_OUT, run: () => noteLeftOut(dispatch, visit, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'bring')) {
    const file = free(talk.bring, (item) => bringStep(visit, item));
    if (file) return { name: bringStep(visit, file), run: () => bringFiles(dispatch, visit, talk, file) };
    if (due(talk.bringDue, READ_DELIVERABLES)) {
      return { name: READ_DELIVERABLES, run: () => readDeliverables(dispatch, visit, talk) };
    }
  }
  return null;
}

/** Nothing goes to an order that is final. */
function dropOut(dispatch: Dispatch, visit: Visit, talk: Talk): void {
  for (const name of [
    READ_ENTRIES,
    ...talk.out.map((entry) => entryStep(visit, entry)),
    ...talk.files.map((file) => fileStep(visit, file)),
  ]) {
    dispatch.unblock(name);
  }
  const count = talk.out.length + talk.files.length;
  if (count > 0) dispatch.note('Not passed on', `${count} notes and files: the work order is over`);
  talk.out = [];
  talk.files = [];
  talk.outDue = null;
}
