/** What a dispatch truly waits for now, in words. Source: interface, section 5. */
import { SYSTEM_NAMES } from '../../contract/failures';
import type { FailingCall } from '../../contract/memory';
import type { OrderStatus } from '../status';
import { conversationIsPending } from '../conversation/state';
import { momentText } from '../moments';
import type { Dispatch } from './dispatch';
import { shareWait } from './share';
import { fallBackDue } from './route-fall-back';

const failingText = ({ system, what, since, nextTry, detail }: FailingCall): string =>
  `${SYSTEM_NAMES[system]}: ${what.toLowerCase()}. It has failed since ${momentText(since)}; next try ${momentText(nextTry)}. ${detail}`;

const BY_STATUS: Partial<Record<OrderStatus, string | null>> = {
  draft: 'a person who publishes the draft in Field Nation',
  assigned: 'the technician to check in',
  confirmed: 'the technician to check in',
  'on-my-way': 'the technician to check in',
  'at-risk': 'the technician to check in',
  delayed: 'the technician to check in',
  'checked-in': 'the technician to finish the work',
  'checked-out': 'the technician to finish the work',
  'work-done': 'the approval in Field Nation',
  approved: 'the payment in Field Nation',
  paid: null,
  cancelled: null,
  postponed: 'Field Nation: the work order is postponed',
};

export function waitingFor(dispatch: Dispatch): string | null {
  const { blocked, skipped, paused, failing, ownership, loss } = dispatch.memory;
  const person = blocked.find((b) => b.nextTry === null) ?? blocked[0];
  const failingCall = failing.find((call) => call.step === person?.step) ?? failing[0];
  if (person && person.attention.reason !== 'unavailable')
    return person.nextTry === null
      ? 'a person'
      : `a person. Deskbridge also retries by itself at ${momentText(person.nextTry)}`;
  if (failingCall) return failingText(failingCall);
  if (paused) return `dispatching is paused: ${paused.reason}`;
  if (skipped !== null) return null;
  if (ownership) return 'Field Nation: whether it has a work order of this ticket';
  const visit = dispatch.newest;
  if (!visit) return 'Freshdesk: the ticket is read';
  if (visit.cancel) return 'Field Nation: the work order is cancelled';
  if (loss)
    return `Freshdesk: the closed ticket is read once more at ${momentText(loss.dueAt)}, since it may have been merged`;
  switch (visit.stage) {
    case 'plan':
    case 'approval':
      return 'Freshdesk: the ticket is read and mapped';
    case 'create':
      return 'Field Nation: the work order is created';
    case 'unsure':
      return `Field Nation: whether the unanswered create was carried out${visit.notBefore === null ? '' : `; next look ${momentText(visit.notBefore)}`}`;
    case 'link':
      return 'Freshdesk: the work order is linked to the ticket';
    case 'publish':
      return 'Field Nation: the work order is published';
    case 'ended':
      return null;
    case 'open':
      break;
  }
  if (dispatch.memory.effects.length > 0) return 'Freshdesk: the ticket is changed';
  const next = shareWait(dispatch, 'conversation');
  if (next !== null && conversationIsPending(dispatch))
    return `this ticket's share of calls: the next note, message or file goes at ${momentText(next)}`;
  const { status } = visit;
  const words = status ? BY_STATUS[status.key] : undefined;
  const due = fallBackDue(dispatch);
  if (due !== null) return `its providers in Field Nation; at ${momentText(due)} the work order is published`;
  return words === undefined ? 'a technician in Field Nation' : words;
}
