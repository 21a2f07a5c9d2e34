/**
 * Reads what a work order holds beyond its status: contact, pay, place, times, custom fields, tasks, signatures. Promise:
 * total, the same from every form that Field Nation publishes, and unchanged when its own result is read again. Workflows
 * only pass it on. Sources: Field Nation contract 4, 5, 12 and 15.2.
 */
import type { OrderContents, OrderMoment, PlaceName } from '../contract/order-contents';
import { assigneeOf, inNewestForm, spelled } from './event-forms';
import { readOrderEvent } from './read-order-event';
import { roomIn } from './reduce-order-event';
import type { OrderEvent } from './order-event';
import { known, listOf, MOST_ITEMS, payOf, positive } from './order-pay';
import { bag, id, jsonBytes, text, time, words, type Bag } from './wire-values';

const PLACE: readonly PlaceName[] = ['mode', 'display_name', 'address1', 'address2', 'city', 'state', 'zip', 'country'];
const LIMITS = { short: 40, name: 200, value: 2000 };

const numbersOf = ({ phone, cell, email }: Bag): NonNullable<OrderContents['contact']> =>
  known({ phone: text(phone, LIMITS.name), cell: text(cell, LIMITS.name), email: text(email, LIMITS.name) });

function contactOf(order: Bag): OrderContents['contact'] {
  const person = assigneeOf(order);
  // An order without a technician tells that there is nobody to call.
  if (person === null) return order.assignee === undefined ? undefined : {};
  const isTold = [person.phone, person.cell, person.email].some((value) => value !== undefined);
  return isTold ? numbersOf(person) : undefined;
}

function locationOf(value: unknown): NonNullable<OrderContents['location']> {
  const place = bag(value);
  const saved = bag(place.saved_location);
  const shown = [place.display_name, saved.display_name, saved.name].map((name) => text(name, LIMITS.name));
  return known({
    ...Object.fromEntries(PLACE.map((name) => [name, text(place[name], LIMITS.name)])),
    display_name: shown.find((name) => name !== null),
  });
}

function momentOf(value: unknown): OrderMoment | null {
  const { utc, local } = bag(value);
  const { date, time: clock } = bag(local);
  const site = known<NonNullable<OrderMoment['local']>>({
    date: text(date, LIMITS.short),
    time: text(clock, LIMITS.short),
  });
  const moment = known<OrderMoment>({
    utc: time(utc)?.slice(0, 19).replace('T', ' '),
    local: Object.keys(site).length === 0 ? null : site,
  });
  return Object.keys(moment).length === 0 ? null : moment;
}

function scheduleOf(value: unknown): NonNullable<OrderContents['schedule']> {
  const schedule = bag(value);
  const { mode, start, end } = bag(spelled(schedule, 'service_window'));
  const zone = text(bag(spelled(schedule, 'time_zone')).name, LIMITS.short);
  return known<NonNullable<OrderContents['schedule']>>({
    service_window: known({ mode: text(mode, LIMITS.short), start: momentOf(start), end: momentOf(end) }),
    time_zone: zone === null ? null : { name: zone },
  });
}

/** `in.created.utc`, `start.utc` of the newer guide, or a plain time. */
const clockedAt = (...values: unknown[]): string | null => {
  const told = values.map((value) => time(value) ?? time(bag(bag(value).created).utc) ?? time(bag(value).utc));
  return told.find((moment) => moment !== null) ?? null;
};

const timeLogsOf = (value: unknown): NonNullable<OrderContents['time_logs']> => ({
  results: listOf(value).map((log) =>
    known({ in: clockedAt(log.in, log.start), out: clockedAt(log.out, log.end), hours: positive(log.hours) }),
  ),
});

/** Groups by who fills them in, a flat list, or the internal ticket number alone; the first one of a name counts. */
function customFieldsOf(value: unknown): NonNullable<OrderContents['custom_fields']> {
  const entries = [...listOf(value).flatMap((entry) => [entry, ...listOf(entry)]), bag(bag(value).internal)];
  const fields: NonNullable<OrderContents['custom_fields']> = [];
  for (const entry of entries) {
    const [name, told] = [text(entry.name, LIMITS.name), words(entry.value, LIMITS.value)];
    const field = id(entry.id);
    const isSame = (one: (typeof fields)[number]): boolean =>
      field === null ? one.name === name : (one.id ?? null) === field;
    if (told === null || (name === null && field === null) || fields.some(isSame)) continue;
    fields.push(known({ id: field, name, value: told }));
  }
  return fields.slice(0, MOST_ITEMS);
}

function tasksOf(value: unknown): NonNullable<OrderContents['tasks']> {
  return listOf(value).flatMap((task) => {
    const { type, status, completed, done } = task;
    const names = [task.label, task.description, bag(type).name].map((name) => words(name, LIMITS.name));
    const label = names.find((name) => name !== null);
    const isDone = /^complete/i.test(text(status, LIMITS.short) ?? '') || clockedAt(completed) !== null;
    return label === undefined || label === null ? [] : [{ label, done: typeof done === 'boolean' ? done : isDone }];
  });
}

function signaturesOf(value: unknown): string[] {
  const items = Array.isArray(value) ? (value as unknown[]) : listOf(value);
  const names = items.slice(0, MOST_ITEMS).map((item) => text(item, LIMITS.name) ?? text(bag(item).name, LIMITS.name));
  return names.filter((name) => name !== null);
}

/** In the order in which they go along with an event, as far as there is room. */
const READERS: { [K in keyof OrderContents]-?: (value: unknown) => OrderContents[K] } = {
  contact: (order) => contactOf(bag(order)),
  pay: payOf,
  location: locationOf,
  schedule: scheduleOf,
  time_logs: timeLogsOf,
  custom_fields: customFieldsOf,
  signatures: signaturesOf,
  tasks: tasksOf,
};

/** What an order tells. */
export function contentsOf(order: Bag): OrderContents {
  const told = Object.entries(READERS).map(([part, read]): [string, unknown] => {
    const value = part === 'contact' ? order : order[part] === undefined ? spelled(order, part) : order[part];
    return [part, value === undefined ? undefined : read(value)];
  });
  return Object.fromEntries(told.filter(([, value]) => value !== undefined));
}

/** The same from contents that were kept, whoever kept them. */
export function keptContents({ contact, ...parts }: Bag): OrderContents {
  return { ...(contact === undefined ? {} : { contact: numbersOf(bag(contact)) }), ...contentsOf(parts) };
}

/** A webhook's body as an event, with what its order holds as far as there is room; without it where no status hangs on it. */
export function readWebhookEvent(body: Bag): OrderEvent | null {
  const event = readOrderEvent({ ...body, contents: undefined });
  if (event === null || event.status === null) return event;
  const contents = fitting(contentsOf(bag(inNewestForm(body).workorder)), roomIn(event));
  return Object.keys(contents).length === 0 ? event : { ...event, contents };
}

/** As many parts as fit into `room` bytes of JSON, each of them whole. */
function fitting(contents: OrderContents, room: number): OrderContents {
  let fits: OrderContents = {};
  for (const [part, value] of Object.entries(contents) as [string, unknown][]) {
    const more = { ...fits, [part]: value };
    if (jsonBytes(more) <= room) fits = more;
  }
  return fits;
}
