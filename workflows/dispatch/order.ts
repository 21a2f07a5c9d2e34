/**
 * Steps from the plan to the published work order. Promise: one create per decision; after an unanswered one no second
 * before look-ups and patience say that there is none; nothing is published that is not linked, or not wanted any more.
 * Source: design 2.5 and 2.6.
 */

import { isAssigned, isWorkOver } from '../../src/domain/status';
import { fieldNation, fieldNationOnce, freshdesk } from '../proxies';
import { applyStatus, believeRead } from './apply-status';
import { effectVisit } from './effects';
import { decideOnLoss } from './loss';
import { counted } from './sinks';
import { findAnywhere } from './find';
import type { Dispatch } from './state';
import { stepFailure, type StepFailure } from '../step-failure';
import { allSent, expectSent } from './update';
import { unlessNotBegun, writeUnlessCalledOff } from './waiting';
import type { OrderRef } from '../../src/contract/order-calls';
import type { Visit } from '../../src/contract/memory';

/** Fallback when a visit's rules are not known, in ms (interface, section 7, `createPatience`). */
const PATIENCE_MS = 90_000;

/** Look-ups reach this far back before the create, in ms: clocks differ. */
const LOOK_BACK_MS = 60 * 60 * 1000;

/** Wrong key, wrong mapping: a person. Anything else that surely did nothing: again, after a while. */
function needsPerson(failure: StepFailure): boolean {
  // A worker that was stopped in the middle of the call is no answer either.
  return !['UpstreamUnavailable', 'RateLimited', 'WorkerShutdown', null].includes(failure.type);
}

export async function createWorkOrder(dispatch: Dispatch, visit: Visit): Promise<void> {
  const { plan } = visit;
  if (!plan) {
    visit.stage = 'plan';
    dispatch.memory.wantsLook = true;
    return;
  }
  expectSent(dispatch, visit, plan.prints ?? {});
  try {
    const order = await unlessNotBegun(
      () => dispatch.memory.wantsCancel !== null,
      () => fieldNationOnce.createWorkOrder({ payload: plan.payload }),
    );
    if (order === 'withdrawn') return;
    dispatch.unblock('create');
    allSent(visit, plan.prints ?? {});
    adopt(dispatch, visit, order, 'Work order created');
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === null || failure.unsure) {
      counted.ambiguousCreate();
      visit.tried = true;
      visit.unsureSince = new Date(dispatch.now()).toISOString();
      visit.lookUps = 0;
      dispatch.note('Create unanswered', `${failure.detail}; looking the work order up before anything else`);
      dispatch.enter(visit, 'unsure');
      scheduleLookUp(dispatch, visit);
    } else if (needsPerson(failure)) {
      dispatch.block('create', failure, `Creating the work order was refused (${failure.status ?? 'not sent'})`);
    } else {
      dispatch.backOff(visit, failure.retryAfterMs);
    }
  }
}

/** The order is ours: remember it and go on to link it. */
export function adopt(dispatch: Dispatch, visit: Visit, order: OrderRef, how: string): void {
  const triggeredAt = visit.times?.triggeredAt;
  if (triggeredAt) counted.workOrderMade((dispatch.now() - Date.parse(triggeredAt)) / 1000);
  visit.workOrderId = order.workOrderId;
  visit.href = order.href;
  visit.status = { key: order.status ?? 'draft', at: order.at };
  visit.plan = null;
  visit.unsureSince = null;
  // Found by its event, the look-up that waited for a person has nothing left to find.
  for (const step of ['plan', 'create', 'find']) dispatch.unblock(step);
  dispatch.enter(visit, 'link');
  dispatch.note(how, `Work order ${order.workOrderId} for ${visit.correlationId}`);
}

function patienceOf(visit: Visit): number {
  return visit.rules?.createPatienceMs ?? PATIENCE_MS;
}

/** The next look-up: by the policy's delays, and one more when patience has passed. */
function scheduleLookUp(dispatch: Dispatch, visit: Visit): void {
  const since = Date.parse(visit.unsureSince ?? '') || dispatch.now();
  const patience = patienceOf(visit);
  const delay = dispatch.policy.lookUpDelays[visit.lookUps] ?? patience;
  visit.notBefore = new Date(since + Math.min(delay, patience)).toISOString();
}

