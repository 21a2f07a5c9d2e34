/**
 * Steps: what others write in the work order becomes private notes of the ticket. Promise: several events close together
 * need one read, an event of our own message none, each message becomes one note.
 */

import { fieldNationOnce, freshdeskOnce, inTurn } from '../proxies';
import { stepFailure } from '../step-failure';
import { wroteNote } from '../../src/domain/conversation/notice';
import { unblock } from '../../src/domain/dispatch/blocks';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import {
  entryStep,
  hasRoom,
  hear,
  isRefused,
  laneFailed,
  laneWent,
  messagesStep,
  messageStep,
  soon,
} from '../../src/domain/conversation/state';
import type { MessagesRead, OrderMessage, Pending, Talk } from '../../src/contract/conversation';
import type { Visit } from '../../src/contract/memory';

/** Takes in what a read, or the answer to a post, brought. */
export function takeHeard(dispatch: Dispatch, visit: Visit, talk: Talk, read: MessagesRead): void {
  const messages = hasRoom(talk.in) ? read.messages : [];
  const all = messages.length === read.messages.length && !read.more;
  // In their order: one of ours must not count as heard before an older one of somebody else.
  hear(talk, [...(all ? read.ours : []), ...messages.map(({ id }) => id)]);
  talk.heard.self = read.self;
  talk.in.push(...messages.map((message) => ({ ...message, tried: false })));
  // An entry that turns out to be in the work order already needs no second post.
  for (const entry of talk.out.filter(({ id }) => read.carried.includes(id)))
    unblock(dispatch, entryStep(visit, entry));
  talk.out = talk.out.filter(({ id }) => !read.carried.includes(id));
  if (!all) talk.inDue = soon(dispatch, talk.inDue, 0);
}

export async function readMessages(dispatch: Dispatch, visit: Visit, talk: Talk): Promise<void> {
  const { workOrderId, correlationId } = visit;
  const step = messagesStep(visit);
  const done = (): void => {
    laneWent(dispatch, talk, { lane: 'in', step });
    talk.inDue = null;
  };
  if (workOrderId === null) return done();
  const { told } = talk;
  try {
    const read = await inTurn(fieldNationOnce, dispatch.memory.group).readMessages({
      correlationId,
      workOrderId,
      heard: talk.heard,
    });
    done();
    if (read === 'off') {
      // What nobody wanted to hear is not passed on later either.
      talk.heard.deafUntil = talk.messageAt ?? dispatch.at();
      talk.known.messages = told.messages;
      return;
    }
    talk.known.messages = Math.max(read.count ?? 0, told.messages);
    takeHeard(dispatch, visit, talk, read);
  } catch (error) {
    const failure = stepFailure(error);
    if (isRefused(failure) && visit.stage === 'ended') {
      // Often a deleted order: nobody could mend that, and there is nothing left to decide.
      done();
      dispatch.note('Messages not read', 'The work order is over and cannot be read');
      return;
    }
    const summary = 'Reading the messages of the work order failed';
    laneFailed(dispatch, talk, { lane: 'in', step, summary }, failure);
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
    laneWent(dispatch, talk, { lane: 'in', step: messageStep(visit, message) });
    if (what !== null) dispatch.note(what, `message ${message.id}`, message.text);
  };
  if (memory.known?.gone) return done('Not written: the ticket is gone');
  const { tried, from = talk.position.page, ...carried } = message;
  try {
    const written = await inTurn(freshdeskOnce, dispatch.memory.group).writeMessage({
      ...{ ticketId, correlationId: visit.correlationId, message: carried, lookFirst: tried, from },
    });
    done(written === 'off' ? null : 'Private note written');
    if (written !== 'off') wroteNote(dispatch, written);
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.look.wanted = true;
    const summary = `Writing message ${message.id} to the ticket was refused`;
    const step = messageStep(visit, message);
    if (laneFailed(dispatch, talk, { lane: 'in', step, summary }, failure))
      Object.assign(message, { tried: true, from });
  }
}
