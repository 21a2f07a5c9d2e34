/** What waits for a person, over dispatches and contacts. Promise: read from search attributes and memos, never by a query per row. */
import type { Client } from '@temporalio/client';

import type { AttentionReason } from '../contract/dispatch';
import { isContactRun, ticketOfDispatch } from '../contract/run-ids';
import { ATTENTION } from '../contract/search-attributes';
import { queryOf } from './index/query';
import { readRows } from './index/rows';

export interface WaitingRun {
  workflowId: string;
  /** Null for a contact's run, or an import's. */
  ticketId: number | null;
  reason: string;
  detail: string | null;
  /** The sum in USD that waits for a yes, `amount` null where it has no bound; null: none waits. */
  approval: { amount: number | null } | null;
  /** ISO 8601; of a contact when its run began. */
  since: string;
}

export interface WaitingFilter {
  reason?: AttentionReason;
  /** ISO 8601: only what has begun to wait since then. */
  since?: string;
}

/** Longest waiting first. */
export async function waitingRuns(
  client: Client,
  account: string,
  { reason, since = '' }: WaitingFilter,
  deadlineMs: number,
): Promise<WaitingRun[]> {
  const runs: WaitingRun[] = [];
  const query = queryOf(account, { status: 'running', attention: reason ?? 'any' });
  for await (const row of readRows(client, query, deadlineMs)) {
    const { workflowId } = row;
    const ticketId = ticketOfDispatch(account, workflowId);
    if (ticketId === null && !isContactRun(account, workflowId)) continue;
    const { dispatch } = await row.memo();
    runs.push({
      ...{ workflowId, ticketId },
      reason: row.text(ATTENTION) ?? reason ?? '?',
      detail: dispatch?.attention?.detail ?? null,
      approval: dispatch?.approval ?? null,
      since: dispatch?.times.waitingSince ?? row.startedAt.toISOString(),
    });
  }
  return runs.filter((run) => run.since >= since).sort((a, b) => (a.since < b.since ? -1 : 1));
}
