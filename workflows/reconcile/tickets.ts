/**
 * Tickets that changed since the last sweep. Promise: the longest ago first, none left out between two pages, and only
 * those told of whose dispatch cannot know of the change; a used-up budget goes on from there in the next sweep.
 */

import type { ListMark, TicketList } from '../../src/contract/reconcile';
import { ListWalk } from '../../src/domain/sweep/list-walk';
import { listsInTurn, nextFirst } from '../../src/domain/sweep/ticket-lists';
import { ticketNews, type ListedTicket } from '../../src/domain/sweep/ticket-drift';
import type { Sweep } from './sweep';

/** Ends a sweep of a huge account; the next one goes on from there. */
const MOST_PAGES = 50;
/** Calls that the lists leave to what a sweep does after them: else an account that changes much would never come to that. */
const LEFT_OVER = 2;

export async function sweepTickets(sweep: Sweep): Promise<void> {
  const { tickets } = sweep.marks;
  let next: TicketList | undefined;
  for (const list of listsInTurn(tickets.first)) {
    const { mark, pages, isWhole } = await sweepList(sweep, list, tickets[list]);
    tickets[list] = mark;
    if (!isWhole) next ??= nextFirst(list, pages);
  }
  if (next) tickets.first = next;
  else delete tickets.first;
}

interface ListRead {
  /** Where the next sweep begins. */
  mark: ListMark;
  pages: number;
  isWhole: boolean;
}

/** No webhook tells of tickets that are deleted or spam, and the list of the changed ones leaves them out. */
async function sweepList(sweep: Sweep, list: TicketList, mark: ListMark): Promise<ListRead> {
  const walk = new ListWalk(mark, sweep.marks.begin, sweep.now());
  const seen = new Set<string>();
  const filter = list === 'changed' ? null : list;
  let pages = 0;
  for (; pages < MOST_PAGES && sweep.marks.left.freshdesk >= 1 + LEFT_OVER; pages++) {
    const asked = walk.next;
    const { answer } = await sweep.ask('freshdesk', () =>
      sweep.calls.freshdesk.listChangedTickets({ filter, ...asked }),
    );
    if (!answer) break;
    const fresh = answer.tickets.filter((ticket) => !seen.has(versionOf(ticket)));
    for (const ticket of fresh) seen.add(versionOf(ticket));
    sweep.result.tickets.listed += fresh.length;
    await tellOf(sweep, fresh);
    if (!walk.take(answer.tickets.at(-1)?.updatedAt, answer.hasMore))
      return { mark: walk.finished(sweep.now()), pages: pages + 1, isWhole: true };
  }
  sweep.unfinished = true;
  return { mark: walk.stopped(), pages, isWhole: false };
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
