/**
 * The life of a work order in Deskbridge's words: its keys, the stage behind each, and what a stage means. Promise: each
 * question about a status is answered here, by its stage. Sources: interface, sections 7 and 8; Field Nation contract 14.
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

/** 0 for what says nothing about the stage. */
export const stageOf = (key: OrderStatus): number => STAGES[key] ?? 0;

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

/** True when both tell of the same stage, whatever their shade (`assigned` and `confirmed`). */
export const sameStage = (a: OrderStatus, b: OrderStatus): boolean => stageOf(a) === stageOf(b);

export const isNews = (key: OrderStatus): key is NewsKey => (NEWS_KEYS as readonly string[]).includes(key);

/** What changes of ours bring about as well. */
export const mayBeOurChange = (key: OrderStatus): boolean => key === 'schedule-changed' || key === 'field-changed';
