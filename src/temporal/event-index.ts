/**
 * Accepted events as Temporal has them, read from the memos of their contacts' runs. Promise: no run is disturbed, and
 * nothing personal is read. The list lags behind a little; a person's own runs are known at once.
 */
import type { Client } from '@temporalio/client';
import type { ContactMemo, ListedEvent } from '../contract/contact';
import { contactWorkflowId } from '../contract/run-ids';
import { CONTACT } from '../contract/search-attributes';
import type { ContactKeys } from './contact-keys';
import { describe } from './contacts';
import { withDeadline } from './deadline';
import { isIn, queryOf } from './index/query';
import { readPage } from './index/rows';

export interface IndexedEvent extends ListedEvent {
  workflowId: string;
}

export interface EventIndex {
  /** Keyed hashes of a user id or e-mail. */
  idsOf(person: string): string[];
  /** Newest runs first, 1 to 1,000 of them; of one person when `ids` is given. @throws TemporalUnavailableError */
  accepted(filter: { ids: string[] | null; limit: number }): Promise<IndexedEvent[]>;
}

export interface EventIndexDeps {
  client: Client;
  account: string;
  keys: ContactKeys;
  deadlineMs?: number;
}

export const createEventIndex = ({ client, account, keys, deadlineMs = 2000 }: EventIndexDeps): EventIndex => ({
  idsOf: (person) => keys.anyOf(person),
  accepted: async ({ ids, limit }) => {
    const found = new Map<string, IndexedEvent[]>();
    await withDeadline(client, deadlineMs, async () => {
      for (const hash of ids ?? []) {
        const newest = await describe(client, contactWorkflowId(account, hash));
        if (newest)
          found.set(newest.runId, eventsOf(newest.workflowId, newest.memo?.contact as ContactMemo | undefined));
      }
    });
    const and = ids ? [isIn(CONTACT, ids)] : [];
    const query = queryOf(account, { kind: 'contactSync', status: 'latest', and });
    // Each run holds one event at least.
    for (const row of (await readPage(client, { query, size: limit }, deadlineMs)).rows) {
      if (!found.has(row.runId)) found.set(row.runId, eventsOf(row.workflowId, (await row.memo()).contact));
    }
    return [...found.values()].flat();
  },
});

const eventsOf = (workflowId: string, memo: ContactMemo | undefined): IndexedEvent[] =>
  (memo?.events ?? []).map((event) => ({ ...event, workflowId }));
