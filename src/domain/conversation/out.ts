/**
 * What people write on the ticket becomes messages of the work order. Promise: read only when the ticket has changed, each
 * entry once; an entry that needs a person holds up no other, and none goes to an order that is over.
 */
import type { Pending, TicketEntry, VisitConversation } from '../../contract/conversation';
import type { EntriesRead, PostedEntry } from '../../contract/conversation-calls';
import { unblock } from '../dispatch/blocks';
import { isAssigned } from '../status';
import { takeMessages } from './in';
import { soon, takeEntryFiles } from './state';
import { entryStep, fileStep, READ_ENTRIES, type Outcome, type StepOf } from './steps';
import { stepFailed, stepWent, type Place } from './waits';

export function readEntriesStep({ dispatch, visit, conversation }: Place): StepOf<'read-entries'> {
  const { account, ticketId } = dispatch;
  return {
    ...{ kind: 'read-entries', name: READ_ENTRIES, visit: visit.number, ids: [] },
    input: { account, ticketId, since: conversation.since, own: conversation.ownNotes, ...conversation.position },
    trouble: 'Reading notes and replies failed',
  };
}

/** Once nothing is left, the ticket is known up to the last look at it. */
export function evolveReadEntries(
  place: Place,
  step: StepOf<'read-entries'>,
  outcome: Outcome<EntriesRead>,
  begun: number,
): void {
  const { dispatch, conversation } = place;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type !== 'NotFound') return void stepFailed(place, step, outcome.failure);
    conversation.outDue = null;
    unblock(dispatch, step.name);
    dispatch.memory.look.wanted = true;
  }
  if (outcome.kind !== 'answered') return;
  const { entries, files, more, ...position } = outcome.answer;
  stepWent(place, step);
  conversation.position = position;
  conversation.out.push(...entries.map((entry) => ({ ...entry, tried: false, staffOnly: false })));
  takeEntryFiles(conversation, files);
  // Notes that were read back will not be looked at again.
  conversation.ownNotes = conversation.ownNotes.filter((id) => id > position.lastId);
  // Freshdesk's times have whole seconds: only a read after the second has ended has seen all of it.
  const settled = Date.parse(conversation.changeSeenAt) + dispatch.policy.conversation.gather;
  if (more) conversation.outDue = soon(dispatch, null, 0);
  else if (begun < settled) conversation.outDue = new Date(settled).toISOString();
  else {
    conversation.outDue = null;
    conversation.through = conversation.changedAt;
  }
}

export function postEntryStep(
  { visit, conversation }: Place,
  { tried, staffOnly, from: _from, ...entry }: Pending<TicketEntry & { staffOnly: boolean }>,
): StepOf<'post-entry'> {
  const { workOrderId, correlationId, status } = visit;
  const assigned = status !== null && isAssigned(status.key);
  return {
    ...{ kind: 'post-entry', name: entryStep(visit, entry), visit: visit.number, ids: [entry.id] },
    input:
      workOrderId === null
        ? null
        : {
            ...{
              correlationId,
              workOrderId,
              entry,
              staffOnly,
              lookFirst: tried,
              assigned,
              messagesSeen: conversation.messagesSeen,
            },
          },
    trouble: `Posting ${entry.kind} ${entry.id} was refused`,
  };
}

export function evolvePostEntry(place: Place, step: StepOf<'post-entry'>, outcome: Outcome<PostedEntry>): void {
  const { dispatch, conversation } = place;
  const entry = conversation.out.find(({ id }) => step.ids.includes(id));
  if (!entry) return;
  if (outcome.kind === 'failed') {
    // Nobody may be assigned any more: the staff at least shall read it.
    if (outcome.failure.type === 'InvalidRequest' && !entry.staffOnly) entry.staffOnly = true;
    else if (stepFailed(place, step, outcome.failure)) entry.tried = true;
    return;
  }
  conversation.out = conversation.out.filter((other) => other !== entry);
  stepWent(place, step);
  if (outcome.kind === 'not called' || outcome.answer === 'off') return;
  const { audience, count } = outcome.answer;
  dispatch.note('Message posted', `${entry.kind} ${entry.id}, for the ${audience}`, entry.text);
  conversation.countsRead.messages = Math.max(count ?? 0, conversation.countsRead.messages + 1);
  takeMessages(place, outcome.answer);
}

export const hasOut = ({ out, files, outDue }: VisitConversation): boolean =>
  out.length + files.length > 0 || outDue !== null;

/** Nothing goes to an order that is over. */
export function dropOut({ dispatch, visit, conversation }: Place): void {
  const entries = conversation.out.map((entry) => entryStep(visit, entry));
  unblock(dispatch, READ_ENTRIES, ...entries, ...conversation.files.map((file) => fileStep(visit, file)));
  const count = conversation.out.length + conversation.files.length;
  if (count > 0) dispatch.note('Not passed on', `${count} notes and files: the work order is over`);
  conversation.out = [];
  conversation.files = [];
  conversation.outDue = null;
}
