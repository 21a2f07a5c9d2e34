/**
 * Publishing and cancelling. Promise: nothing is published that is not wanted any more, and "cancelled" is said only when
 * Field Nation itself says so. Source: design 2.6; interface, section 8.
 */
import { isUnsure } from '../../contract/failures';
import type { Visit } from '../../contract/visit';
import type { OrderRef, PublishAnswer } from '../../contract/order-calls';
import { mappingAttention } from '../mapping-attention';
import { isAssigned, isOver, isWorkOver } from '../status';
import { block, failed, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { holdBack } from './hold';
import { decideOnLoss } from './loss';
import { applyStatus, believeRead, dropCancel } from './news';
import { endWithoutOrder } from './look-up';
import { move } from './stages';
import { KINDS, type Outcome, type Step } from './steps';
import { END_UNKNOWN, visitWords } from './words';

/**
 * So often publishing is put off for a look at the ticket that somebody asked for; then the look comes after it. The
 * webhooks of our own link may be two of them, each on its own.
 */
export const MOST_PUT_OFF = 5;

/** Null: there is nothing to publish any more. */
export function publishStep(dispatch: Dispatch, visit: Visit): Step | null {
  const { workOrderId, rules } = visit;
  if (workOrderId === null) return null;
  // The config may have come to say so while publishing was refused or had to wait.
  const { fellBack = false } = visit;
  if (rules?.afterCreate === 'draft' && !fellBack) {
    unblock(dispatch, 'publish');
    move(visit, 'left as a draft');
    dispatch.note('Left as a draft', `Work order ${workOrderId}`);
    return null;
  }
  if (rules?.afterCreate === 'route' && rules.routeProblem && !fellBack) {
    const summary = 'The ticket names nobody to route the work order to';
    block(dispatch, 'publish', mappingAttention([rules.routeProblem]), summary);
    return null;
  }
  return {
    kind: 'publish',
    name: 'publish',
    input: {
      workOrderId,
      how: rules?.afterCreate === 'route' && !fellBack ? 'route' : 'publish',
      ...(fellBack ? { takeBack: fellBack } : {}),
      routeTo: rules?.routeTo ?? null,
      // Only what was never answered may have been done: after a 429, reading would use up the call that publishing needs.
      readFirst: visit.publishUnsure,
      visit: visitWords(dispatch, visit),
    },
    visit: visit.number,
  };
}

export function evolvePublish(dispatch: Dispatch, visit: Visit, outcome: Outcome<PublishAnswer>): void {
  if (outcome.kind === 'let go') {
    visit.publishPutOff += 1;
    return;
  }
  if (outcome.kind === 'failed') {
    if (isUnsure(outcome.failure)) visit.publishUnsure = true;
    failed(dispatch, 'publish', outcome.failure, KINDS.publish);
    return;
  }
  const { answer } = outcome;
  if (holdBack(dispatch, visit, answer) || 'held' in answer) return;
  const { status, at, told: event = null, decided } = answer;
  if (status === 'draft') {
    stillDraft(dispatch, visit);
    return;
  }
  unblock(dispatch, 'publish');
  if (status !== null && status !== 'published' && status !== 'routed') {
    // It went on before we could know that it is out.
    move(visit, 'is out already');
    believeRead(dispatch, visit, answer);
    return;
  }
  move(visit, 'published');
  visit.times.publishedAt ??= dispatch.at();
  const isRouted = visit.rules?.afterCreate === 'route' && !visit.fellBack;
  dispatch.note(isRouted ? 'Routed' : 'Published', `Work order ${visit.workOrderId}`);
  applyStatus(dispatch, visit, { key: status ?? 'published', at }, { event, own: true, decided });
}

/** Accepted, and yet a draft: Field Nation may be slow, or hold it back. */
function stillDraft(dispatch: Dispatch, visit: Visit): void {
  const { policy } = dispatch;
  visit.publishUnsure = true;
  visit.publishTries += 1;
  visit.notBefore = dispatch.at(Math.min(policy.backoff.first * 2 ** visit.publishTries, policy.backoff.most));
  if (visit.publishTries < policy.publishTries) return;
  visit.publishTries = 0;
  block(
    dispatch,
    'publish',
    {
      reason: 'ambiguous',
      detail: `Field Nation accepted the publish of work order ${visit.workOrderId}, but the work order is still a draft`,
      remedy: 'Look at the work order in Field Nation: publish it there, or retry.',
    },
    'Published, but still a draft in Field Nation',
  );
}

/** Carries out a wanted cancellation; an order that may exist but is not known yet is looked up first. */
export function cancelStep(dispatch: Dispatch, visit: Visit): Step | null {
  const { cancel, workOrderId, status } = visit;
  if (!cancel) return null;
  if (status && isOver(status.key)) {
    dropCancel(dispatch, visit, status.key);
    return null;
  }
  if (workOrderId === null) {
    if (!visit.tried) endWithoutOrder(dispatch, visit);
    else if (visit.stage !== 'unsure') {
      visit.unsureSince ??= dispatch.at();
      move(visit, 'called off, may have an order');
    }
    return null;
  }
  const { reason, onlyUnassigned } = cancel;
  return { kind: 'cancel', name: 'cancel', input: { workOrderId, reason, onlyUnassigned }, visit: visit.number };
}

export function evolveCancel(dispatch: Dispatch, visit: Visit, outcome: Outcome<OrderRef>): void {
  const { cancel } = visit;
  if (outcome.kind === 'let go' || !cancel) return;
  if (outcome.kind === 'failed') {
    const { failure } = outcome;
    if (failure.type === 'NotFound') askAboutMissing(dispatch, visit);
    else failed(dispatch, 'cancel', failure, KINDS.cancel);
    return;
  }
  const order = outcome.answer;
  visit.cancel = null;
  unblock(dispatch, 'cancel');
  if (cancel.onlyUnassigned && order.status !== null && isAssigned(order.status)) {
    believeRead(dispatch, visit, order);
    // The work of an order that is over can neither be kept nor cancelled.
    if (isWorkOver(order.status)) return;
    decideOnLoss(dispatch, visit, cancel.reason, visit.rules?.onTicketClosed.assigned ?? 'ask');
    return;
  }
  dispatch.note('Cancelled in Field Nation', cancel.reason);
  const own = { event: order.told ?? null, own: true, keepStatus: cancel.byTicket };
  applyStatus(dispatch, visit, { key: 'cancelled', at: order.at }, own);
}

/** A 404 is what a user without sight of the order gets, too: somebody may still come. */
function askAboutMissing(dispatch: Dispatch, visit: Visit): void {
  const { ticketId } = dispatch;
  const detail = `Field Nation does not show work order ${visit.workOrderId}, ${END_UNKNOWN}`;
  const remedy = `Look in Field Nation whether somebody will come. When the work order is gone, run \`deskbridge cancel ${ticketId} --reason …\` again; when the API user lacks the right to see it, give it and retry.`;
  block(
    dispatch,
    'cancel',
    { reason: 'not-found', detail, remedy },
    'Cancelling: Field Nation does not show the work order',
  );
}
