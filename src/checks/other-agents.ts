/** The agents of an account whose changes count: all but Deskbridge's own. */
import type { Agent, FreshdeskClient } from '../clients/freshdesk';
import { unlessRefused } from './unless-refused';

/** Null when this key may not ask. */
export const otherAgents = (client: FreshdeskClient, me: Agent): Promise<Agent[] | null> =>
  unlessRefused(async () => {
    const agents: Agent[] = [];
    for (let page = 1; ; page++) {
      const { items, hasMore } = await client.listAgents(page);
      agents.push(...items);
      if (!hasMore) return agents.filter(({ id }) => id !== me.id);
    }
  });
