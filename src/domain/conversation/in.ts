/**
 * What others write in the work order becomes private notes of the ticket. Promise: several events close together need one
 * read, an event of our own message none, each message becomes one note.
 */
import type { OrderMessage, Pending } from '../../contract/conversation';
import type { MessagesRead } from '../../contract/conversation-calls';
import { unblock } from '../dispatch/blocks';
import { wroteNote } from './notice';
import { hasRoom, markSeen, soon } from './state';
import { entryStep, messagesStep, messageStep, type AnswerOf, type Outcome, type StepOf } from './steps';
import { stepFailed, stepWent, takeOrderRead, type Place } from './waits';

export function readMessagesStep({ visit, conversation }: Place): StepOf<'read-messages'> {
  const { workOrderId, correlationId } = visit;
  return {
    ...{ kind: 'read-messages', name: messagesStep(visit), visit: visit.number, ids: [] },
    input: workOrderId === null ? null : { correlationId, workOrderId, messagesSeen: conversation.messagesSeen },
    trouble: 'Reading the messages of the work order failed',
  };
}

export function evolveReadMessages(
  place: Place,
  step: StepOf<'read-messages'>,
  outcome: Outcome<AnswerOf<'read-messages'>>,
  begun: number,
): void {
  const { dispatch, conversation } = place;
  const answer = takeOrderRead(place, step, outcome, { due: 'inDue', begun, lost: 'Messages not read' });
  if (answer === null) return;
  if (answer === 'off') {
    // What nobody wanted is not passed on later either.
    conversation.messagesSeen.unwantedUntil = conversation.messageAt ?? dispatch.at();
    conversation.countsRead.messages = conversation.countsSeen.messages;
    return;
  }
  conversation.countsRead.messages = Math.max(answer.count ?? 0, conversation.countsSeen.messages);
  takeMessages(place, answer);
}

/** Takes in what a read, or the answer to a post, brought. */
export function takeMessages({ dispatch, visit, conversation }: Place, read: MessagesRead): void {
  const messages = hasRoom(conversation.in) ? read.messages : [];
  const all = messages.length === read.messages.length && !read.more;
  // In their order: one of ours must not count as seen before an older one of somebody else.
  markSeen(conversation, [...(all ? read.ours : []), ...messages.map(({ id }) => id)]);
  conversation.messagesSeen.self = read.self;
  conversation.in.push(...messages.map((message) => ({ ...message, tried: false })));
  // An entry that turns out to be in the work order already needs no second post.
  const carried = conversation.out.filter(({ id }) => read.carried.includes(id));
  unblock(dispatch, ...carried.map((entry) => entryStep(visit, entry)));
  conversation.out = conversation.out.filter((entry) => !carried.includes(entry));
  if (!all) conversation.inDue = soon(dispatch, conversation.inDue, 0);
}

export function writeMessageStep(
  { dispatch, visit, conversation }: Place,
  { tried, from = conversation.position.page, ...message }: Pending<OrderMessage>,
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
  const { dispatch, conversation } = place;
  const message = conversation.in.find(({ id }) => step.ids.includes(id));
  if (!message) return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') dispatch.memory.look.wanted = true;
    if (stepFailed(place, step, outcome.failure)) Object.assign(message, { tried: true, from: step.input?.from });
    return;
  }
  conversation.in = conversation.in.filter((other) => other !== message);
  stepWent(place, step);
  const note = (what: string): void => dispatch.note(what, `message ${message.id}`, message.text);
  if (outcome.kind === 'not called') return note('Not written: the ticket is gone');
  if (outcome.answer === 'off') return;
  note('Private note written');
  wroteNote(dispatch, outcome.answer);
}
