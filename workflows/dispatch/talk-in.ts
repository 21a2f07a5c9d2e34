/**
 * Steps: what others write in the work order becomes private notes of the ticket. Promise: several events close together
 * need one read, an event of our own message none, each message becomes one note.
 */
import type { MessagesRead, OrderMessage } from '../../activities/talk';
import { fieldNationOnce, freshdeskOnce } from '../proxies';
import { stepFailure } from '../step-failure';
import type { Dispatch, Visit } from './state';
import {
  entryStep,
  hasRoom,
  hear,
  laneFailed,
  laneWent,
  messageStep,
  READ_MESSAGES,
  soon,
  type Pending,
  type Talk,
} from './talk-state';

/** Takes in what a read, or the answer to a post, brought. */
export function takeHeard(dispatch: Dispatch, visit: Visit, talk: Talk, read: MessagesRead): void {
  const messages = visit === dispatch.newest && hasRoom(talk.in) ? read.messages : [];
  const all = messages.length === read.messages.length && !read.more;
  // In their order: one of ours must not count as heard before an older one of somebody else.
  hear(talk, [...(all ? read.ours : []), ...messages.map(({ id }) => id)]);
  talk.in.push(...messages.map((message) => ({ ...message, tried: false })));
  // An entry that turns out to be in the work order already needs no second post.
  for (const entry of talk.out.filter(({ id }) => read.carried.includes(id))) dispatch.unblock(entryStep(visit, entry));
  talk.out = talk.out.filter(({ id }) => !read.carried.includes(id));
  if (!all) talk.inDue = soon(dispatch, talk.inDue, 0);
}

export async function readMessages(dispatch: Dispatch, visit: Visit, talk: Talk): Promise<void> {
  const { workOrderId } = visit;
  if (workOrderId === null) return;
  try {
    const read = await fieldNationOnce.readMessages({ account: dispatch.account, workOrderId, heard: talk.heard });
    laneWent(talk, 'in');
    dispatch.unblock(READ_MESSAGES);
    talk.inDue = null;
    takeHeard(dispatch, visit, talk, read);
  } catch (error) {
    const failure = stepFailure(error);
    const summary = 'Reading the messages of the work order failed';
    laneFailed(dispatch, talk, { lane: 'in', step: READ_MESSAGES, summary }, failure);
  }
}

export async function writeMessage(
  dispatch: Dispatch,
  visit: Visit,
  talk: Talk,
  message: Pending<OrderMessage>,
): Promise<void> {
  const { memory, ticketId } = dispatch;
  const done = (what: string | null): void => {
    talk.in = talk.in.filter((other) => other !== message);
    laneWent(talk, 'in');
    dispatch.unblock(messageStep(visit, message));
    if (what !== null) dispatch.note(what, `message ${message.id}`);
  };
  if (memory.known?.gone) return done('Not written: the ticket is gone');
  const { tried, ...carried } = message;
  try {
    const written = await freshdeskOnce.writeMessage({
      ...{ ticketId, correlationId: visit.correlationId, message: carried, lookFirst: tried },
      from: talk.position.page,
    });
    done(written === 'off' ? null : 'Private note written');
    if (written !== 'off') wroteNote(dispatch, written.createdAt);
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.wantsLook = true;
    const summary = `Writing message ${message.id} to the ticket was refused`;
    const step = messageStep(visit, message);
    if (laneFailed(dispatch, talk, { lane: 'in', step, summary }, failure)) message.tried = true;
  }
}

/** A note of ours changes the ticket's `updated_at`: nobody else need have done so. */
export function wroteNote({ newest, memory }: Dispatch, at: string | null): void {
  memory.notedAt = at ?? memory.notedAt ?? null;
  const talk = newest?.talk;
  if (talk && at !== null && at > (talk.ownNoteAt ?? '')) talk.ownNoteAt = at;
}
