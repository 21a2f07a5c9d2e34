/**
 * What a work order's dispatch has missed, as the events that would have told it. Promise: a stage that was skipped is told
 * in its order with the time that Field Nation gives it; where Field Nation gives none, or one that would lose against what
 * is known, the event has no time, and the dispatch asks Field Nation itself before it steps back.
 */
import { isAssigned, isStage, sameStage, type KnownStatus, type OrderStatus } from '../status';
import { judge } from '../status-order';
import type { ConversationCounts } from '../conversation/counts';

/** The order as Field Nation showed it. Times ISO 8601. */
export interface SeenOrder {
  status: OrderStatus | null;
  /** When it came into that status; null when Field Nation doesn't say. */
  at: string | null;
  milestones: { assigned: string | null; workDone: string | null; approved: string | null };
  /** Messages and files; absent where nothing is told of them. */
  counts?: ConversationCounts;
}

/** A new assignment this much later than what is known is another one, not the same by another clock. */
const SAME_NEWS_MS = 5 * 60 * 1000;

/** The usual path from the assignment on, as far as milestones tell of it. */
const PATH = ['assigned', 'work-done', 'approved', 'paid'] as const;

const stepOf = (key: OrderStatus): number => PATH.findIndex((step) => sameStage(step, key));

/** The events that are missing, in their order; none when the order is as its dispatch knows it. */
export function orderDrift(known: KnownStatus, seen: SeenOrder): KnownStatus[] {
  const { status } = seen;
  // A draft does nothing to a ticket, and is what an order of ours is until we publish it.
  if (status === null || status === 'draft' || !isStage(status)) return [];
  // A step back has no time of its own: the milestone is that of the first time, whose event was seen long ago.
  const stepsBack = judge(known, { key: status, at: null }) === 'check';
  const last: KnownStatus = { key: status, at: stepsBack ? null : believable(known, seen.at) };
  if (sameStage(known.key, status)) return sameStageDrift(known, seen, last);
  const to = stepOf(status);
  if (to < 0 || to <= stepOf(known.key)) return [last];
  const times = [seen.milestones.assigned, seen.milestones.workDone, seen.milestones.approved, null];
  const skipped = PATH.slice(stepOf(known.key) + 1, to).map((key, i): KnownStatus => {
    return { key, at: believable(known, times[stepOf(known.key) + 1 + i] ?? null) };
  });
  // The work done is what resolves the ticket: it is told even where its time is not known.
  return [...skipped.filter(({ key, at }) => at !== null || key === 'work-done'), last];
}

function sameStageDrift(known: KnownStatus, seen: SeenOrder, last: KnownStatus): KnownStatus[] {
  const { assigned } = seen.milestones;
  const anew = assigned !== null && known.at !== null && Date.parse(assigned) - Date.parse(known.at) > SAME_NEWS_MS;
  if (isAssigned(known.key) && sameStage(known.key, 'assigned')) {
    if (anew) return last.key === 'assigned' ? [last] : [{ key: 'assigned', at: assigned }, last];
    // The plain word says less than the shade that is known.
    return last.key === known.key || last.key === 'assigned' ? [] : [last];
  }
  // An order whose assignment was cancelled is open again: that is no news.
  return last.key === known.key || known.key === 'assignment-cancelled' ? [] : [last];
}

/** A time that is older than what is known would make old news of it. */
const believable = (known: KnownStatus, at: string | null): string | null =>
  at !== null && (known.at === null || Date.parse(at) >= Date.parse(known.at)) ? at : null;

const PREFIX = 'reconcile-';

/** The same finding has the same key, in this sweep and in later ones. */
export const sweepKey = (orderId: number, known: KnownStatus, told: KnownStatus): string =>
  `${PREFIX}${orderId}-${told.key}-${told.at ?? `after-${known.key}-${known.at ?? 'unknown'}`}`;

/** Of a status that was read on the way: its own event may still come, as after a sweep. */
export const readKey = (orderId: number, { key, at }: KnownStatus): string =>
  `${PREFIX}${orderId}-${key}-${at ?? 'read'}`;

export const isSweepKey = (key: string): boolean => key.startsWith(PREFIX);

/** Whether two tell of the same: Field Nation's event and its milestone need not name the same second. */
export const isSameNews = (a: KnownStatus, b: KnownStatus): boolean =>
  a.key === b.key && (a.at === null || b.at === null || Math.abs(Date.parse(a.at) - Date.parse(b.at)) <= SAME_NEWS_MS);
