/**
 * What others write in the work order becomes private notes of the ticket. Promise: several events close together need one
 * read, an event of our own message none, each message becomes one note.
 */
import type { OrderMessage, Pending } from '../../contract/conversation';
import type { MessagesRead } from '../../contract/conversation-calls';
import { unblock } from '../dispatch/blocks';
import { wroteNote } from './notice';
import { dueAfter, hasRoom, hear, soon } from './state';
import { entryStep, messagesStep, messageStep, type AnswerOf, type Outcome, type StepOf } from './steps';
import { isRefused, stepFailed, stepWent, type Place } from './waits';

export function readMessagesStep({ visit, talk }: Place): StepOf<'read-messages'> {
  const { workOrderId, correlationId } = visit;
  return {
    ...{ kind: 'read-messages', name: messagesStep(visit), visit: visit.number, ids: [] },
    input: workOrderId === null ? null : { correlationId, workOrderId, heard: talk.heard },
    trouble: 'Reading the messages of the work order failed',
  };
}

export function evolveReadMessages(
  place: Place,
  step: StepOf<'read-messages'>,
  outcome: Outcome<AnswerOf<'read-messages'>>,
  begun: number,
): void {
  const { dispatch, visit, talk } = place;
  const isLost = outcome.kind === 'failed' && isRefused(outcome.failure) && visit.stage === 'ended';
  if (outcome.kind === 'failed' && !isLost) return void stepFailed(place, step, outcome.failure);
  stepWent(place, step);
  talk.inDue = dueAfter(talk.inDue, begun);
  // Often a deleted order: nobody could mend that, and there is nothing left to decide.
  if (isLost) dispatch.note('Messages not read', 'The work order is over and cannot be read');
  if (outcome.kind !== 'answered') return;
  const { answer } = outcome;
  if (answer === 'off') {
    // What nobody wanted to hear is not passed on later either.
    talk.heard.deafUntil = talk.messageAt ?? dispatch.at();
    talk.known.messages = talk.told.messages;
    return;
  }
  talk.known.messages = Math.max(answer.count ?? 0, talk.told.messages);
  takeMessages(place, answer);
}

/** Takes in what a read, or the answer to a post, brought. */
export function takeMessages({ dispatch, visit, talk }: Place, read: MessagesRead): void {
  const messages = hasRoom(talk.in) ? read.messages : [];
  const all = messages.length === read.messages.length && !read.more;
  // In their order: one of ours must not count as heard before an older one of somebody else.
  hear(talk, [...(all ? read.ours : []), ...messages.map(({ id }) => id)]);
  talk.heard.self = read.self;
  talk.in.push(...messages.map((message) => ({ ...message, tried: false })));
  // An entry that turns out to be in the work order already needs no second post.
  const carried = talk.out.filter(({ id }) => read.carried.includes(id));
  unblock(dispatch, ...carried.map((entry) => entryStep(visit, entry)));
  talk.out = talk.out.filter((entry) => !carried.includes(entry));
  if (!all) talk.inDue = soon(dispatch, talk.inDue, 0);
}

export function writeMessageStep(
  { dispatch, visit, talk }: Place,
  { tried, from = talk.position.page, ...message }: Pending<OrderMessage>,
): StepOf<'write-message'> {
  const { ticketId, memory } = dispatch;
  const { correlationId } = visit;
  return {
    ...{ kind: 'write-message', name: messageStep(visit, message), visit: visit.number, ids: [message.id] },
    input: memory.known?.gone ? null : { ticketId, correlationId, message, lookFirst: tried, from },
    trouble: `Writing message ${message.id} to the ticket was refused`,
  };
}

export function evolveWriteMessage(
  place: Place,
  step: StepOf<'write-message'>,
  outcome: Outcome<AnswerOf<'write-message'>>,
): void {
  const { dispatch, talk } = place;
  const message = talk.in.find(({ id }) => step.ids.includes(id));
  if (!message) return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') dispatch.memory.look.wanted = true;
    if (stepFailed(place, step, outcome.failure)) Object.assign(message, { tried: true, from: step.input?.from });
    return;
  }
  talk.in = talk.in.filter((other) => other !== message);
  stepWent(place, step);
  const told = (what: string): void => dispatch.note(what, `message ${message.id}`, message.text);
  if (outcome.kind === 'not called') return told('Not written: the ticket is gone');
  if (outcome.answer === 'off') return;
  told('Private note written');
  wroteNote(dispatch, outcome.answer);
}
