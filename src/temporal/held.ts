/** Dispatches that a pause holds back. Promise: each that the index shows is told; one that has ended meanwhile is no fault. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { ticketChanged } from '../contract/messages';
import { HELD } from '../contract/search-attributes';
import { atMost } from './at-most';
import { withDeadline } from './deadline';
import { compare, queryOf } from './index/query';
import { readRows } from './index/rows';

const SIDE_BY_SIDE = 8;

export async function tellHeld(client: Client, account: string, deadlineMs: number): Promise<number> {
  const and = [compare(HELD, '=', 'paused')];
  const query = queryOf(account, { kind: 'ticketDispatch', status: 'running', and });
  const held: string[] = [];
  for await (const { workflowId } of readRows(client, query, deadlineMs)) held.push(workflowId);
  await atMost(SIDE_BY_SIDE, held, async (workflowId) => {
    try {
      await withDeadline(client, deadlineMs, () => client.workflow.getHandle(workflowId).signal(ticketChanged, null));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
  return held.length;
}
