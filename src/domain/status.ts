/**
 * The life of a work order in Deskbridge's words, and the order of what is told about it.
 * Promise: an event that is older than what is known never moves anything back. Sources: interface, sections 7 and 8;
 * Field Nation contract, sections 14 and 15.1.
 */
import type { DispatchState } from '../contract/dispatch';

/** Keys of the config's `status` table. */
export const STATUS_KEYS = [
  'published',
  'routed',
  'assigned',
  'confirmed',
  'on-my-way',
  'checked-in',
  'checked-out',
  'at-risk',
  'delayed',
  'assignment-cancelled',
  'work-done',
  'approved',
  'paid',
  'postponed',
  'cancelled',
  'problem-reported',
] as const;
export type StatusKey = (typeof STATUS_KEYS)[number];

/** Keys of the same table for news that is no status: the order stays where it stood. */
export const NEWS_KEYS = [
  'requested',
  'declined',
  'schedule-changed',
  'field-changed',
  'task-completed',
  'problem-resolved',
] as const;
export type NewsKey = (typeof NEWS_KEYS)[number];

/** What an event can tell: a key of the table, or a draft, which the table does not name. Only a stage becomes the known status. */
export type OrderStatus = StatusKey | NewsKey | 'draft';

/** A status and the moment it came true by Field Nation's clock, ISO 8601 in UTC; null when Field Nation gave no time. */
export interface KnownStatus {
  key: OrderStatus;
  at: string | null;
}

const NO_STAGE = Object.fromEntries(NEWS_KEYS.map((key) => [key, null])) as Record<NewsKey, null>;

/**
 * The stage of life behind a status. Within a stage the newer word counts; a step back to an earlier stage is believed
 * only when the work order itself says so. `problem-reported` and the news say nothing about the stage.
 */
const STAGES: Record<OrderStatus, number | null> = {
  draft: 1,
  published: 2,
  routed: 2,
  'assignment-cancelled': 2,
  postponed: 2,
  assigned: 3,
  confirmed: 3,
  'on-my-way': 3,
  'checked-in': 3,
  'checked-out': 3,
  'at-risk': 3,
  delayed: 3,
  'work-done': 4,
  approved: 5,
  paid: 6,
  cancelled: 7,
  'problem-reported': null,
  ...NO_STAGE,
};

/** Order of the usual path within one second, where time alone cannot tell. */
const RANKS: OrderStatus[] = [
  'draft',
  'published',
  'routed',
  'postponed',
  'assigned',
  'confirmed',
  'at-risk',
  'delayed',
  'on-my-way',
  'checked-in',
  'checked-out',
  'assignment-cancelled',
  'work-done',
  'approved',
  'paid',
  'cancelled',
];

const STATES: Record<OrderStatus, DispatchState | null> = {
  draft: 'dispatched',
  published: 'dispatched',
  routed: 'dispatched',
  'assignment-cancelled': 'dispatched',
  postponed: 'dispatched',
  assigned: 'assigned',
  confirmed: 'assigned',
  'on-my-way': 'assigned',
  'at-risk': 'assigned',
  delayed: 'assigned',
  'checked-in': 'on-site',
  'checked-out': 'on-site',
  'work-done': 'work-done',
  approved: 'completed',
  paid: 'completed',
  cancelled: 'cancelled',
  'problem-reported': null,
  ...NO_STAGE,
};

const stageOf = (key: OrderStatus): number => STAGES[key] ?? 0;

/** The dispatch state behind a status; null where the status says nothing about it. */
export const dispatchStateOf = (key: OrderStatus): DispatchState | null => STATES[key];

/** True from the moment a technician is assigned. */
export const isAssigned = (key: OrderStatus): boolean => stageOf(key) >= 3 && key !== 'cancelled';

/** True once the work is done or the order is cancelled: a new trigger then means another visit. */
export const isWorkOver = (key: OrderStatus): boolean => stageOf(key) >= 4;

/** Nobody is in the field for it any more, nobody will be, and it cannot be cancelled; `paid` may still come. */
export const isOver = (key: OrderStatus): boolean => key === 'approved' || isFinal(key);

/** True when nothing more can come: paid or cancelled (interface, section 8). */
export const isFinal = (key: OrderStatus): boolean => key === 'paid' || key === 'cancelled';

/** True when a status tells that the work was done before although nobody has told of that yet. */
export const passesWorkDone = (known: KnownStatus | null, told: OrderStatus): boolean =>
  !(known && isWorkOver(known.key)) && (told === 'approved' || told === 'paid');

/** False for what happens beside the life cycle and must not become the known status. */
export const isStage = (key: OrderStatus): boolean => STAGES[key] !== null;

/** Says more of an order that is assigned: no step back leads there at once. */
const isShade = (key: OrderStatus): boolean => stageOf(key) === stageOf('assigned') && key !== 'assigned';

/** True when both tell of the same stage, whatever their shade (`assigned` and `confirmed`). */
export const sameStage = (a: OrderStatus, b: OrderStatus): boolean => stageOf(a) === stageOf(b);

/**
 * What to do with an event: `apply` it, keep it as `old` news, or `check` the work order first, because the event steps
 * back to an earlier stage. Only Field Nation's own times are compared: clocks differ.
 */
