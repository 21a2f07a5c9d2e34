/**
 * Batches of an import as workflows. Promise: a batch that is stored is never stored again, so that a file can be gone on
 * with after any stop; an outcome can be read as long as the engine keeps closed runs.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ContactImportInput } from '../../workflows/contact-import';
import type { ImportRow, ImportView } from '../contract/contact';
import { importQuery } from '../contract/messages';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { contactImportWorkflowId } from '../contract/run-ids';
import { DEFAULT_CONTACT_POLICY, type ContactPolicy } from '../contract/policy';
import { withDeadline } from './deadline';

export interface ContactImports {
  /** Does nothing when the batch is stored already. @throws TemporalUnavailableError */
  start(importId: string, batch: number, rows: ImportRow[]): Promise<void>;
  /** Null: there is no such batch, or it is not kept any more. @throws TemporalUnavailableError */
  progress(importId: string, batch: number): Promise<(ImportView & { done: boolean }) | null>;
}

export interface ContactImportsDeps {
  client: Client;
  account: string;
  policy?: Pick<ContactPolicy, 'slowRetry'>;
  deadlineMs?: number;
}

export function createContactImports({
  client,
  account,
  policy = DEFAULT_CONTACT_POLICY,
  deadlineMs = 2000,
}: ContactImportsDeps): ContactImports {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  return {
    start: (importId, batch, rows) =>
      bounded(async () => {
        const input: ContactImportInput = { rows, policy: { slowRetry: policy.slowRetry } };
        try {
          await client.workflow.start(WORKFLOW_TYPES.contactImport, {
            workflowId: contactImportWorkflowId(account, importId, batch),
            taskQueue: taskQueues(account).workflows,
            args: [input],
            // One that a person terminated may be begun anew.
            workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
            workflowIdConflictPolicy: 'USE_EXISTING',
            staticSummary: `Import ${importId}, batch ${batch}: ${rows.length} contacts`,
            priority: { priorityKey: PRIORITY.contacts },
          });
        } catch (error) {
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),

    progress: (importId, batch) =>
      bounded(async () => {
        const handle = client.workflow.getHandle(contactImportWorkflowId(account, importId, batch));
        try {
          const { status } = await handle.describe();
          if (status.name === 'COMPLETED') return { ...((await handle.result()) as ImportView), done: true };
          if (status.name !== 'RUNNING') return null;
          return { ...(await handle.query(importQuery)), done: false };
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      }),
  };
}
