/** An event proves a work order that the visit does not know of. Promise: what was called off is not followed in silence. */
import type { OrderRef } from '../../contract/order-calls';
import type { Visit } from '../../contract/visit';
import type { OrderEvent } from '../order-event';
import { isFinal } from '../status';
import { adopt, mayBeOurs } from './adopt';
import { block } from './blocks';
import type { Dispatch } from './dispatch';
import { keepOrCancel } from './loss';
import { askAboutDraft } from './take-over';
import { DECISION } from './steps';
import { label } from './words';

/** False: the order came up after its visit was over, and only that is noted. */
export function adoptByEvent(dispatch: Dispatch, visit: Visit, event: OrderEvent): boolean {
  const isOver = visit.stage === 'ended';
  const isRecorded = visit !== dispatch.newest || (!visit.tried && event.status !== null && isFinal(event.status));
  if (isOver && isRecorded) {
    dispatch.note('Work order of a visit that is over', `${label(event)}, work order ${event.workOrderId}`);
    return false;
  }
  // An id cannot stand in an order that this visit did not make, whatever this history remembers of it.
  const isOurs = mayBeOurs(visit, event);
  if (!isOurs) visit.takenOver = true;
  const order: OrderRef = {
    workOrderId: event.workOrderId ?? 0,
    // Its status is judged below like any other news, so that its effect is not lost.
    ...{ status: null, at: null, correlationId: null, href: null },
  };
  adopt(dispatch, visit, order, 'Work order found through its event');
  if (!isOver) {
    // An event without a status, such as that of the create, leaves open what the order is: later news answers the question.
    if (!isOurs && (event.status ?? 'draft') === 'draft') askAboutDraft(dispatch, order.workOrderId);
    return true;
  }
  const reason = `Visit ${visit.number} was called off before its work order turned up`;
  if (isOurs) visit.cancel = { reason, byTicket: false, onlyUnassigned: false };
  // Made by a run that is gone, or by a person: whether it is wanted nobody here knows.
  else askAboutLate(dispatch, event, reason);
  return true;
}

function askAboutLate(dispatch: Dispatch, { workOrderId, status }: OrderEvent, reason: string): void {
  const detail = `${reason}: work order ${workOrderId}${status === null ? '' : `, ${status}`}`;
  const attention = { reason: 'decision', detail, remedy: keepOrCancel(dispatch) } as const;
  block(dispatch, DECISION, attention, 'A work order of a visit that was called off');
}
