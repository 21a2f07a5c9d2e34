/** Freshdesk's search for tickets that match the config's triggers. Promise: one call, read-only; the index lags by minutes. */
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { FoundMatching } from '../src/contract/dispatching';
import type { FindMatchingInput } from '../src/contract/sweep-calls';
import { textForm } from '../src/domain/rule-text';
import { comparable, priorityNumber, numberOf } from './rules';
import type { Directory } from './directory';
import type { Upstream } from './upstream';

export interface FindMatchingDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  upstream: Upstream;
}

/** The triggers of the config, as the account's run remembers them. */
export const triggersOf = ({ statuses, tags, priorities, types, fields }: Config['dispatch']['when']): string[] => [
  ...statuses.map((status) => `status:${textForm(status)}`),
  ...comparable(tags).map((tag) => `tag:${tag}`),
  ...priorities.map((priority) => `priority:${textForm(priority)}`),
  ...types.map((type) => `type:${type.trim()}`),
  ...Object.entries(fields).flatMap(([key, values]) => values.map((value) => `${key}:${String(value).trim()}`)),
];

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

interface Account {
  statuses: ReadonlyMap<string, number>;
  priorities: ReadonlyMap<string, number>;
  /** Key of a ticket field → its type. */
  fieldTypes: ReadonlyMap<string, string>;
}

const BARE_TYPES = ['custom_number', 'custom_checkbox'];

/** In Freshdesk's search language; null for a status or priority that the account does not have. */
function termOf(trigger: string, { statuses, priorities, fieldTypes }: Account): string | null {
  const at = trigger.indexOf(':');
  const [key, value] = [trigger.slice(0, at), trigger.slice(at + 1)];
  if (key === 'status' || key === 'priority') {
    const number = key === 'status' ? numberOf(value, statuses) : priorityNumber(value, priorities);
    return number === null ? null : `${key}:${number}`;
  }
  return `${key}:${BARE_TYPES.includes(fieldTypes.get(key) ?? '') ? value : quoted(value)}`;
}

export const createFindMatchingActivities = ({ freshdesk, directory, upstream }: FindMatchingDeps) => ({
  async findMatching({ triggers, from, to, page }: FindMatchingInput): Promise<FoundMatching> {
    return upstream('freshdesk', async (signal) => {
      const statuses = await directory.ticketStatuses(signal);
      const { priorities } = await directory.ruleLabels({ companyId: null }, signal);
      const fieldTypes = await directory.ticketFieldTypes(signal);
      const terms = triggers.flatMap((trigger) => termOf(trigger, { statuses, priorities, fieldTypes }) ?? []);
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
