import type { FreshdeskClient, TicketInclude } from '../src/clients/freshdesk';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import { UpstreamError } from '../src/clients/upstream-error';

/** Null: the key may not see the ticket, or it is there no more; Freshdesk says 404, or 405 of a deleted one. */
export function viewIfThere(
  freshdesk: Pick<FreshdeskClient, 'viewTicket'>,
  ticketId: number,
  include: TicketInclude[],
  signal: AbortSignal,
): Promise<Ticket | null> {
  return freshdesk.viewTicket(ticketId, { include }, signal).catch((error: unknown) => {
    if (error instanceof UpstreamError && (error.status === 404 || error.status === 405)) return null;
    throw error;
  });
}
