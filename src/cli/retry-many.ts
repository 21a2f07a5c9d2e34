/** `retry --reason … --since …`: many at once. Promise: without `--yes` it only shows what would be tried again. */
import type { AttentionReason } from '../contract/dispatch';
import type { WaitingRun } from '../temporal/waiting-runs';
import { byClock, clock } from './clock';
import { withContext } from './context';
import { printJson, printTable } from './output';
import { momentOf } from './since';

const WIDEST = 70;

export interface RetryMany {
  reason: AttentionReason | undefined;
  since: string | undefined;
  yes: boolean;
  json: boolean;
}

export async function retryMany({ reason, since, yes, json }: RetryMany): Promise<void> {
  const from = since === undefined ? undefined : momentOf(since);
  await withContext(async ({ operations }) => {
    const runs = await operations.waiting({ ...(reason ? { reason } : {}), ...(from ? { since: from } : {}) });
    const retried = yes ? await operations.retry(runs) : 0;
    if (json) printJson({ dryRun: !yes, items: runs, retried });
    else print(runs, yes, retried);
  });
}

function print(runs: readonly WaitingRun[], yes: boolean, retried: number): void {
  if (runs.length === 0) {
    console.log('No waiting items match.');
    return;
  }
  const rows = runs.map(({ ticketId, workflowId, reason, since, detail }) => [
    ticketId === null ? workflowId : String(ticketId),
    reason,
    clock(since),
    byClock(detail ?? '').slice(0, WIDEST),
  ]);
  printTable(['Ticket or contact', 'Reason', 'Waits since', 'Cause'], rows);
  if (yes)
    console.log(
      `\n${retried} of ${runs.length} are tried again. \`deskbridge list --state attention\` shows what still waits.`,
    );
  else console.log(`\nNothing is done yet: ${runs.length} would be tried again. Add --yes to do it.`);
}
