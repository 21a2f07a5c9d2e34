/**
 * Notes, messages and files between ticket and work order: what makes them due, and which step comes next. Promise: they
 * come after everything that moves the order itself, and only the newest visit takes in anything new. Source: interface,
 * section 8.
 */

import type { OrderEvent } from '../../src/domain/order-event';
import type { Dispatch } from './state';
import { bringFiles, leftOutIsDue, noteLeftOut, readDeliverables, uploadFile } from './talk-files';
import { readMessages, writeMessage } from './talk-in';
import { postEntry, readEntries } from './talk-out';
import {
  bringStep,
  canTalk,
  closeReading,
  deliverablesStep,
  entryStep,
  fileStep,
  hasRoom,
  hasRoomForFiles,
  isOrderOver,
  isSeen,
  laneIsReady,
  messagesStep,
  messageStep,
  NOTE_LEFT_OUT,
  READ_ENTRIES,
  soon,
  takeTicketFiles,
  talkAfter,
  tellCounts,
} from './talk-state';
import type { TicketLook } from '../../src/contract/ticket-calls';
import type { DispatchMemory, Visit } from '../../src/contract/memory';
import type { Talk } from '../../src/contract/conversation';

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
  const talk = (visit.talk ??= talkOfNext(memory, upTo));
  takeTicketFiles(talk, look.files);
  if (look.updatedAt === null || look.updatedAt <= talk.through) return;
  if (!wanted.entries && !wanted.files) {
    // What was written while it was switched off was not written for the other side.
    talk.since = talk.through = look.updatedAt;
    talk.outDue = null;
    dispatch.unblock(READ_ENTRIES);
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

/** The visits before read no further. */
function talkOfNext({ visits }: DispatchMemory, upTo: string): Talk {
  const talk = talkAfter(visits.at(-2) ?? null, upTo);
  for (const { talk: earlier } of visits) if (earlier) closeReading(earlier);
  return talk;
}

/**
 * An event that tells of a message or a file; one of our own message tells nothing new. Every event shows how many there
 * are, so that the next one of any kind makes up for one that never came.
 */
export function hearEvent(dispatch: Dispatch, visit: Visit, event: OrderEvent): void {
  const { talk } = visit;
  if (!talk || visit !== dispatch.newest || visit.stage === 'ended') return;
  const { name, status, messageId, at, counts } = event;
  const { gather } = dispatch.policy.talk;
  const more = tellCounts(talk, counts ?? { messages: null, files: null });
  const isPost = name === 'workorder.message_posted';
  if (isPost && at !== null && at > (talk.messageAt ?? '')) talk.messageAt = at;
  const known = messageId !== undefined && isSeen(messageId, talk.heard);
  if ((isPost && !known) || more.messages) talk.inDue = soon(dispatch, talk.inDue, gather);
  // The config may want them since the last look: the read itself knows, and makes no call when it doesn't.
  const wanted = visit.rules?.talk?.deliverables === true && (status === 'work-done' || more.files);
  if (name === 'workorder.provider_upload' || wanted) talk.bringDue = soon(dispatch, talk.bringDue, gather);
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
  if (!canTalk(visit) && visit.stage !== 'ended') return null;
  const isGone = dispatch.memory.known?.gone === true;
  const isEnded = visit.stage === 'ended';
  const free = <T>(items: T[], name: (item: T) => string): T | undefined =>
    items.find((item) => !dispatch.isBlocked(name(item)));
  /** What goes to a ticket that is gone waits for nobody: the step lets go of it. */
  const freeForTicket = <T>(items: T[], name: (item: T) => string): T | undefined =>
    isGone ? items[0] : free(items, name);
  /** Of an order that is over it is tried once more, and then let go of. */
  const due = (at: string | null, name: string): boolean =>
    at !== null && dispatch.isDue(at) && (isEnded || !dispatch.isBlocked(name));

  if (laneIsReady(dispatch, talk, 'out')) {
    const entry = free(talk.out, (item) => entryStep(visit, item));
    if (entry) return { name: entryStep(visit, entry), run: () => postEntry(dispatch, visit, talk, entry) };
    if (due(talk.outDue, READ_ENTRIES) && hasRoom(talk.out) && hasRoomForFiles(talk.files)) {
      return { name: READ_ENTRIES, run: () => readEntries(dispatch, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'in')) {
    const message = freeForTicket(talk.in, (item) => messageStep(visit, item));
    if (message) return { name: messageStep(visit, message), run: () => writeMessage(dispatch, visit, talk, message) };
    if (due(talk.inDue, messagesStep(visit)) && hasRoom(talk.in)) {
      return { name: messagesStep(visit), run: () => readMessages(dispatch, visit, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'files')) {
    const file = free(talk.files, (item) => fileStep(visit, item));
    if (file) return { name: fileStep(visit, file), run: () => uploadFile(dispatch, visit, talk, file) };
    if (leftOutIsDue(talk) && (isGone || !dispatch.isBlocked(NOTE_LEFT_OUT))) {
      return { name: NOTE_LEFT_OUT, run: () => noteLeftOut(dispatch, visit, talk) };
    }
  }
  if (laneIsReady(dispatch, talk, 'bring')) {
    const file = freeForTicket(talk.bring, (item) => bringStep(visit, item));
    if (file) return { name: bringStep(visit, file), run: () => bringFiles(dispatch, visit, talk, file) };
    if (due(talk.bringDue, deliverablesStep(visit)) && hasRoomForFiles(talk.bring)) {
      return { name: deliverablesStep(visit), run: () => readDeliverables(dispatch, visit, talk) };
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
