/** The config's dispatch rules, with labels turned into numbers and applied to a ticket. Source: interface, section 7. */
import type { Config } from '../src/config/schema';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import type { TicketSight } from '../src/domain/trigger';

/** Statuses of Freshdesk that mean the ticket is over (contract 6.5). */
const CLOSED_STATUSES = [4, 5];

export const isClosedStatus = (status: number): boolean => CLOSED_STATUSES.includes(status);

/** The number of a status given as label or number; null when the account has no such label. */
export function statusNumber(status: string | number, statuses: ReadonlyMap<string, number>): number | null {
  if (typeof status === 'number') return status;
  const label = status.trim().toLowerCase();
  return statuses.get(label) ?? (/^\d+$/.test(label) ? Number(label) : null);
}

/** The rule's statuses as numbers, and those that the account does not know. */
export function triggerStatuses(
  when: Pick<Config['dispatch']['when'], 'statuses'>,
  statuses: ReadonlyMap<string, number>,
): { numbers: number[]; unknown: string[] } {
  const found = when.statuses.map((status) => ({ status, number: statusNumber(status, statuses) }));
  return {
    numbers: found.flatMap(({ number }) => (number === null ? [] : [number])),
    unknown: found.flatMap(({ status, number }) => (number === null ? [String(status)] : [])),
  };
}

/** Tags as they are compared: Freshdesk's tags know no case. */
export const comparable = (tags: readonly string[]): string[] => tags.map((tag) => tag.trim().toLowerCase());

/** Those of `tags` that are trigger tags, comparable. */
export function matchingTags(when: Pick<Config['dispatch']['when'], 'tags'>, tags: readonly string[]): string[] {
  const wanted = comparable(when.tags);
  return comparable(tags).filter((tag) => wanted.includes(tag));
}

/** What the link field holds, as text; null when empty. */
export function linkOf(ticket: Ticket, linkField: string | null): string | null {
  const value = linkField === null ? null : ticket.custom_fields[linkField];
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim();
  return text === '' || text === '0' ? null : text;
}

export function sightOf(ticket: Ticket, dispatch: Config['dispatch'], triggers: readonly number[]): TicketSight {
  return {
    status: ticket.status,
    tags: comparable(ticket.tags),
    gone: ticket.deleted ? 'deleted' : ticket.spam ? 'spam' : null,
    closed: isClosedStatus(ticket.status),
    statusMatches: triggers.includes(ticket.status),
    matchingTags: matchingTags(dispatch.when, ticket.tags),
    link: linkOf(ticket, dispatch.linkField),
  };
}

/** A ticket that cannot be found. */
export const GONE_SIGHT: TicketSight = {
  status: 0,
  tags: [],
  gone: 'not-found',
  closed: false,
  statusMatches: false,
  matchingTags: [],
  link: null,
};
