/** `retry --reason … --since …`: many at once. Promise: without `--yes` it only shows what would be tried again. */
import { WorkflowNotFoundError } from '@temporalio/client';
import { duration } from '../config/duration';
import type { AttentionReason } from '../contract/dispatch';
import { retry } from '../contract/messages';
import { atMost } from '../temporal/at-most';
import { withDeadline } from '../temporal/deadline';
import { NoDispatchError } from '../temporal/starter';
import { waitingRuns, type WaitingRun } from '../temporal/waiting-runs';
import { withContext, type CliContext } from './context';
import { UsageError } from './exit';
import { printJson, printTable } from './output';

const SIDE_BY_SIDE = 8;
const WIDEST = 70;

export interface RetryMany {
  reason: AttentionReason | undefined;
  since: string | undefined;
  yes: boolean;
  json: boolean;
}

export async function retryMany({ reason, since, yes, json }: RetryMany): Promise<void> {
  const from = since === undefined ? undefined : momentOf(since);
  await withContext(async (context) => {
    const { client, runtime, deadlineMs } = context;
    const filter = { ...(reason ? { reason } : {}), ...(from ? { since: from } : {}) };
    const runs = await waitingRuns(client, runtime.account, filter, deadlineMs);
    const retried = yes ? await retryAll(context, runs) : 0;
    if (json) printJson({ dryRun: !yes, items: runs, retried });
    else print(runs, yes, retried);
  });
}

/** ISO 8601 of `2h` ago, or of a time as it is written. */
function momentOf(text: string): string {
  const length = duration.safeParse(text);
  if (length.success) return new Date(Date.now() - length.data).toISOString();
  const moment = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(moment)) return new Date(moment).toISOString();
  throw new UsageError(
    `--since: "${text.slice(0, 60)}" is no time. Give 30m, 2h or 1d, or a time such as 2026-03-01T08:00Z.`,
  );
}

/** How many were told; the others have ended meanwhile. */
async function retryAll({ client, starter, deadlineMs }: CliContext, runs: readonly WaitingRun[]): Promise<number> {
  let told = 0;
  await atMost(SIDE_BY_SIDE, runs, async ({ workflowId, ticketId }) => {
    try {
      if (ticketId !== null) await starter.retry(ticketId);
      else await withDeadline(client, deadlineMs, () => client.workflow.getHandle(workflowId).signal(retry));
      told += 1;
    } catch (error) {
      if (!(error instanceof NoDispatchError) && !(error instanceof WorkflowNotFoundError)) throw error;
    }
  });
  return told;
}

function print(runs: readonly WaitingRun[], yes: boolean, retried: number): void {
  if (runs.length === 0) {
    console.log('Nothing like that waits for a person.');
    return;
  }
  const rows = runs.map(({ ticketId, workflowId, reason, since, detail }) => [
    ticketId === null ? workflowId : String(ticketId),
    reason,
    since.slice(0, 19).replace('T', ' '),
    (detail ?? '').slice(0, WIDEST),
  ]);
  printTable(['Ticket or contact', 'Reason', 'Waits since', 'Cause'], rows);
  if (yes)
    console.log(
      `\n${retried} of ${runs.length} are tried again. \`deskbridge list --state attention\` shows what still waits.`,
    );
  else console.log(`\nNothing is done yet: ${runs.length} would be tried again. Add --yes to do it.`);
}
