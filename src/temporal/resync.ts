/** Starts a resync and waits for it. Promise: one that is under way already is joined, not doubled. */
import type { Client } from '@temporalio/client';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import type { ReconcileInput, ResyncInput, ResyncResult } from '../contract/reconcile';
import { resyncWorkflowId } from '../contract/run-ids';
import { withDeadline } from './deadline';

export interface ResyncDeps {
  client: Client;
  account: string;
  callsPerMinute: ReconcileInput['callsPerMinute'];
  deadlineMs: number;
}

export interface Resync {
  /** Asks Field Nation for these orders of a ticket. */
  ofTicket(ticketId: number, orders: number[]): Promise<ResyncResult>;
  /** Everything that changed since a moment, ISO 8601; may take as long as a tenth of the quotas asks for. */
  since(moment: string): Promise<ResyncResult>;
}

export function createResync({ client, account, callsPerMinute, deadlineMs }: ResyncDeps): Resync {
  const run = async (ticketId: number | null, of: ResyncInput['of'], summary: string): Promise<ResyncResult> => {
    const handle = await withDeadline(client, deadlineMs, () =>
      client.workflow.start(WORKFLOW_TYPES.resync, {
        workflowId: resyncWorkflowId(account, ticketId),
        ...{
          taskQueue: taskQueues(account).workflows,
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: summary,
        },
        priority: { priorityKey: PRIORITY.sweeps },
        args: [{ account, callsPerMinute, of } satisfies ResyncInput],
      }),
    );
    return (await handle.result()) as ResyncResult;
  };
  return {
    ofTicket: (ticketId, orders) => run(ticketId, { orders }, `Looks again at the work order of ticket ${ticketId}`),
    since: (moment) => run(null, { since: moment }, `Looks again at what changed since ${moment}`),
  };
}
