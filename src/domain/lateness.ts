/** From when on a visit to which nobody is assigned counts as late. Source: interface, section 7, `alerts.unassignedBefore`. */

/**
 * In ms since 1970: `before` ms ahead of the start; of a visit that was asked for at shorter notice, once half of that
 * notice is over, since it would be late from its birth otherwise.
 */
export function unassignedLateAt(start: string, orderedAt: string | null, before: number): number {
  const begin = Date.parse(start);
  const ordered = orderedAt === null ? NaN : Date.parse(orderedAt);
  return Math.max(begin - before, Number.isNaN(ordered) ? -Infinity : ordered + (begin - ordered) / 2);
}
