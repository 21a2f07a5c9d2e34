/** What waits for a person, over dispatches and contacts. Promise: read from search attributes and memos, never by a query per row. */
import type { Client } from '@temporalio/client';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';

import type { AttentionReason } from '../contract/dispatch';
import { dispatchWorkflowId } from '../contract/run-ids';
import { withDeadline } from './deadline';
import type { DispatchMemo } from '../contract/memo';

export interface WaitingRun {
  workflowId: string;
  /** Null for a contact's run, or an import's. */
  ticketId: number | null;
  reason: string;
  detail: string | null;
  /** ISO 8601; of a contact when its run began. */
  since: string;
}

export interface WaitingFilter {
  reason?: AttentionReason;
  /** ISO 8601: only what has begun to wait since then. */
  since?: string;
}

const PAGE = 1000;

/** Longest waiting first. */
export async function waitingRuns(
  client: Client,
  account: string,
  { reason, since = '' }: WaitingFilter,
  deadlineMs: number,
): Promise<WaitingRun[]> {
  const wanted = reason ? `DeskbridgeAttention = '${reason}'` : 'DeskbridgeAttention IS NOT NULL';
  const runs: WaitingRun[] = [];
  let nextPageToken: Uint8Array | null | undefined;
  do {
    const page = await withDeadline(client, deadlineMs, () =>
      client.workflowService.listWorkflowExecutions({
        namespace: client.options.namespace,
        query: `ExecutionStatus = 'Running' AND ${wanted}`,
        pageSize: PAGE,
        ...(nextPageToken ? { nextPageToken } : {}),
      }),
    );
    for (const { execution, memo, searchAttributes, startTime } of page.executions ?? []) {
      const workflowId = execution?.workflowId ?? '';
      const ticketId = ticketOf(account, workflowId);
      if (ticketId === null && !isContactOf(account, workflowId)) continue;
      const { loadedDataConverter } = client.options;
      const { dispatch } = (await decodeMapFromPayloads(loadedDataConverter, memo?.fields ?? {})) ?? {};
      const known = dispatch as DispatchMemo | undefined;
      const attribute = searchAttributes?.indexedFields?.['DeskbridgeAttention']?.data;
      runs.push({
        ...{ workflowId, ticketId },
        reason: attribute ? (JSON.parse(Buffer.from(attribute).toString('utf8')) as string) : (reason ?? '?'),
        detail: known?.attention?.detail ?? null,
        since: known?.times.waitingSince ?? new Date(Number(startTime?.seconds ?? 0) * 1000).toISOString(),
      });
    }
    nextPageToken = page.nextPageToken;
  } while (nextPageToken?.length);
  return runs.filter((run) => run.since >= since).sort((a, b) => (a.since < b.since ? -1 : 1));
}

function ticketOf(account: string, workflowId: string): number | null {
  const ticketId = Number(/-(\d+)$/.exec(workflowId)?.[1]);
  return workflowId === dispatchWorkflowId(account, ticketId) ? ticketId : null;
}

const isContactOf = (account: string, workflowId: string): boolean =>
  ['contact', 'contact-import', 'contact-batch'].some((kind) => workflowId.startsWith(`${kind}-${account}-`));