export async function lookUpWorkOrder(dispatch: Dispatch, visit: Visit): Promise<void> {
  const since = Date.parse(visit.unsureSince ?? '') || dispatch.now();
  const asked = dispatch.now();
  try {
    const orders = await findAnywhere(visit.correlationId, new Date(since - LOOK_BACK_MS).toISOString());
    dispatch.unblock('find');
    if (orders.length > 0) {
      await settle(dispatch, visit, orders);
      return;
    }
  } catch (error) {
    const failure = stepFailure(error);
    dispatch.block('find', failure, `Looking the work order up failed (${failure.status ?? 'no answer'})`);
    return;
  }
  visit.lookUps += 1;
  // Only a look-up that began after the patience had passed may say that there is none.
  if (asked < since + patienceOf(visit)) {
    scheduleLookUp(dispatch, visit);
    return;
  }
  visit.unsureSince = null;
  if (visit.cancel) {
    endWithoutOrder(dispatch, visit);
    return;
  }
  dispatch.note('No work order found', 'The unanswered create surely had no effect; creating again');
  dispatch.enter(visit, 'create');
  // The ticket may have changed its mind while we waited.
  dispatch.memory.wantsLook = true;
}

/** Keeps one of the orders that carry our id: the one that is out already, else the oldest draft; other drafts go. */
async function settle(dispatch: Dispatch, visit: Visit, orders: OrderRef[]): Promise<void> {
  const live = orders.filter((order) => order.status !== 'cancelled').sort((a, b) => a.workOrderId - b.workOrderId);
  const out = live.filter((order) => order.status !== 'draft');
  if (out.length > 1) {
    const ids = out.map((order) => order.workOrderId).join(', ');
    dispatch.block(
      'find',
      {
        reason: 'ambiguous',
        detail: `Several work orders carry ${visit.correlationId} and are published: ${ids}`,
        remedy: 'Cancel all but one of them in Field Nation, then retry.',
      },
      `Several published work orders carry ${visit.correlationId}`,
    );
    return;
  }
  const kept = out[0] ?? live[0];
  if (!kept) {
    endWithoutOrder(dispatch, visit);
    return;
  }
  for (const extra of live.filter((order) => order !== kept)) {
    const { deleted } = await fieldNation.deleteDraft({
      workOrderId: extra.workOrderId,
      correlationId: visit.correlationId,
    });
    dispatch.note('Doubled draft', `Work order ${extra.workOrderId} ${deleted ? 'deleted' : 'could not be deleted'}`);
  }
  // Its status comes in like any other news, so that what it does to the ticket is not lost.
  adopt(dispatch, visit, { ...kept, status: null, at: null }, 'Work order found');
  believeRead(dispatch, visit, kept);
}

function endWithoutOrder(dispatch: Dispatch, visit: Visit): void {
  visit.plan = null;
  for (const step of ['plan', 'create', 'find', 'cancel', 'decision']) dispatch.unblock(step);
  dispatch.note(`Visit ${visit.number} cancelled`, visit.cancel?.reason ?? 'Its work order was cancelled');
  visit.cancel = null;
  dispatch.enter(visit, 'ended');
}

export async function linkWorkOrder(dispatch: Dispatch, visit: Visit): Promise<void> {
  const { memory, ticketId } = dispatch;
  const { workOrderId } = visit;
  if (workOrderId === null) return;
  try {
    const linked = await writeUnlessCalledOff(dispatch, () => freshdesk.linkTicket({ ticketId, workOrderId }));
    if (linked === 'interrupted') return;
    memory.lastWriteAt = linked.updatedAt ?? memory.lastWriteAt;
    // The answer is the freshest sight there is: what a person changed unnoticed is looked at before anything is published.
    const { known } = memory;
    const changed = linked.status !== known?.status || known.tags.some((tag) => !linked.tags.includes(tag));
    if (known && linked.status !== null && changed) memory.wantsLook = true;
    dispatch.unblock('link');
    dispatch.note('Linked', `Ticket ${ticketId} names work order ${workOrderId}`);
    dispatch.enter(visit, visit.status?.key === 'draft' && visit.rules?.afterCreate !== 'draft' ? 'publish' : 'open');
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === 'NotFound') memory.wantsLook = true;
    dispatch.block(
      'link',
      failure,
      `Linking the ticket to its work order was refused (${failure.status ?? 'no answer'})`,
    );
  }
}

