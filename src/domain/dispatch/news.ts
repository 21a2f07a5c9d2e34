/**
 * What a believed status changes in the memory of the dispatch. Promise: only the newest visit has effects on the ticket,
 * and nothing of a visit waits any more once its work order is cancelled. Source: interface, section 8.
 */
import type { EffectDecision } from '../../contract/effect-calls';
import type { Visit } from '../../contract/visit';
import type { OrderRef } from '../../contract/order-calls';
import type { OrderEvent } from '../order-event';
import { eventOfStatus } from '../status-of-event';
import { isOver, isStage, isWorkOver, passesWorkDone, type KnownStatus, type OrderStatus } from '../status';
import { judge } from '../status-order';
import { isSweepKey } from '../sweep/order-drift';
import { block, unblock } from './blocks';
import { countSetback, noticeCourse } from './course';
import type { Dispatch } from './dispatch';
import { addEffect } from './effects-queue';
import { keepOrCancel } from './loss';
import { move } from './stages';
import { CHANGE_APPROVAL, DECISION } from './steps';
import { dropUpdate } from './update';

/** Where a status comes from. */
interface Source {
  /** What tells more of it; null where nothing does. */
  event: OrderEvent | null;
  /** A call of ours made it: its event will be an echo. */
  own?: boolean;
  /** The ticket's status is left alone. */
  keepStatus?: boolean;
  /** What it does to the ticket, where that is known already. */
  decided?: EffectDecision | undefined;
}

/** News of Field Nation that is not in doubt. */
export function believe(dispatch: Dispatch, visit: Visit, told: KnownStatus, event: OrderEvent): void {
  countSetback(visit, told);
  // Its own event is late, or lost: nothing else would ever resolve the ticket.
  if (passesWorkDone(visit.status, told.key)) {
    const done: KnownStatus = { key: 'work-done', at: event.times?.workDone ?? null };
    const doneEvent = { ...event, name: eventOfStatus(done.key), status: done.key, at: done.at };
    applyStatus(dispatch, visit, done, { event: doneEvent });
  }
  applyStatus(dispatch, visit, told, { event });
}

/** What an order says that was read on the way is news like any other. */
export function believeRead(dispatch: Dispatch, visit: Visit, { told, status, at, start }: OrderRef): void {
  visit.start = start ?? visit.start;
  if (told) noticeCourse(visit, told);
  if (!told || status === null || judge(visit.status, { key: status, at }) === 'old') return;
  dispatch.note('Read in Field Nation', `Work order ${visit.workOrderId} is ${status}`);
  believe(dispatch, visit, { key: status, at }, told);
}

/** Makes a status the known one and puts its effect on the ticket in line; only the newest visit has effects. */
export function applyStatus(
  dispatch: Dispatch,
  visit: Visit,
  told: KnownStatus,
  { event, own = false, keepStatus = false, decided }: Source,
): void {
  const wasOver = visit.status !== null && isWorkOver(visit.status.key);
  if (isStage(told.key)) {
    visit.status = { key: told.key, at: told.at };
    visit.ownStatus = own;
    visit.swept = !own && event !== null && isSweepKey(event.key);
    visit.cancelUnconfirmed = own && told.key === 'cancelled';
    if (told.key === 'cancelled') endCancelled(visit);
    else if (visit.stage === 'ended') reviveCancelled(dispatch, visit, told.key);
    // Steps that wait for a person are the newest visit's: news of an earlier one answers no question about it.
    if (visit === dispatch.newest) settleSteps(dispatch, visit, told.key);
    if (wasOver && !isWorkOver(told.key)) {
      dispatch.note(`Visit ${visit.number} is open again`, told.key);
      // What was changed on the ticket since the work was done is still to be sent.
      if (visit === dispatch.newest) dispatch.memory.look.wanted = true;
    }
  }
  // Cancelled after the work was done, or cancelled twice, is recorded and no more (section 8).
  const isNoNews = told.key === 'draft' || (told.key === 'cancelled' && wasOver);
  if (visit !== dispatch.newest || isNoNews) return;
  addEffect(dispatch, {
    visit: visit.number,
    key: told.key,
    at: told.at,
    event,
    keepStatus,
    ...(decided === undefined ? {} : { decided }),
  });
}

/** What the news makes needless: steps that somebody else did, and questions that answered themselves. */
function settleSteps(dispatch: Dispatch, visit: Visit, key: OrderStatus): void {
  if (visit.stage === 'publish' && key !== 'draft') {
    unblock(dispatch, 'publish');
    move(visit, 'is out already');
  }
  // A draft that somebody has published is followed: that was the question.
  if (visit.takenOver && key !== 'draft') unblock(dispatch, DECISION);
  if (!isWorkOver(key)) return;
  // Whether to keep the order of a closed ticket is no question any more once the work is done, nor is it cancelled then.
  unblock(dispatch, DECISION, CHANGE_APPROVAL);
  dispatch.memory.loss = null;
  dropUpdate(dispatch, visit);
  if (isOver(key) || visit.cancel?.byTicket) dropCancel(dispatch, visit, key);
  if (visit.stage === 'ended') unblock(dispatch, 'link', 'publish', 'find');
}

/** Field Nation cancels neither approved nor paid work. */
export function noteNothingToCancel(dispatch: Dispatch, key: OrderStatus): void {
  dispatch.note('Cancel without effect', `The work is ${key} in Field Nation already`);
}

/** A wanted cancel that cannot be carried out any more; who asked for it is told, a closed ticket is not. */
export function dropCancel(dispatch: Dispatch, visit: Visit, key: OrderStatus): void {
  if (visit.cancel && !visit.cancel.byTicket) noteNothingToCancel(dispatch, key);
  visit.cancel = null;
  unblock(dispatch, 'cancel');
}

/** Nothing of the visit is to be done any more once its work order is cancelled. */
function endCancelled(visit: Visit): void {
  visit.cancel = null;
  visit.plan = null;
  move(visit, 'cancelled');
}

/** Field Nation itself says that a cancelled order lives: somebody may come whom nobody wants. */
function reviveCancelled(dispatch: Dispatch, visit: Visit, key: OrderStatus): void {
  move(visit, 'lives again');
  if (visit !== dispatch.newest || isWorkOver(key)) return;
  const what = `Work order ${visit.workOrderId ?? ''} was cancelled, but is ${key} in Field Nation`;
  block(dispatch, DECISION, { reason: 'decision', detail: what, remedy: keepOrCancel(dispatch) }, what);
}
