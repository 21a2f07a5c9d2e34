/** Which part of an upstream's minute each kind of work may use, and how long a call waits for its turn in this process. */
import type { UpstreamSystem } from '../../clients/upstream-error';
import { PRIORITY } from '../../contract/names';
import { NO_PART, type Part } from './room';

/** First looks leave room for the links and notes of what has begun. */
const FIRST_LOOKS: Part = { evenly: 0.4, spare: 0 };
/** A burst of contacts takes a quarter of a quiet minute at once, then an even flow of which a ticket finds the next credits. */
const BACKGROUND: Part = { evenly: 0.75, spare: 0.03 };
/** Field Nation tells no window, but that short bursts have a bound of their own. */
const NO_BURST: Part = { evenly: 0.75, spare: 0 };

export function partOf(system: UpstreamSystem, priority: number): Part {
  if (priority > PRIORITY.newTickets) return BACKGROUND;
  if (system === 'field-nation') return NO_BURST;
  return priority === PRIORITY.newTickets ? FIRST_LOOKS : NO_PART;
}

export const isUrgent = (priority: number): boolean => priority <= PRIORITY.newTickets;
