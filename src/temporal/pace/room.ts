/** When there is room for a call in a window of 60 s that holds what was used before. Pure. */

const WINDOW = 60_000;

/** The part of the window that one kind of call may use. */
export interface Part {
  /**
   * From 0 to 1: after the call so much of an even flow is still to come free at any later moment, so that what is more
   * urgent finds its credits soon. The rest may go out at once.
   */
  evenly: number;
  /** From 0 to 1: so much of the window is left free for what is more urgent. */
  spare: number;
}

export const NO_PART: Part = { evenly: 0, spare: 0 };

export interface Entry {
  cost: number;
  /** Infinity: not within the window, for all that is known. */
  expiresAt: number;
  /** It stands for many calls that come free one by one until then. */
  flows?: boolean;
}

export const sum = (entries: readonly { cost: number }[]): number => entries.reduce((all, { cost }) => all + cost, 0);

/** Ms until the call has room when nothing else happens; Infinity: only when an entry without an end is gone. */
export function waitIn(entries: readonly Entry[], room: number, cost: number, part: Part, now: number): number {
  const rate = (room * part.evenly) / WINDOW;
  // What would never fit waits until the window is empty.
  const fitting = Math.min(cost, room * (1 - part.evenly - part.spare));
  const ending = entries.filter(({ expiresAt }) => expiresAt !== Infinity).sort((a, b) => a.expiresAt - b.expiresAt);
  let free = room - sum(entries) - fitting - room * part.spare;
  let wait = 0;
  let flowing = ending.find(({ flows }) => flows);
  for (const entry of ending) {
    const ends = entry.expiresAt - now;
    const flowed = flowing ? (flowing.cost * ends) / (flowing.expiresAt - now) : 0;
    // Right before this one ends, an even flow must have come free.
    if (free < -ROUNDING) wait = Math.max(wait, ends);
    else if (rate > 0) wait = Math.max(wait, Math.min(ends, WINDOW) - Math.max(free + flowed, 0) / rate);
    free += entry.cost;
    if (entry === flowing) flowing = undefined;
  }
  return free < rate * WINDOW - ROUNDING ? Infinity : wait;
}

/** Sums of fractions are not exact. */
const ROUNDING = 1e-6;
