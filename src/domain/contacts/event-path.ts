/** How the paths of the config read an event: own properties only, each path taken apart once. */
import { ownValue, readableSegments } from '../mapping/sources';
import type { Entries } from './analytics-call';

/** What stands at `path`; undefined when it leads nowhere or is not a path. */
export function valueAt(source: Entries, path: string): unknown {
  const segments = segmentsOf(path);
  return segments === null ? undefined : ownValue(source, segments);
}

/** Paths come from the config alone, so there are few; the bound holds however often it is read again. */
const MOST_KNOWN = 1000;
// eslint-disable-next-line no-restricted-syntax -- no workflow loads this module; the web server and the activities do
const known = new Map<string, readonly string[] | null>();

function segmentsOf(path: string): readonly string[] | null {
  const before = known.get(path);
  if (before !== undefined) return before;
  if (known.size >= MOST_KNOWN) known.clear();
  const segments = readableSegments(path);
  known.set(path, segments);
  return segments;
}
