/** A work order of Field Nation reduced to what enters history. */
import type { WorkOrder } from '../src/clients/field-nation/schemas';
import type { OrderRef } from '../src/contract/order-calls';
import { statusOfOrder } from '../src/domain/status-of-order';
import { eventOfStatus } from '../src/domain/status-of-event';
import type { KnownStatus } from '../src/domain/status';
import { correlationIdOfOrder } from '../src/domain/order-correlation';
import { readOrderEvent } from '../src/domain/read-order-event';
import type { OrderEvent } from '../src/domain/order-event';
import { time } from '../src/domain/wire-values';
import { readKey } from '../src/domain/sweep/order-drift';

const MILESTONES = {
  draft: 'created',
  published: 'published',
  routed: 'routed',
  assigned: 'assigned',
  'work-done': 'workdone',
  approved: 'approved',
  paid: 'paid',
  cancelled: 'canceled',
} as const;

/** The reduced order that enters history. */
export function orderRef(order: WorkOrder): OrderRef {
  const status = order.status ? statusOfOrder(order.status) : null;
  const milestone = status && status in MILESTONES ? MILESTONES[status as keyof typeof MILESTONES] : null;
  return {
    workOrderId: order.id,
    status,
    at: milestone ? (order.milestones?.[milestone]?.utc ?? null) : null,
    correlationId: correlationIdOfOrder(order),
    href: order.href,
    start: time(order.schedule?.service_window?.start?.utc),
  };
}

/** The order as an event that tells of its status, without what the order holds: that is read where it is asked for. */
export function asEvent(order: WorkOrder, { key, at }: KnownStatus): OrderEvent {
  const name = eventOfStatus(key);
  const event = readOrderEvent({ event: { name, params: { work_order_id: order.id } }, workorder: order });
  if (!event) throw new Error('an event of our own making is always readable');
  // Field Nation writes times of the site without a T.
  const start = event.start?.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2') ?? null;
  return { ...event, key: readKey(order.id, { key, at }), at, start };
}

/** The same with all that its event would tell, unless it is a draft. */
export function toldRef(order: WorkOrder): OrderRef {
  const ref = orderRef(order);
  const { status: key, at } = ref;
  return key === null || key === 'draft' ? ref : { ...ref, told: asEvent(order, { key, at }) };
}
