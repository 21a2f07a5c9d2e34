/**
 * What happens once, as all web processes agree on it: the use of a sign-in code, the end of a session. Each is a tiny run
 * in Temporal that nobody starts twice. Promise: kept as long as the namespace keeps closed runs, a day at the least.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { onceWorkflowId, type OnceKind } from '../contract/run-ids';
import { withDeadline } from './deadline';

export interface OnceRecords {
  /** True for the first who asks. @throws TemporalUnavailableError */
  record(kind: OnceKind, id: string): Promise<boolean>;
  /** @throws TemporalUnavailableError */
  isRecorded(kind: OnceKind, id: string): Promise<boolean>;
}

const SUMMARIES: Record<OnceKind, string> = {
  'sign-in': 'A sign-in link was used',
  'sign-out': 'A browser was signed out',
};

export function createOnceRecords({
  client,
  account,
  deadlineMs = 2_000,
}: {
  client: Client;
  account: string;
  deadlineMs?: number;
}): OnceRecords {
  return {
    record: (kind, id) =>
      withDeadline(client, deadlineMs, async () => {
        try {
          await client.workflow.start(WORKFLOW_TYPES.onceRecord, {
            workflowId: onceWorkflowId(kind, account, id),
            taskQueue: taskQueues(account).workflows,
            args: [],
            workflowIdReusePolicy: 'REJECT_DUPLICATE',
            workflowIdConflictPolicy: 'FAIL',
            workflowExecutionTimeout: '1 day',
            staticSummary: SUMMARIES[kind],
          });
          return true;
        } catch (error) {
          if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
          throw error;
        }
      }),
    isRecorded: (kind, id) =>
      withDeadline(client, deadlineMs, async () => {
        try {
          await client.workflow.getHandle(onceWorkflowId(kind, account, id)).describe();
          return true;
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return false;
          throw error;
        }
      }),
  };
}
