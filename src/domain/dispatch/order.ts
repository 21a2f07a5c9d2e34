/**
 * From the plan to an order that is linked. Promise: one create per decision; an unanswered one is looked for before another;
 * the link field's stranger is asked about, never overwritten. Source: interface, section 8.
 */
import type { CreateAnswer, OwnOrder } from '../../contract/order-calls';
import { isUnsure } from '../../contract/failures';
import type { Visit } from '../../contract/visit';
import type { Linked } from '../../contract/ticket-calls';
import { adopt } from './adopt';
import { failed, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { holdBack } from './hold';
import { LOOK_BACK_MS, scheduleLookUp, settle } from './look-up';
import { askOwnership } from './ownership';
import { move } from './stages';
import { KINDS, type Outcome, type Step } from './steps';
import { allSent, expectSent } from './update';

export function createStep(dispatch: Dispatch, visit: Visit): Step {
  const { account, ticketId } = dispatch;
  const { correlationId, plan, rules } = visit;
  return {
    kind: 'create',
    name: 'create',
    input: {
      ...{ account, ticketId, visit: visit.number, correlationId, payload: plan?.payload ?? {} },
      since: new Date(Date.parse(visit.times.triggeredAt) - LOOK_BACK_MS).toISOString(),
      // The link field is the second leg; where there is none, the search alone is not enough.
      thorough: visit.tried || rules?.hasLinkField !== true,
      beyondHour: visit.approved?.beyondHour === true,
      ...(visit.approved?.inBulk ? { inBulk: true } : {}),
    },
    visit: visit.number,
  };
}

export function evolveCreate(dispatch: Dispatch, visit: Visit, outcome: Outcome<CreateAnswer>): void {
  const prints = visit.plan?.prints ?? {};
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'answered') {
    const { answer } = outcome;
    if (holdBack(dispatch, visit, answer)) return;
    unblock(dispatch, 'create');
    if ('created' in answer) {
      expectSent(dispatch, visit, prints);
      allSent(visit, prints);
      adopt(dispatch, visit, answer.created, 'Work order created');
    } else if ('found' in answer) takeFound(dispatch, visit, answer.found);
    return;
  }
  const { failure } = outcome;
  if (isUnsure(failure)) {
    expectSent(dispatch, visit, prints);
    visit.tried = true;
    visit.unsureSince = dispatch.at();
    visit.lookUps = 0;
    dispatch.note(
      'Create unanswered',
      `${failure.detail}. Checking whether the work order was created before trying again`,
    );
    move(visit, 'unanswered');
    scheduleLookUp(dispatch, visit);
  } else failed(dispatch, 'create', failure, KINDS.create);
}

/** There was an order already: of an earlier try, or of a run that this one knows nothing of. */
function takeFound(dispatch: Dispatch, visit: Visit, found: OwnOrder[]): void {
  const { memory } = dispatch;
  if (visit.tried || memory.visits.length > 1 || visit.number > 1) {
    settle(dispatch, visit, found);
    return;
  }
  // The first visit that this run knows of: later ones may have followed, and the highest counts.
  memory.visits.pop();
  const thorough = visit.rules?.hasLinkField !== true;
  askOwnership(dispatch, { link: null, otherwise: null, wanted: null, thorough });
  // The search may lag behind what the create has seen.
  memory.ownership?.orders.push(...found);
}

export function linkStep(dispatch: Dispatch, visit: Visit): Step | null {
  const { workOrderId } = visit;
  if (workOrderId === null) return null;
  const input = { ticketId: dispatch.ticketId, workOrderId };
  return { kind: 'link', name: 'link', input, visit: visit.number };
}

export function evolveLink(dispatch: Dispatch, visit: Visit, outcome: Outcome<Linked>): void {
  const { memory, ticketId } = dispatch;
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') memory.look.wanted = true;
    failed(dispatch, 'link', outcome.failure, KINDS.link);
    return;
  }
  const linked = outcome.answer;
  memory.lastWriteAt = linked.updatedAt ?? memory.lastWriteAt;
  // The answer is the freshest sight there is: what a person changed unnoticed is looked at before anything is published.
  const { known } = memory;
  const changed = linked.status !== known?.status || known.tags.some((tag) => !linked.tags.includes(tag));
  if (known && linked.status !== null && changed) memory.look.wanted = true;
  unblock(dispatch, 'link');
  dispatch.note('Linked', `Ticket ${ticketId} names work order ${visit.workOrderId}`);
  const isToPublish = visit.status?.key === 'draft' && visit.rules?.afterCreate !== 'draft' && !visit.takenOver;
  move(visit, isToPublish ? 'linked' : 'linked, nothing to publish');
}
