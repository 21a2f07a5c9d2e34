/**
 * The two bodies that Field Nation publishes for webhooks v3, made one. Promise: total; a body of the newest form comes
 * back as it is. Source: Field Nation contract 15.2.
 */
import { bag, id, type Bag } from './wire-values';

/** It becomes part of a workflow id: another form counts as none. */
const EVENT_ID = /^[\w-]{1,100}$/;

/** `{ eventName, eventId, workOrderId, timestamp, data }` as `{ event, timestamp, workorder }`; `eventId` is signed, the delivery's id is not. */
export function inNewestForm(body: Bag): Bag {
  const { eventName, eventId, workOrderId, timestamp, data, delivery } = body;
  if (body.event !== undefined || typeof eventName !== 'string') return body;
  return {
    event: { name: eventName, params: { work_order_id: workOrderId } },
    timestamp,
    delivery: typeof eventId === 'string' && EVENT_ID.test(eventId) ? eventId : delivery,
    workorder: data,
  };
}

/** The older page says that names are in camelCase, and shows none: a name is read in both spellings. */
export const spelled = (holder: Bag, name: string): unknown =>
  holder[name] ?? holder[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())];

/** Who does the work. Official pages show the person under `assignee.user`, in `assignee` itself, and as `provider`. */
export function assigneeOf(order: Bag): Bag | null {
  const assignee = bag(order.assignee);
  const people = [bag(assignee.user), assignee, bag(order.provider)];
  return people.find((one) => id(one.id) !== null || spelled(one, 'first_name') !== undefined) ?? null;
}

/** `{ id, title }` and little else, as the newest payload page shows the order: what it lacks, the order itself tells. */
export const isThin = (order: Bag): boolean =>
  ['status', 'assignee', 'provider', 'schedule'].every((part) => order[part] === undefined);
