import type { FreshdeskClient, TicketInclude } from '../src/clients/freshdesk';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import { UpstreamError } from '../src/clients/upstream-error';
import type { Directory } from './directory';

export interface TicketReader {
  freshdesk: Pick<FreshdeskClient, 'viewTicket'>;
  directory: Pick<Directory, 'companies'>;
}

/** A ticket with its embeds. Promise: each costs a credit, the company only when it is not kept. */
export async function viewTicket(
  { freshdesk, directory: { companies } }: TicketReader,
  ticketId: number,
  include: TicketInclude[],
  signal: AbortSignal,
): Promise<Ticket> {
  const view = (embeds: TicketInclude[]): Promise<Ticket> =>
    freshdesk.viewTicket(ticketId, { include: embeds }, signal);
  if (!include.includes('company')) return view(include);
  if (companies.mayBeKept) {
    const ticket = await view(include.filter((embed) => embed !== 'company'));
    if (ticket.company_id === null) return ticket;
    const company = await companies.view(ticket.company_id, signal);
    if (company) return { ...ticket, company };
  }
  const ticket = await view(include);
  if (ticket.company?.id) companies.keep(ticket.company);
  return ticket;
}

/** Null: the key may not see the ticket, or it is there no more; Freshdesk says 404, or 405 of a deleted one. */
export function viewIfThere(...args: Parameters<typeof viewTicket>): Promise<Ticket | null> {
  return viewTicket(...args).catch((error: unknown) => {
    if (error instanceof UpstreamError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  });
}