export function judge(known: KnownStatus | null, event: KnownStatus): 'apply' | 'old' | 'check' {
  // A reported problem is news however late it comes, and moves nothing.
  if (!known || !isStage(event.key)) return 'apply';
  const stepsBack = stageOf(event.key) < stageOf(known.key);
  if (event.at === null || known.at === null) {
    // The echo of our own create, after our own publish, whose event will bring its time.
    if (event.key === 'draft') return 'old';
    // Without both times only the work order can tell a true step back from late news.
    if (stepsBack) return 'check';
    return event.key === known.key ? 'old' : 'apply';
  }
  const later = Date.parse(event.at) - Date.parse(known.at);
  if (later < 0) return 'old';
  if (later === 0) {
    // The event of our own create, behind our publish of the same second.
    if (event.key === 'draft') return 'old';
    // Work that was done is assigned again before anybody is on the way: of its own second that can only be late news.
    if (stepsBack) return isShade(event.key) ? 'old' : 'check';
    if (RANKS.indexOf(event.key) > RANKS.indexOf(known.key)) return 'apply';
    // Assigned anew in the second of the cancellation, or late news: the usual path cannot tell.
    return sameStage(event.key, known.key) ? 'old' : 'check';
  }
  const expectedStepBack = event.key === 'assignment-cancelled' && stageOf(known.key) === 3;
  return stepsBack && !expectedStepBack ? 'check' : 'apply';
}

/**
 * Whether a work order that stands at `read` bears out an event that steps back. Of the very second of what is known only
 * its own status counts: late news is not believed because the order has come back to that stage since.
 */
export function bearsOut(read: OrderStatus | null, event: KnownStatus, known: KnownStatus | null): boolean {
  if (read === null || !sameStage(read, event.key)) return false;
  const isTie = event.at !== null && event.at === known?.at;
  return !isTie || read === event.key;
}

const EVENT_KEYS: Record<string, OrderStatus> = {
  'workorder.status.draft': 'draft',
  'workorder.status.published': 'published',
  'workorder.status.routed': 'routed',
  'workorder.status.assigned': 'assigned',
  'workorder.status.confirmed': 'confirmed',
  'workorder.status.assigned_cancelled': 'assignment-cancelled',
  'workorder.status.at_risk': 'at-risk',
  'workorder.status.delayed': 'delayed',
  'workorder.status.on_my_way': 'on-my-way',
  'workorder.status.checked_in': 'checked-in',
  'workorder.status.checked_out': 'checked-out',
  'workorder.status.work_done': 'work-done',
  'workorder.status.approved': 'approved',
  'workorder.status.paid': 'paid',
  'workorder.status.postponed': 'postponed',
  'workorder.status.cancelled': 'cancelled',
  'workorder.status.deleted': 'cancelled',
  'workorder.problem_reported': 'problem-reported',
};

/** Field Nation's names of the events that tell of a status. */
export const STATUS_EVENTS: readonly string[] = Object.keys(EVENT_KEYS);

/** Its names of the events behind the news, which only a config that names them is told of. */
export const NEWS_EVENTS: Record<NewsKey, string> = {
  requested: 'workorder.requested',
  declined: 'workorder.declined',
  'schedule-changed': 'workorder.schedule_updated',
  'field-changed': 'workorder.custom_field_value_updated',
  'task-completed': 'workorder.task_completed',
  'problem-resolved': 'workorder.problem_resolved',
};

const newsOf = (eventName: string): NewsKey | null => NEWS_KEYS.find((key) => NEWS_EVENTS[key] === eventName) ?? null;

/** The status or news an event tells of; null for events about something else. */
export const statusOfEvent = (eventName: string): OrderStatus | null =>
  Object.hasOwn(EVENT_KEYS, eventName) ? (EVENT_KEYS[eventName] ?? null) : newsOf(eventName);

export const isNews = (key: OrderStatus): key is NewsKey => (NEWS_KEYS as readonly string[]).includes(key);

/** What changes of ours bring about as well. */
export const mayBeOurChange = (key: OrderStatus): boolean => key === 'schedule-changed' || key === 'field-changed';

/** The event that tells of a status; the first of them where several do. */
export const eventOfStatus = (key: OrderStatus): string =>
  Object.keys(EVENT_KEYS).find((name) => EVENT_KEYS[name] === key) ?? `workorder.status.${key}`;

const BY_ID: Record<number, OrderStatus> = {
  1: 'draft',
  2: 'published',
  4: 'work-done',
  5: 'approved',
  6: 'paid',
  7: 'cancelled',
  8: 'postponed',
  9: 'routed',
  10: 'cancelled',
};

/** Shades of Assigned, by machine code or words, most telling first (Field Nation contract 14). */
const SHADES: [RegExp, OrderStatus][] = [
  [/check(ed)?[ _-]?out/, 'checked-out'],
  [/check(ed)?[ _-]?in/, 'checked-in'],
  [/on[ _-]?my[ _-]?way/, 'on-my-way'],
  [/at[ _-]?risk/, 'at-risk'],
  [/delayed/, 'delayed'],
  [/cancell?ed/, 'assignment-cancelled'],
  [/confirmed/, 'confirmed'],
];

/** Names of the statuses for the case that only a name came. */
const BY_NAME: Record<string, number> = {
  draft: 1,
  published: 2,
  assigned: 3,
  'work done': 4,
  approved: 5,
  paid: 6,
  cancelled: 7,
  canceled: 7,
  postponed: 8,
  routed: 9,
  deleted: 10,
};

/** Reads a work order's `status` object in any of its shapes; null when it says nothing we know. */
export function statusOfOrder(status: {
  id?: number | string | null | undefined;
  name?: string | null | undefined;
  code?: string | null | undefined;
  sub_status?: string | null | undefined;
  display?: string | null | undefined;
}): OrderStatus | null {
  const id = Number(status.id) || BY_NAME[(status.name ?? '').trim().toLowerCase()];
  if (id === undefined) return null;
  if (id !== 3) return BY_ID[id] ?? null;
  const words = [status.code, status.sub_status, status.display]
    .filter((word) => word)
    .map((w) => String(w).toLowerCase());
  for (const word of words) {
    const shade = SHADES.find(([pattern]) => pattern.test(word));
    if (shade) return shade[1];
  }
  return 'assigned';
}
