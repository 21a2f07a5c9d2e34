/** When a visit counts as late. Source: interface, section 7, `alerts.unassignedBefore` and `alerts.notArrivedAfter`. */
import type { DispatchMemo } from '../contract/memo';
import { dispatchStateOf, type OrderStatus } from './status';

/**
 * In ms since 1970: `before` ms ahead of the start; of a visit that was asked for at shorter notice, once half of that
 * notice is over, since it would be late from its birth otherwise.
 */
export function unassignedLateAt(start: string, orderedAt: string | null, before: number): number {
  const begin = Date.parse(start);
  const ordered = orderedAt === null ? NaN : Date.parse(orderedAt);
  return Math.max(begin - before, Number.isNaN(ordered) ? -Infinity : ordered + (begin - ordered) / 2);
}

/** Until when somebody may come, in ms since 1970: the end of the arrival window, or the start where there is none. */
export const expectedBy = (start: number, dueAt: string | null = null): number =>
  dueAt === null ? start : Date.parse(dueAt);

/** Arrival windows that are longer are followed until here. */
export const LONGEST_WINDOW_MS = 14 * 24 * 60 * 60_000;

/** A check-in so long after its time is on time still: as the config's default of `alerts.notArrivedAfter` has it, in ms. */
export const GRACE_MS = 15 * 60_000;

/** `open`: neither is known. `start` and `now` in ms since 1970. */
export function punctualityOf(
  { state, workOrderStatus, course }: Pick<DispatchMemo, 'state' | 'workOrderStatus' | 'course'>,
  start: number,
  now: number,
): 'onTime' | 'late' | 'open' {
  const arrivedAt = course?.arrivedAt ?? null;
  const latest = expectedBy(start, course?.dueAt) + GRACE_MS;
  if (arrivedAt !== null) return Date.parse(arrivedAt) <= latest ? 'onTime' : 'late';
  const stands = workOrderStatus === null ? 'dispatched' : dispatchStateOf(workOrderStatus as OrderStatus);
  const isExpected = state !== 'cancelled' && (stands === 'dispatched' || stands === 'assigned');
  return isExpected && now > latest ? 'late' : 'open';
}
