import type { CleanOptions } from '../text';
import type { MappingSources } from './sources';
import { asText } from './values';

/** How a ticket's HTML is cleaned: its links start from the help desk, and the rest of a cut text is in the ticket. */
export function helpDesk({ account, ticket }: Pick<MappingSources, 'account' | 'ticket'>): CleanOptions {
  const base = `https://${account}.freshdesk.com`;
  const id = asText(ticket['id']) ?? '';
  return { base, rest: id === '' ? '' : `the rest is in Freshdesk ticket ${id}: ${base}/a/tickets/${id}` };
}
