/**
 * A person closed the ticket or took the trigger back: what the config says about the visit's work order. Promise: nothing
 * is cancelled because of a close before the conversation was read for a merge. Source: interface, section 8.
 */
import type { MergeRead, TicketLook, LossChoice } from '../../contract/ticket-calls';
import type { PendingLoss } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import { isAssigned } from '../status';
import type { Meaning } from '../ticket-meaning';
import { block, failed, isBlocked, unblock } from './blocks';
import { noticeMerge } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { DECISION, KINDS, type Outcome, type Step, type StepOf } from './steps';

/** How a person answers the question what becomes of the newest visit's order. */
export const keepOrCancel = ({ ticketId }: Dispatch): string =>
  `Run \`deskbridge cancel ${ticketId} --reason …\` to cancel the work order, or \`deskbridge retry ${ticketId}\` to keep it.`;

/** The ticket of a visit with an order is closed, gone, or out of the rule. */
export function loseOrder(
  dispatch: Dispatch,
  visit: Visit,
  look: TicketLook,
  lost: Extract<Meaning, { kind: 'lost' }>,
): void {
  const what = `Ticket ${dispatch.ticketId} was ${lost.what}`;
  // A closed ticket has nothing to say to its order: the question what becomes of it must not hide behind that.
  if (lost.how === 'closed') unblock(dispatch, 'update');
  if (visit.workOrderId === null) {
    // An unanswered create: there is nothing yet that could be kept.
    dispatch.note(`The ticket was ${lost.what}`, 'No work order is known yet; none will be created');
    visit.cancel = { reason: what, byTicket: true, onlyUnassigned: false };
    return;
  }
  const loss: PendingLoss = { what, how: lost.how, at: look.updatedAt, dueAt: dispatch.at(dispatch.policy.mergeWait) };
  const mayBeMerged = lost.how === 'closed' && look.sight.gone === null;
  if (mayBeMerged) dispatch.memory.loss = loss;
  else decide(dispatch, visit, loss, look.sight.gone === 'not-found');
}

/** What the config of the last look says; `cancel` of an unassigned order asks Field Nation first whether it still is. */
function choiceOf(
  visit: Visit,
  { how }: PendingLoss,
  isMissing: boolean,
): { choice: LossChoice; onlyUnassigned: boolean } {
  const { rules, status } = visit;
  const assigned = status !== null && isAssigned(status.key);
  const onClosed = rules?.onTicketClosed ?? { unassigned: 'ask', assigned: 'ask' };
  const byConfig =
    how === 'removed' ? (rules?.onTriggerRemoved ?? 'ask') : onClosed[assigned ? 'assigned' : 'unassigned'];
  // A key that may no longer see the tickets of a group finds them no more either, all at once.
  const choice = isMissing && byConfig === 'cancel' ? 'ask' : byConfig;
  return { choice, onlyUnassigned: how === 'closed' && !assigned && onClosed.assigned !== 'cancel' };
}

function decide(dispatch: Dispatch, visit: Visit, loss: PendingLoss, isMissing: boolean): void {
  const { choice, onlyUnassigned } = choiceOf(visit, loss, isMissing);
  decideOnLoss(dispatch, visit, loss.what, choice, onlyUnassigned);
}

/** Cancels, asks an operator, or keeps. `what` says in words what happened; `onlyUnassigned` as in the cancel activity. */
export function decideOnLoss(
  dispatch: Dispatch,
  visit: Visit,
  what: string,
  choice: LossChoice,
  onlyUnassigned = false,
): void {
  dispatch.note(what, `By the config: ${choice}`);
  if (choice === 'cancel') visit.cancel = { reason: what, byTicket: true, onlyUnassigned };
  if (choice === 'ask') ask(dispatch, visit, what);
}

function ask(dispatch: Dispatch, visit: Visit, what: string): void {
  const detail = `${what} while its work order ${visit.workOrderId ?? ''} is under way`;
  const attention = { reason: 'decision', detail, remedy: keepOrCancel(dispatch) } as const;
  block(dispatch, DECISION, attention, `${what} while its work order is under way`);
}

/** A minute after the close the conversation tells whether it was a merge. */
export function decideMerge(dispatch: Dispatch): Step | null {
  const { memory, newest: visit, account, ticketId } = dispatch;
  if (!memory.loss || !visit || !dispatch.isDue(memory.loss.dueAt) || isBlocked(dispatch, 'merge')) return null;
  return {
    kind: 'read-merge',
    name: 'merge',
    input: { account, ticketId, closedAt: memory.loss.at },
    visit: visit.number,
  };
}

export function evolveMerge(dispatch: Dispatch, _step: StepOf<'read-merge'>, outcome: Outcome<MergeRead>): void {
  const { memory, newest: visit, ticketId } = dispatch;
  const { loss } = memory;
  if (outcome.kind === 'let go' || !loss || !visit) return;
  if (outcome.kind === 'failed' && outcome.failure.type !== 'NotFound') {
    failed(dispatch, 'merge', outcome.failure, KINDS['read-merge']);
    return;
  }
  unblock(dispatch, 'merge');
  memory.loss = null;
  const mergedInto = outcome.kind === 'answered' ? outcome.answer.mergedInto : null;
  if (mergedInto === null) {
    decide(dispatch, visit, loss, false);
    return;
  }
  const what = `Ticket ${ticketId} was merged into ticket ${mergedInto}`;
  noticeMerge(dispatch, visit, mergedInto);
  if (visit.rules?.onTicketMerged === 'keep') dispatch.note(what, 'By the config: keep');
  else ask(dispatch, visit, what);
}
