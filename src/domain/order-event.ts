/**
 * What a Field Nation webhook says, reduced to what Deskbridge keeps. Promise: total (any input gives an event or null),
 * small (under 4 kB), and the same whether the full body or an already reduced one comes in. Source: Field Nation
 * contract 15.2, interface section 5.
 */
import type { FieldNationEvent } from '../contract/field-nation-event';
import type { OrderContents } from '../contract/order-contents';
import { correlationLine } from './correlation';
import { assigneeOf, inNewestForm, isThin, spelled } from './event-forms';
import { correlationIdOfOrder } from './order-correlation';
import { statusOfEvent } from './status-of-event';
import type { OrderStatus } from './status';
import { countedParts, conversationCounts, type ConversationCounts } from './conversation/counts';
import { bag, id, jsonBytes, LONGEST_TIME, number, text, time, words, type Bag } from './wire-values';

/** Of a reduced event, in bytes of its JSON, and of the name of its last part. */
const LARGEST = 4000;
/** Mode of a schedule whose end, if any, is no time to arrive by. */
const EXACT = 'exact';
const CONTENTS_KEY = ',"contents":'.length;

/** Limits that keep a reduced event under 4 kB, in bytes of its JSON. */
const LIMITS = { name: 100, person: 200, title: 400, text: 1800, key: 200 };

/** Who does the work, as far as Field Nation told. */
export interface EventProvider {
  id: number | null;
  first_name: string;
  last_name: string;
}

/** When what happens, as far as Field Nation told; ISO 8601 in UTC. */
export interface EventTimes {
  /** When the provider expects to arrive. */
  eta?: string;
  assigned?: string;
  workDone?: string;
  delayMinutes?: number;
}

/** One event, ready for the dispatch. Times are ISO 8601 in UTC. */
export interface OrderEvent {
  /** De-duplication key: the event's own id, the delivery's uuid, else work order, event and time. */
  key: string;
  name: string;
  at: string | null;
  status: OrderStatus | null;
  workOrderId: number | null;
  correlationId: string | null;
  title: string | null;
  closingNotes: string | null;
  hours: number | null;
  /** Start of the visit as Field Nation writes it, in UTC. */
  start: string | null;
  /** End of the arrival window, in the same form; left out when the visit has none. */
  latest?: string;
  provider: EventProvider | null;
  /** Left out when the event carries none. */
  times?: EventTimes;
  /** Of the message that was posted, where the event names it. */
  messageId?: number;
  /** What the order holds of messages and files, where the event tells. */
  counts?: ConversationCounts;
  /** The event names its order and tells next to nothing of it. */
  thin?: true;
  /** What the order holds, as whoever took the event in has read it: taken over as it is, with what did not fit left out. */
  contents?: OrderContents;
}

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

/** Bytes of JSON that an event has left for what its order holds, so that it stays under 4 kB when it is reduced. */
export const roomIn = (event: OrderEvent): number => LARGEST - jsonBytes(reduceEvent(event)) - CONTENTS_KEY;

/** What a thin event tells, completed by what its order told when it was read. */
export function completed(event: OrderEvent, order: OrderEvent): OrderEvent {
  const { thin: _, ...told } = event;
  const known: Partial<OrderEvent> = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
  return {
    ...order,
    ...known,
    name: event.name,
    key: event.key,
    at: event.at,
    status: event.status,
    times: { ...order.times, ...event.times },
    contents: { ...order.contents, ...event.contents },
  };
}

const messageParam = ({ messageId }: OrderEvent): object =>
  messageId === undefined ? {} : { message: { msg_id: messageId } };

const windowOf = ({ start, latest }: OrderEvent): object => ({
  start: { utc: start },
  ...(latest === undefined ? {} : { end: { utc: latest } }),
});

/** The event as the web process passes it on: the webhook's own shape, cut to what `readOrderEvent` reads. */
export function reduceEvent(event: OrderEvent): FieldNationEvent {
  const { eta, assigned, workDone, delayMinutes } = event.times ?? {};
  const delay = delayMinutes === undefined ? {} : { estimated_delay: delayMinutes * 60 };
  return {
    event: { name: event.name, params: { work_order_id: event.workOrderId, ...delay, ...messageParam(event) } },
    ...(event.at === null ? {} : { timestamp: event.at }),
    delivery: event.key,
    thin: event.thin === true,
    ...(event.contents === undefined ? {} : { contents: event.contents }),
    workorder: {
      ...(event.workOrderId === null ? {} : { id: event.workOrderId }),
      ...(event.title === null ? {} : { title: event.title }),
      ...(event.correlationId === null ? {} : { description: { html: correlationLine(event.correlationId) } }),
      ...(event.closingNotes === null ? {} : { closing_notes: event.closingNotes }),
      ...(event.counts === undefined ? {} : countedParts(event.counts)),
      ...(event.hours === null ? {} : { time_logs: { hours: event.hours } }),
      ...(event.start === null ? {} : { schedule: { service_window: windowOf(event) } }),
      ...(eta === undefined ? {} : { eta: { start: { utc: eta } } }),
      ...(assigned === undefined && workDone === undefined
        ? {}
        : { milestones: { assigned: { utc: assigned }, workdone: { utc: workDone } } }),
      ...(event.provider === null
        ? {}
        : {
            assignee: {
              user: {
                ...(event.provider.id === null ? {} : { id: event.provider.id }),
                first_name: event.provider.first_name,
                last_name: event.provider.last_name,
              },
            },
          }),
    },
  };
}
