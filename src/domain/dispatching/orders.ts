/**
 * The account's sliding hour of orders. Promise: in no hour more are let through than the limit says; what is remembered
 * stays small, and errs to the strict side by a 360th of the hour at most.
 */
import type { OrderCount } from '../../contract/dispatching';

/** The hour is remembered in so many pieces. */
const PIECES = 360;

/** Those that still count. */
export const recentOrders = (orders: readonly OrderCount[], now: number, hour: number): OrderCount[] =>
  orders.filter(([at]) => at > now - hour);

export const countOrders = (orders: readonly OrderCount[], now: number, hour: number): number =>
  recentOrders(orders, now, hour).reduce((sum, [, count]) => sum + count, 0);

/** Lets through what the limit leaves of `want`; null: all. */
export function takeOrders(
  orders: readonly OrderCount[],
  { want, limit }: { want: number; limit: number | null },
  now: number,
  hour: number,
): { orders: OrderCount[]; granted: number } {
  const recent = recentOrders(orders, now, hour);
  const left = limit === null ? want : limit - countOrders(recent, now, hour);
  const granted = Math.max(0, Math.min(want, left));
  if (granted === 0) return { orders: recent, granted };
  const last = recent.at(-1);
  // Those of one piece of time count as made at its latest moment.
  if (last && Math.floor((last[0] * PIECES) / hour) === Math.floor((now * PIECES) / hour)) {
    return { orders: [...recent.slice(0, -1), [Math.max(now, last[0]), last[1] + granted]], granted };
  }
  return { orders: [...recent, [now, granted]], granted };
}

/** Of two copies of the hour the one that counts more. */
export const stricterOrders = (
  a: readonly OrderCount[],
  b: readonly OrderCount[] | undefined,
  now: number,
  hour: number,
): OrderCount[] => {
  const [mine, other] = [recentOrders(a, now, hour), recentOrders(b ?? [], now, hour)];
  return countOrders(other, now, hour) > countOrders(mine, now, hour) ? other : mine;
};

/** The largest block of orders that a process takes at once: a twentieth of the limit, so that small limits are exact. */
export const largestBlock = (limit: number | null): number =>
  limit === null ? 20 : Math.max(1, Math.floor(limit / 20));
