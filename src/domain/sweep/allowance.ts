/**
 * How many calls a sweep may make. Promise: over any time the sweeps use no more than a tenth of a quota, however short
 * the interval; what one leaves over the next may use, up to one interval's worth.
 */

const MINUTE = 60_000;
const SHARE = 0.1;
/** What may be saved up where an interval earns less: a sweep must be able to take one whole step. */
const LEAST = 10;

export interface AllowanceInput {
  callsPerMinute: number;
  /** Of the sweeps, in ms. */
  interval: number;
  /** What the last sweep left over, and how long ago it began, in ms; null for the first one. */
  last: { left: number; ago: number } | null;
}

/** May be a fraction; a call needs a whole one. */
export function allowanceOf({ callsPerMinute, interval, last }: AllowanceInput): number {
  const perMs = (callsPerMinute * SHARE) / MINUTE;
  const most = Math.max(perMs * interval, LEAST);
  return last === null ? most : Math.min(most, last.left + perMs * Math.max(0, last.ago));
}
