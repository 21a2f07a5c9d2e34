/**
 * Events of Field Nation. Promise: each is taken in once, an old one never moves anything back, one that carries a visit's
 * exact id is proof of its order, and where an event contradicts what is known the work order itself has the last word.
 * Source: interface, section 8; design 2.8.
 */
import type { Visit } from '../../contract/visit';
import { ownParts } from '../correlation';
import type { OrderEvent } from '../order-event';
import { judge } from '../status-order';
import { isNews, mayBeOurChange, type KnownStatus } from '../status';
import { NO_FACTS, technicianOf } from '../visit-facts';
import { isSameNews, isSweepKey } from '../sweep/order-drift';
import { noticeEvent } from '../conversation/notice';
import { countSetback, noticeCourse } from './course';
import { BOUNDS, type Dispatch } from './dispatch';
import { believe } from './news';
import { adoptByEvent } from './adopt-by-event';
import { visitOf, visitOfGoneRun } from './visit-of-event';
import { label } from './words';

/** Puts an event in line once; false when it was seen before. */
export function receive({ memory }: Dispatch, event: OrderEvent): boolean {
  // Copies may come under delivery ids of their own. What a sweep tells is no copy: it has looked at the order itself.
  const content = event.status && event.at && !isSweepKey(event.key);
  const same = content ? `${event.workOrderId ?? '?'} ${event.name} ${event.at}` : event.key;
  if (memory.seen.includes(event.key) || memory.seen.includes(same)) return false;
  memory.seen.push(...new Set([event.key, same]));
  memory.seen.splice(0, Math.max(0, memory.seen.length - BOUNDS.seen));
  memory.taken += 1;
  memory.inbox.push(event);
  return true;
}

/** Takes in all that came. */
export function absorb(dispatch: Dispatch): void {
  for (let event = dispatch.memory.inbox.shift(); event; event = dispatch.memory.inbox.shift())
    takeEvent(dispatch, event);
}

function takeEvent(dispatch: Dispatch, event: OrderEvent): void {
  const visit = visitOf(dispatch, event) ?? visitOfGoneRun(dispatch, event);
  if (!visit) {
    takeStranger(dispatch, event);
    return;
  }
  if (visit.workOrderId === null && event.workOrderId !== null && !adoptByEvent(dispatch, visit, event)) return;
  // What names no work order proves none.
  if (visit.workOrderId === null) {
    dispatch.note('Event of an unknown work order', label(event));
    return;
  }
  if (event.workOrderId !== null && visit.workOrderId !== event.workOrderId) {
    dispatch.note('Event of another work order with our id', `${label(event)}, work order ${event.workOrderId}`);
    return;
  }
  noticeEvent(dispatch, visit, event);
  noticeTechnician(dispatch, visit, event);
  noticeCourse(visit, event);
  const { status } = event;
  if (status === null || (isNews(status) && visit.rules?.news.includes(status) !== true)) {
    dispatch.note('Event', label(event));
    return;
  }
  if (isOwnChange(dispatch, visit, event)) {
    dispatch.note('Event of our own call', label(event));
    return;
  }
  const told: KnownStatus = { key: status, at: event.at };
  if (visit.ownStatus && visit.status?.key === told.key) {
    // The echo of what we did ourselves, some seconds later by Field Nation's clock.
    visit.ownStatus = false;
    if (told.key === 'cancelled') visit.cancelUnconfirmed = false;
    visit.status.at = told.at ?? visit.status.at;
    dispatch.note('Event of our own call', label(event));
    return;
  }
  if (visit.status && (visit.swept || isSweepKey(event.key)) && isSameNews(visit.status, told)) {
    // Told twice: by reconcile and by its webhook, whose clocks need not agree to the second.
    visit.swept = false;
    if (told.key === 'cancelled') visit.cancelUnconfirmed = false;
    visit.status.at ??= told.at;
    dispatch.note('Event, told already', label(event));
    return;
  }
  const verdict = judge(visit.status, told);
  if (verdict === 'check') doubt(dispatch, event);
  else if (verdict === 'old') recordOld(dispatch, visit, told, event);
  else takeNews(dispatch, visit, told, event);
}

/** Whether Field Nation tells of what an update of ours changed is documented nowhere; its events name no author. In ms. */
const ECHO_WITHIN_MS = 2 * 60_000;

const isOwnChange = (dispatch: Dispatch, { sync }: Visit, { status }: OrderEvent): boolean =>
  status !== null &&
  mayBeOurChange(status) &&
  sync.updatedAt !== null &&
  dispatch.now() - Date.parse(sync.updatedAt) < ECHO_WITHIN_MS;

/** Who comes; nobody does any more once the assignment is called off. */
function noticeTechnician({ memory, newest }: Dispatch, visit: Visit, { status, provider }: OrderEvent): void {
  if (visit !== newest) return;
  const name = technicianOf(provider);
  if (name !== null) memory.facts = { ...NO_FACTS, ...memory.facts, technician: name };
  else if (memory.facts && status === 'assignment-cancelled') memory.facts.technician = null;
}

/** A run without memory of a visit: an order that carries an id of this ticket must get its owner back. */
function takeStranger(dispatch: Dispatch, event: OrderEvent): void {
  const { memory, account, ticketId } = dispatch;
  const parts = ownParts(account, event.correlationId);
  if (parts?.ticketId === ticketId && memory.visits.length === 0 && event.workOrderId !== null) {
    const asked = memory.ownership;
    if (asked) {
      // What was read of the order may be older than this: it is read once more.
      asked.orders = asked.orders.filter(({ workOrderId }) => workOrderId !== event.workOrderId);
      asked.link = event.workOrderId;
    } else {
      // Of several visits the latest counts.
      if (parts.visit >= (memory.unknownOrder?.visit ?? 0)) {
        memory.unknownOrder = { visit: parts.visit, workOrderId: event.workOrderId };
      }
      memory.look.wanted = true;
    }
  }
  dispatch.note('Event of an unknown work order', `${label(event)}, work order ${event.workOrderId ?? 'not named'}`);
}

/** So many only wait in a flood: the newest tell most of what the work order will say. */
function doubt(dispatch: Dispatch, event: OrderEvent): void {
  const { doubtful } = dispatch.memory;
  doubtful.push(event);
  const spare = doubtful.length > BOUNDS.doubtful ? doubtful.shift() : undefined;
  if (spare) dispatch.note('Event, not checked', label(spare));
}

export function recordOld(dispatch: Dispatch, visit: Visit, told: KnownStatus, event: OrderEvent): void {
  countSetback(visit, told);
  // Our own publish knows no time of Field Nation's; its event brings it.
  if (visit.status?.key === told.key) visit.status.at ??= told.at;
  dispatch.note('Event, older than what is known', label(event));
}

export function takeNews(dispatch: Dispatch, visit: Visit, told: KnownStatus, event: OrderEvent): void {
  dispatch.note('Event', label(event));
  believe(dispatch, visit, told, event);
}
