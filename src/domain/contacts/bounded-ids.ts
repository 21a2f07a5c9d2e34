/** Of one run in the index, whose values are small: a broken sender may give one user id hundreds of addresses. */
const MOST_IDS = 20;

/** Each id once; of too many the newest, and the first, which all events of the contact share. Workflows import this. */
export function boundedIds(ids: readonly string[]): string[] {
  const [first, ...others] = new Set(ids);
  return first === undefined ? [] : [first, ...others.slice(1 - MOST_IDS)];
}