export async function publishWorkOrder(dispatch: Dispatch, visit: Visit): Promise<void> {
  const { memory } = dispatch;
  const { workOrderId, rules } = visit;
  if (workOrderId === null) return;
  // The config may have come to say so while publishing was refused or had to wait.
  if (rules?.afterCreate === 'draft') {
    dispatch.unblock('publish');
    dispatch.enter(visit, 'open');
    dispatch.note('Left as a draft', `Work order ${workOrderId}`);
    return;
  }
  const how = rules?.afterCreate === 'route' ? 'route' : 'publish';
  try {
    // Only what was never answered may have been done: after a 429, reading would use up the call that publishing needs.
    const readFirst = visit.publishUnsure ?? false;
    const input = {
      workOrderId,
      how,
      routeTo: rules?.routeTo ?? null,
      readFirst,
      visit: effectVisit(dispatch, visit),
    } as const;
    const order = await unlessNotBegun(
      () => memory.wantsCancel !== null || memory.wantsLook,
      () => fieldNationOnce.publishWorkOrder(input),
    );
    if (order === 'withdrawn') return;
    dispatch.unblock('publish');
    dispatch.enter(visit, 'open');
    const { status, at, told: event = null, decided } = order;
    if (status !== null && status !== 'published' && status !== 'routed') {
      // It went on before we could know that it is out.
      believeRead(dispatch, visit, order);
      return;
    }
    dispatch.note(how === 'route' ? 'Routed' : 'Published', `Work order ${workOrderId}`);
    applyStatus(dispatch, visit, { key: status ?? 'published', at }, { event, own: true, decided });
  } catch (error) {
    const failure = stepFailure(error);
    if (failure.type === null || failure.unsure) visit.publishUnsure = true;
    if (needsPerson(failure)) {
      dispatch.block('publish', failure, `Publishing the work order was refused (${failure.status ?? 'not sent'})`);
      visit.failures += 1;
    } else {
      dispatch.backOff(visit, failure.retryAfterMs);
    }
  }
}

/** Carries out a wanted cancellation; an order that may exist but is not known yet is looked up first. */
export async function cancelWorkOrder(dispatch: Dispatch, visit: Visit): Promise<void> {
  const { cancel, workOrderId } = visit;
  if (!cancel) return;
  if (workOrderId === null) {
    if (!visit.tried) endWithoutOrder(dispatch, visit);
    else if (visit.stage !== 'unsure') {
      visit.unsureSince ??= new Date(dispatch.now()).toISOString();
      dispatch.enter(visit, 'unsure');
    }
    return;
  }
  try {
    const { reason, onlyUnassigned } = cancel;
    const order = await fieldNationOnce.cancelWorkOrder({ workOrderId, reason, onlyUnassigned });
    visit.cancel = null;
    dispatch.unblock('cancel');
    if (onlyUnassigned && order.status !== null && isAssigned(order.status)) {
      believeRead(dispatch, visit, order);
      // The work of an order that is over can neither be kept nor cancelled.
      if (isWorkOver(order.status)) return;
      decideOnLoss(dispatch, visit, reason, visit.rules?.onTicketClosed.assigned ?? 'ask');
      return;
    }
    dispatch.note('Cancelled in Field Nation', cancel.reason);
    const own = { event: order.told ?? null, own: true, keepStatus: cancel.byTicket };
    applyStatus(dispatch, visit, { key: 'cancelled', at: order.at }, own);
  } catch (error) {
    const failure = stepFailure(error);
    if (needsPerson(failure)) {
      dispatch.block('cancel', failure, `Cancelling the work order was refused (${failure.status ?? 'no answer'})`);
      return;
    }
    dispatch.backOff(visit, failure.retryAfterMs);
  }
}
