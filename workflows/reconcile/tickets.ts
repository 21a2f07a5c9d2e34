/**
 * Tickets that changed since the last sweep. Promise: the longest ago first, none left out between two pages, and only
 * those told of whose dispatch cannot know of the change; a used-up budget goes on from there in the next sweep.
 */
import type { ListTicketsQuery } from '../../activities/reconcile';
import type { ListMark } from '../../src/contract/reconcile';
import { ticketDrift, type ListedTicket } from '../../src/domain/sweep/ticket-drift';
import { sweptEngine, sweptFreshdesk } from '../proxies';
import type { Sweep } from './sweep';

/** The list may lag behind by this much, in ms. */
const OVERLAP_MS = 5 * 60 * 1000;

/** Ends a sweep of a huge account; the next one goes on from there. */
const MOST_PAGES = 50;

export async function sweepTickets(sweep: Sweep): Promise<void> {
  const { tickets } = sweep.marks;
  tickets.changed = await sweepList(sweep, null, tickets.changed);
  // No webhook tells of these, and the list above leaves them out.
  tickets.deleted = await sweepList(sweep, 'deleted', tickets.deleted);
  tickets.spam = await sweepList(sweep, 'spam', tickets.spam);
}

/** Gives the mark that the next sweep begins at. Its times are Freshdesk's own: clocks may differ. */
async function sweepList(sweep: Sweep, filter: ListTicketsQuery['filter'], mark: ListMark): Promise<ListMark> {
  const overlapped = new Date(Date.parse(mark.since) - OVERLAP_MS).toISOString();
  // In the middle of a page's worth of one second there is nothing to overlap with.
  let next: ListMark = mark.page > 1 ? mark : { since: overlapped, page: 1 };
  let newest = mark.since;
  const seen = new Set<string>();
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const asked = next;
    const { answer } = await sweep.ask('freshdesk', () => sweptFreshdesk.listChangedTickets({ filter, ...asked }));
    if (!answer) break;
    const fresh = answer.tickets.filter((ticket) => !seen.has(versionOf(ticket)));
    for (const ticket of fresh) seen.add(versionOf(ticket));
    sweep.result.tickets.listed += fresh.length;
    await tellOf(sweep, fresh);
    const last = answer.tickets.at(-1)?.updatedAt;
    if (last !== undefined && Date.parse(last) > Date.parse(newest)) newest = last;
    if (!answer.hasMore || last === undefined) return { since: newest, page: 1 };
    // By time, not by page number: a ticket that changes meanwhile moves all others up.
    next = Date.parse(last) > Date.parse(next.since) ? { since: last, page: 1 } : { ...next, page: next.page + 1 };
  }
  sweep.unfinished = true;
  // Never further back than before: the overlap was worked through or will be again.
  return Date.parse(next.since) > Date.parse(mark.since) || next.page > 1 ? next : mark;
}

/** Freshdesk's times have whole seconds, in which more than one thing may happen. */
const versionOf = ({ ticketId, updatedAt, status, gone }: ListedTicket): string =>
  `t${ticketId}@${updatedAt} ${gone ? 'gone' : status}`;

async function tellOf(sweep: Sweep, listed: ListedTicket[]): Promise<void> {
  const untold = listed.filter((ticket) => !sweep.wasTold(versionOf(ticket)));
  if (untold.length === 0) return;
  const standings = await sweptEngine.sweptStandings({ ticketIds: untold.map(({ ticketId }) => ticketId) });
  const drifts = untold.map((ticket) => {
    const standing = standings.find(({ ticketId }) => ticketId === ticket.ticketId) ?? null;
    return { ticket, drift: ticketDrift(ticket, standing) };
  });
  const tickets = drifts.filter(({ drift }) => drift === 'tell' || drift === 'start').map(({ ticket }) => ticket);
  // Where one change was missed, others may be hidden behind writes of our own.
  const missed = tickets.length > 0 || sweep.result.tickets.signalled + sweep.result.tickets.started > 0;
  const checked = missed ? drifts.filter(({ drift }) => drift === 'check').map(({ ticket }) => ticket) : [];
  if (tickets.length + checked.length === 0) return;
  const answer = await sweptEngine.tellTickets({ tickets, checked });
  const told = new Set([...answer.told, ...answer.started, ...answer.checked]);
  for (const ticket of untold) if (told.has(ticket.ticketId)) sweep.noteTold(versionOf(ticket));
  const { result } = sweep;
  result.tickets.signalled += answer.told.length;
  result.tickets.started += answer.started.length;
  result.tickets.checked += answer.checked.length;
  sweep.count('ticket-told', answer.told.length);
  sweep.count('dispatch-started', answer.started.length);
}
