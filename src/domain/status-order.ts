/**
 * The order of what is told about a work order. Promise: an event that is older than what is known never moves anything
 * back. Sources: interface, section 8; Field Nation contract, section 15.1.
 */
import { isStage, sameStage, stageOf, type KnownStatus, type OrderStatus } from './status';

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

/** Says more of an order that is assigned: no step back leads there at once. */
const isShade = (key: OrderStatus): boolean => stageOf(key) === stageOf('assigned') && key !== 'assigned';

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
