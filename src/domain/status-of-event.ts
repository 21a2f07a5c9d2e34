/** Field Nation's events and the status or news that each tells of. Source: Field Nation contract, section 15.1. */
import { NEWS_KEYS, type NewsKey, type OrderStatus } from './status';

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

/** The event that tells of a status; the first of them where several do. */
export const eventOfStatus = (key: OrderStatus): string =>
  Object.keys(EVENT_KEYS).find((name) => EVENT_KEYS[name] === key) ?? `workorder.status.${key}`;
