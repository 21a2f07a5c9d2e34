/** Freshdesk's lists take turns. Promise: where the budget ends before all are read, the next sweep begins with another one. */
import { TICKET_LISTS, type TicketList } from '../../contract/reconcile';

const from = (first: number): TicketList[] => [...TICKET_LISTS.slice(first), ...TICKET_LISTS.slice(0, first)];

export const listsInTurn = (first: TicketList = 'changed'): TicketList[] => from(TICKET_LISTS.indexOf(first));

/** With which list the next sweep begins, after one that could not be read to its end; `pages`: how many of it were read. */
export const nextFirst = (list: TicketList, pages: number): TicketList =>
  pages === 0 ? list : (listsInTurn(list)[1] ?? list);
