/**
 * Tickets that changed since the last sweep. Promise: the longest ago first, none left out between two pages, and only
 * those told of whose dispatch cannot know of the change; a used-up budget goes on from there in the next sweep.
 */

import type { ListMark } from '../../src/contract/reconcile';
import { ListWalk } from '../../src/domain/sweep/list-walk';
import { ticketNews, type ListedTicket } from '../../src/domain/sweep/ticket-drift';
import type { Sweep } from './sweep';
import type { ListTicketsQuery } from '../../src/contract/sweep-calls';

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
  const walk = new ListWalk(mark, sweep.marks.begin);
  const seen = new Set<string>();
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const asked = walk.next;
    const { answer } = await sweep.ask('freshdesk', () =>
      sweep.calls.freshdesk.listChangedTickets({ filter, ...asked }),
    );
    if (!answer) break;
    const fresh = answer.tickets.filter((ticket) => !seen.has(versionOf(ticket)));
    for (const ticket of fresh) seen.add(versionOf(ticket));
    sweep.result.tickets.listed += fresh.length;
    await tellOf(sweep, fresh);
    if (!walk.take(answer.tickets.at(-1)?.updatedAt, answer.hasMore)) return walk.finished();
  }
  sweep.unfinished = true;
  return walk.stopped();
}

/** Freshdesk's times have whole seconds, in which more than one thing may happen. */
const versionOf = ({ ticketId, updatedAt, status, gone }: ListedTicket): string =>
  `t${ticketId}@${updatedAt} ${gone ? 'gone' : status}`;

async function tellOf(sweep: Sweep, listed: ListedTicket[]): Promise<void> {
  const untold = listed.filter((ticket) => !sweep.wasTold(versionOf(ticket)));
  if (untold.length === 0) return;
  const standings = await sweep.calls.engine.sweptStandings({ ticketIds: untold.map(({ ticketId }) => ticketId) });
  const { result } = sweep;
  const { tickets, checked } = ticketNews(untold, standings, result.tickets.signalled + result.tickets.started > 0);
  if (tickets.length + checked.length === 0) return;
  const answer = await sweep.calls.engine.tellTickets({ tickets, checked });
  const told = new Set([...answer.told, ...answer.started, ...answer.checked]);
  for (const ticket of untold) if (told.has(ticket.ticketId)) sweep.noteTold(versionOf(ticket));
  result.tickets.signalled += answer.told.length;
  result.tickets.started += answer.started.length;
  result.tickets.checked += answer.checked.length;
  sweep.count('ticket-told', answer.told.length);
  sweep.count('dispatch-started', answer.started.length);
}
