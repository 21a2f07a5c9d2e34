/** Pausing and resuming, and what holds when two copies differ. Promise: a pause is never lost between two copies. */
import type { DispatchingFacts, Pause, Upstreams } from '../../contract/dispatching';
import { typedText } from '../text/typed';
import { joinedWatched } from './baseline';

export const NOT_PAUSED: Pause = { paused: false, reason: null, by: null, since: null };

/** The longest reason and name that are kept, in characters. */
const LONGEST = { reason: 500, by: 100 };

/** A pause beside a pause changes the reason, not since when it holds. Typed by hand, the argument may be anything. */
export function paused(
  before: Pause,
  asked: { reason?: unknown; by?: unknown } | null | undefined,
  now: string,
): Pause {
  return {
    paused: true,
    reason: typedText(asked?.reason, LONGEST.reason) ?? 'no reason was given',
    by: typedText(asked?.by, LONGEST.by),
    since: before.paused ? before.since : now,
  };
}

export const stricterPause = (a: Pause, b: Pause | undefined): Pause => (a.paused || !b ? a : b);

/** A host that one copy knows is known. */
export const joinedUpstreams = (a: Upstreams, b: Upstreams | undefined): Upstreams => ({
  freshdesk: a.freshdesk ?? b?.freshdesk ?? null,
  fieldNation: a.fieldNation ?? b?.fieldNation ?? null,
});

/** What holds when the copies differ. */
export const stricter = (a: DispatchingFacts, b: Partial<DispatchingFacts>): DispatchingFacts => ({
  pause: stricterPause(a.pause, b.pause),
  upstreams: joinedUpstreams(a.upstreams, b.upstreams),
  watched: joinedWatched(a.watched, b.watched),
});
