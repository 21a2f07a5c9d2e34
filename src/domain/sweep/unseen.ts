/**
 * Tickets that a dispatch could not find when it began: a key without rights to their group, or a replica that lagged.
 * Promise: each is asked about again for a day, by every sweep; then it counts as not there.
 */
export interface UnseenTicket {
  ticketId: number;
  /** When a sweep first heard of it, ISO 8601. */
  since: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Each costs a call in every sweep. */
const MOST = 50;

/** `found`: tickets whose dispatch has ended lately without having seen them. */
export function unseenNow(known: readonly UnseenTicket[], found: readonly number[], now: number): UnseenTicket[] {
  const fresh = [...new Set(found)].filter((ticketId) => !known.some((one) => one.ticketId === ticketId));
  return [...known, ...fresh.map((ticketId) => ({ ticketId, since: new Date(now).toISOString() }))]
    .filter(({ since }) => now - Date.parse(since) < DAY_MS)
    .slice(-MOST);
}
