/**
 * What a Field Nation webhook says, reduced to what Deskbridge keeps. Promise: total (any input gives an event or null), and
 * the same whether the full body or an already reduced one comes in. Source: Field Nation contract 15.2, interface section 5.
 */
import { assigneeOf, inNewestForm, isThin, spelled } from './event-forms';
import type { EventProvider, EventTimes, OrderEvent } from './order-event';
import { correlationIdOfOrder } from './order-correlation';
import { roomIn } from './reduce-order-event';
import { statusOfEvent } from './status-of-event';
import { conversationCounts } from './conversation/counts';
import { bag, id, jsonBytes, LONGEST_TIME, number, text, time, words, type Bag } from './wire-values';

/** Mode of a schedule whose end, if any, is no time to arrive by. */
const EXACT = 'exact';

/** Limits that keep a reduced event under 4 kB, in bytes of its JSON. */
const LIMITS = { name: 100, person: 200, title: 400, text: 1800, key: 200 };

const provider = (order: Bag): EventProvider | null => {
  const user = assigneeOf(order) ?? {};
  const first = words(spelled(user, 'first_name'), LIMITS.person) ?? '';
  const last = words(spelled(user, 'last_name'), LIMITS.person) ?? '';
  return first || last || id(user.id) ? { id: id(user.id), first_name: first, last_name: last } : null;
};

/** A moment of the work order; the later readings of the reduced event give the same. */
const moment = (holder: unknown, name: string): string | null => time(bag(bag(holder)[name]).utc);

function timesOf(order: Bag, params: Bag): EventTimes | null {
  const { eta, milestones } = order;
  const found: [keyof EventTimes, string | number | null][] = [
    ['eta', moment(eta, 'start')],
    ['assigned', moment(milestones, 'assigned')],
    ['workDone', moment(milestones, 'workdone')],
    // Only this one is documented to be in seconds.
    ['delayMinutes', delayOf(params.estimated_delay)],
  ];
  const told = found.filter(([, value]) => value !== null);
  return told.length === 0 ? null : Object.fromEntries(told);
}

/** Seconds late, as whole minutes. */
function delayOf(seconds: unknown): number | null {
  const minutes = Math.round(number(seconds) / 60);
  return Number.isSafeInteger(minutes) && minutes > 0 ? minutes : null;
}

/** Reads a webhook body, whole or reduced, without what its order holds; null when it is not one (no event name). */
export function readOrderEvent(body: unknown): OrderEvent | null {
  const given = inNewestForm(bag(body));
  const event = bag(given.event);
  const name = text(event.name, LIMITS.name);
  if (name === null) return null;
  const order = bag(given.workorder);
  const workOrderId = id(order.id) ?? id(order.work_order_id) ?? id(bag(event.params).work_order_id);
  const at = time(given.timestamp);
  const logs = bag(spelled(order, 'time_logs'));
  const hours = number(logs.hours ?? logs.total_hours);
  const window = bag(spelled(bag(order.schedule), 'service_window'));
  const latest = window.mode === EXACT ? null : text(bag(window.end).utc, LONGEST_TIME);
  const thin = typeof given.thin === 'boolean' ? given.thin : isThin(order);
  const times = timesOf(order, bag(event.params));
  const messageId = id(bag(bag(event.params).message).msg_id);
  const counts = conversationCounts(order);
  const read: OrderEvent = {
    key: text(given.delivery, LIMITS.key) ?? `${workOrderId ?? '?'} ${name} ${at ?? '?'}`,
    name,
    at,
    status: statusOfEvent(name),
    workOrderId,
    correlationId: correlationIdOfOrder({ ...order, custom_fields: spelled(order, 'custom_fields') }),
    title: words(order.title, LIMITS.title),
    closingNotes: words(spelled(order, 'closing_notes'), LIMITS.text),
    hours: Number.isFinite(hours) && hours > 0 ? hours : null,
    start: text(bag(window.start).utc, LONGEST_TIME),
    ...(latest === null ? {} : { latest }),
    provider: provider(order),
    ...(times === null ? {} : { times }),
    ...(messageId === null ? {} : { messageId }),
    ...(counts.messages === null && counts.files === null ? {} : { counts }),
    ...(thin ? { thin } : {}),
  };
  const contents = bag(given.contents);
  const isKept = Object.keys(contents).length > 0 && jsonBytes(contents) <= roomIn(read);
  return isKept ? { ...read, contents } : read;
}
