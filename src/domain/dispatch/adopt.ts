/** The order is the visit's. */
import type { Dispatch } from './dispatch';
import type { Visit } from '../../contract/visit';
import type { OrderRef } from '../../contract/order-calls';
import { unblock } from './blocks';
import { noticeCourse } from './course';
import { move } from './stages';

/** Clocks differ by less, in ms. */
const CLOCKS_MS = 2 * 60 * 1000;

/** Whether it can be of this run's create: what was there before the visit was asked for is another run's. */
export const mayBeOurs = ({ tried, times }: Visit, { at }: { at: string | null }): boolean =>
  tried && !(at !== null && Date.parse(at) < Date.parse(times.triggeredAt) - CLOCKS_MS);

/** The order is the visit's: remember it and go on to link it. */
export function adopt(dispatch: Dispatch, visit: Visit, order: OrderRef, how: string): void {
  visit.workOrderId = order.workOrderId;
  visit.href = order.href;
  visit.start = order.start ?? visit.start;
  if (order.told) noticeCourse(visit, order.told);
  visit.status = { key: order.status ?? 'draft', at: order.at };
  visit.plan = null;
  visit.approval = null;
  visit.unsureSince = null;
  // Found by its event, the look-up that waited for a person has nothing left to find.
  unblock(dispatch, 'plan', 'approval', 'create', 'find');
  move(visit, how === 'Work order created' ? 'created' : 'found');
  dispatch.note(how, `Work order ${order.workOrderId} for ${visit.correlationId}`);
}
