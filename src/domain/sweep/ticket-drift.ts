/**
 * Whether a listed ticket is news to its dispatch. Promise: a ticket that nothing happened to is no news, and a ticket
 * without a dispatch is one only when its rule matches; what follows is the dispatch's to decide (interface, section 8).
 */
import type { DispatchSync } from '../../contract/reconcile';

export interface ListedTicket {
  ticketId: number;
  /** ISO 8601. */
  updatedAt: string;
  status: number;
  matches: boolean;
  closed: boolean;
  /** Deleted or spam. */
  gone: boolean;
}

/** The newest run of a ticket; `sync` is null when it has published nothing yet. */
export interface Standing {
  running: boolean;
  sync: DispatchSync | null;
}

/** `tell` and `start` are surely missed; `check` may hide a change behind a write of our own. */
export type TicketDrift = 'tell' | 'start' | 'check' | null;

/** The later one of two times; null when there is none. */
export const later = (a: string | null, b: string | null): string | null =>
  a === null || b === null ? (a ?? b) : Date.parse(a) < Date.parse(b) ? b : a;

const isAfter = (a: string, b: string | null): boolean => b === null || Date.parse(a) > Date.parse(b);

export function ticketDrift(ticket: ListedTicket, standing: Standing | null): TicketDrift {
  const sync = standing?.sync ?? null;
  const known = sync && later(sync.lookedAt, sync.writtenAt);
  if (!standing?.running) {
    // A closed ticket wants nobody, and an ended dispatch has said why.
    const wanted = ticket.matches && !ticket.closed && !ticket.gone;
    return wanted && isAfter(ticket.updatedAt, known) ? 'start' : null;
  }
  if (sync === null) return 'tell';
  if (ticket.gone !== sync.gone) return 'tell';
  if (ticket.gone) return null;
  if (isAfter(ticket.updatedAt, known)) return 'tell';
  // An older sight than the dispatch had: the list lags behind.
  if (isAfter(known ?? ticket.updatedAt, ticket.updatedAt)) return null;
  if (ticket.status !== sync.status || ticket.matches !== sync.matches) return 'tell';
  return isAfter(ticket.updatedAt, sync.lookedAt) ? 'check' : null;
}

/** What the dispatches of listed tickets are told, and what they look at to be sure. `hasMissed`: the sweep found more such. */
export function ticketNews(
  listed: readonly ListedTicket[],
  standings: readonly (Standing & { ticketId: number })[],
  hasMissed: boolean,
): { tickets: ListedTicket[]; checked: ListedTicket[] } {
  const drifts = listed.map((ticket) => {
    const standing = standings.find(({ ticketId }) => ticketId === ticket.ticketId) ?? null;
    return { ticket, drift: ticketDrift(ticket, standing) };
  });
  const those = (...wanted: TicketDrift[]): ListedTicket[] =>
    drifts.filter(({ drift }) => wanted.includes(drift)).map(({ ticket }) => ticket);
  const tickets = those('tell', 'start');
  // Where one change was missed, others may be hidden behind writes of our own.
  return { tickets, checked: hasMissed || tickets.length > 0 ? those('check') : [] };
}
