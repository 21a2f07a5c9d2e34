/** What an event or an order ever tells a template: any other path under these sources would always be empty. */
import { didYouMean } from './did-you-mean';
import { splitPath } from './sources';
import type { PathFault } from './sources';

/** Docs/mapping.md shows the same list. */
export const TOLD_PATHS: readonly string[] = [
  ...['id', 'url', 'title', 'status', 'closing_notes'].map((name) => `workOrder.${name}`),
  ...['schedule.service_window.start.utc', 'eta.start.utc', 'time_logs.hours'].map((name) => `workOrder.${name}`),
  ...['milestones.assigned.utc', 'milestones.workdone.utc'].map((name) => `workOrder.${name}`),
  ...['previous.id', 'previous.url'].map((name) => `workOrder.${name}`),
  ...['id', 'name', 'first_name', 'last_name'].map((name) => `provider.${name}`),
  ...['name', 'timestamp', 'delay_minutes'].map((name) => `event.${name}`),
];

/** The fault of a path that nothing ever fills; null for one that is told, a part of one, and for other sources. */
export function toldFault(path: string): PathFault | null {
  const segments = splitPath(path);
  if (segments === null || !['workOrder', 'provider', 'event'].includes(segments[0] ?? '')) return null;
  const plain = segments.join('.');
  if (TOLD_PATHS.some((told) => told === plain || told.startsWith(`${plain}.`))) return null;
  const guess = didYouMean(plain, TOLD_PATHS);
  return {
    message: `"${path}" is always empty: no event tells it`,
    hint: guess === null ? `use one of ${TOLD_PATHS.join(', ')}` : `did you mean "${guess}"?`,
  };
}
