/**
 * What a parent ticket shows of its child tickets, and how a child finds its parent. Promise: each is one call and safe to
 * repeat; a ticket without a parent costs none.
 */
import type { FreshdeskClient, Ticket } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { ParentRead, TellParentInput } from '../src/contract/sites';
import { isClosedStatus } from './rules';
import type { Upstream } from './upstream';
import type { Directory } from './directory';
import { viewIfThere } from './view-ticket';

/** Tells the run of a parent ticket; made in `src/temporal`. */
export interface SitesTeller {
  tell(input: TellParentInput): Promise<void>;
}

export interface SiteActivitiesDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  config: { current(): Config };
  sites: SitesTeller;
  upstream: Upstream;
}

/** Freshdesk's `association_type`. */
const PARENT = 1;
const CHILD = 2;

/** The parent of a child ticket, where the config wants anything shown there. */
export function parentOf(ticket: Ticket, { sites }: Config['dispatch']): { parentId?: number } {
  const [parentId] = ticket.associated_tickets_list;
  const isWanted = sites.summary || sites.progressField !== null;
  return isWanted && ticket.association_type === CHILD && parentId !== undefined ? { parentId } : {};
}

export const createSiteActivities = ({ freshdesk, directory, config, sites, upstream }: SiteActivitiesDeps) => {
  const view = (ticketId: number): Promise<Ticket | null> =>
    upstream('freshdesk', async (signal) => {
      const ticket = await viewIfThere({ freshdesk, directory }, ticketId, [], signal);
      return ticket?.deleted || ticket?.spam ? null : ticket;
    });

  return {
    /** Starts or tells the parent's run. */
    async tellParent(input: TellParentInput): Promise<void> {
      await sites.tell(input);
    },

    async readParent({ ticketId }: { ticketId: number }): Promise<ParentRead> {
      const ticket = await view(ticketId);
      const { progressField: field, summary } = config.current().dispatch.sites;
      const isParent = ticket?.association_type === PARENT && ticket.associated_tickets_list.length > 0;
      const value = field === null ? null : ticket?.custom_fields[field];
      return {
        children: isParent ? ticket.associated_tickets_list : null,
        progress: field === null ? null : { field, value: typeof value === 'string' ? value : null },
        summary,
      };
    },

    /** A ticket that is gone is closed as well. */
    async readUnvisited({ ticketId }: { ticketId: number }): Promise<{ closed: boolean }> {
      const ticket = await view(ticketId);
      return { closed: ticket === null || isClosedStatus(ticket.status) };
    },

    async writeProgress({ ticketId, field, value }: { ticketId: number; field: string; value: string }): Promise<void> {
      await upstream('freshdesk', (signal) =>
        freshdesk.updateTicket(ticketId, { custom_fields: { [field]: value } }, signal),
      );
    },
  };
};
