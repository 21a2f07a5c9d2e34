/** Which open orders a sweep asks about in turn. */
import type { KnownStatus } from '../status';

/** An approved order whose payment has not come by then: some are never marked as paid. In ms. */
const UNPAID_MS = 30 * 24 * 60 * 60 * 1000;

/** False for what only waits for `paid`, for longer than a month: it is asked about after gaps alone. */
export const isDue = ({ key, at }: KnownStatus, now: number): boolean =>
  key !== 'approved' || at === null || now - Date.parse(at) < UNPAID_MS;
