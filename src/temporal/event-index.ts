/**
 * Accepted events as Temporal has them, read from the memos of their contacts' runs. Promise: no run is disturbed, and
 * nothing personal is read. The list lags behind a little; a person's own runs are known at once.
 */
import type { Client } from '@temporalio/client';
import type { ContactMemo, ListedEvent } from '../contract/contact';
import { WORKFLOW_TYPES } from '../contract/names';
import { contactWorkflowId } from '../contract/run-ids';
import type { ContactKeys } from './contact-keys';
import { describe } from './contacts';
import { withDeadline } from './deadline';

export interface IndexedEvent extends ListedEvent {
  workflowId: string;
}

export interface EventIndex {
  /** Keyed hashes of a user id or e-mail. */
  idsOf(person: string): string[];
  /** Newest runs first; of one person when `ids` is given. @throws TemporalUnavailableError */
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
  accepted: ({ ids, limit }) =>
    withDeadline(client, deadlineMs, async () => {
      const prefix = contactWorkflowId(account, '');
      const found = new Map<string, { workflowId: string; memo?: Record<string, unknown> }>();
      for (const hash of ids ?? []) {
        const newest = await describe(client, `${prefix}${hash}`);
        if (newest) found.set(newest.runId, newest);
      }
      const query =
        `WorkflowType = '${WORKFLOW_TYPES.contactSync}' AND WorkflowId STARTS_WITH '${prefix}'` +
        ` AND ExecutionStatus != 'ContinuedAsNew'` +
        (ids ? ` AND DeskbridgeContact IN ('${ids.join("', '")}')` : '');
      // Each run holds one event at least.
      for await (const run of client.workflow.list({ query, pageSize: Math.min(limit, 200) })) {
        if (!found.has(run.runId)) found.set(run.runId, run);
        if (found.size >= limit) break;
      }
      return [...found.values()].flatMap(({ workflowId, memo }) => {
        const known = memo?.contact as ContactMemo | undefined;
        return (known?.events ?? []).map((event) => ({ ...event, workflowId }));
      });
    }),
});
