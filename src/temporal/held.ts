/** Dispatches that a pause holds back. Promise: each that the index shows is told; one that has ended meanwhile is no fault. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ticketChanged } from '../contract/messages';
import { WORKFLOW_TYPES } from '../contract/names';
import { parseTicketRun } from '../contract/run-ids';
import { atMost } from './at-most';
import { withDeadline } from './deadline';

const SIDE_BY_SIDE = 8;
const PAGE_SIZE = 1000;

export async function tellHeld(client: Client, account: string, deadlineMs: number): Promise<number> {
  const query =
    `WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}' AND WorkflowId STARTS_WITH 'dispatch-${account}-'` +
    ` AND ExecutionStatus = 'Running' AND DeskbridgeHeld = 'paused'`;
  const held: string[] = [];
  await withDeadline(client, deadlineMs, async () => {
    for await (const { workflowId } of client.workflow.list({ query, pageSize: PAGE_SIZE })) {
      if (parseTicketRun(workflowId)?.account === account) held.push(workflowId);
    }
  });
  await atMost(SIDE_BY_SIDE, held, async (workflowId) => {
    try {
      await withDeadline(client, deadlineMs, () => client.workflow.getHandle(workflowId).signal(ticketChanged, null));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
  return held.length;
}
