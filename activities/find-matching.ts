/** Freshdesk's search for tickets that match the config's triggers. Promise: one call, read-only; the index lags by minutes. */
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { FoundMatching } from '../src/contract/dispatching';
import type { FindMatchingInput } from '../src/contract/sweep-calls';
import { comparable, statusNumber } from './rules';
import type { Directory } from './directory';
import type { Upstream } from './upstream';

export interface FindMatchingDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  upstream: Upstream;
}

/** The triggers of the config, as the account's run remembers them. */
export const triggersOf = ({ statuses, tags }: Config['dispatch']['when']): string[] => [
  ...statuses.map((status) => `status:${String(status).trim().toLowerCase()}`),
  ...comparable(tags).map((tag) => `tag:${tag}`),
];

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

/** In Freshdesk's search language; null for a status that the account does not have. */
function termOf(trigger: string, statuses: ReadonlyMap<string, number>): string | null {
  const at = trigger.indexOf(':');
  const value = trigger.slice(at + 1);
  if (trigger.slice(0, at) === 'tag') return `tag:${quoted(value)}`;
  const number = statusNumber(value, statuses);
  return number === null ? null : `status:${number}`;
}

export const createFindMatchingActivities = ({ freshdesk, directory, upstream }: FindMatchingDeps) => ({
  async findMatching({ triggers, from, to, page }: FindMatchingInput): Promise<FoundMatching> {
    return upstream('freshdesk', async (signal) => {
      const statuses = await directory.ticketStatuses(signal);
      const terms = triggers.flatMap((trigger) => termOf(trigger, statuses) ?? []);
      if (terms.length === 0) return { total: 0, tickets: [] };
      const days = [from && `created_at:>'${from}'`, to && `created_at:<'${to}'`].filter(Boolean);
      const query = [`(${terms.join(' OR ')})`, ...days].join(' AND ');
      const { total, items } = await freshdesk.searchTickets(query, page, signal);
      const tickets = items.map(({ id, created_at, updated_at }) => ({
        id,
        createdAt: created_at,
        updatedAt: updated_at,
      }));
      return { total, tickets };
    });
  },
});
