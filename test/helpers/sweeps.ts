/** Sweeps by hand, through the real schedule: its runs come when a test asks for one, with the marks of the run before. */
import { ScheduleOverlapPolicy } from '@temporalio/client';
import type { ReconcileResult } from '../../src/contract/reconcile';
import { ensureReconcileSchedule, type ReconcileScheduleDeps } from '../../src/temporal/schedules';
import type { Stack } from './stack';
import { until } from './until';

export interface Sweeps {
  /** One sweep, from its start to its result. */
  sweep(): Promise<ReconcileResult>;
  /** Words that the Temporal UI shows of the last one. */
  details(): Promise<string>;
  stop(): Promise<void>;
}

export const NEVER_BY_ITSELF = 24 * 60 * 60 * 1000;

export async function sweepsOf(stack: Stack, options: Partial<ReconcileScheduleDeps> = {}): Promise<Sweeps> {
  const { client, account } = stack;
  await ensureReconcileSchedule({
    ...{ client, account, interval: NEVER_BY_ITSELF, orphanAfter: 0 },
    callsPerMinute: { freshdesk: 50, fieldNation: 60 },
    ...options,
  });
  const handle = client.schedule.getHandle(`reconcile-${account}`);
  const runs = async () => (await handle.describe()).info.recentActions;
  let last = '';
  let lastRun = '';
  return {
    sweep: async () => {
      let result: ReconcileResult | null = null;
      // As a sweep of its own: a run that may overlap others is not given their marks.
      await handle.trigger(ScheduleOverlapPolicy.SKIP);
      await until('the sweep to end', async () => {
        const newest = (await runs()).at(-1)?.action.workflow;
        // Two of one second share their workflow id.
        if (!newest || newest.firstExecutionRunId === lastRun) return false;
        const { workflowId, firstExecutionRunId: runId } = newest;
        result = (await client.workflow.getHandle(workflowId, runId).result()) as ReconcileResult;
        last = workflowId;
        lastRun = runId;
        return true;
      });
      // Only then it hands the result to the next run.
      await until('the schedule to notice', async () => (await handle.describe()).info.runningActions.length === 0);
      return result as unknown as ReconcileResult;
    },
    details: () => currentDetails(stack, last),
    stop: () => handle.delete(),
  };
}

/** The SDK's own query for what `setCurrentDetails` set. */
const currentDetails = async ({ client }: Stack, workflowId: string): Promise<string> => {
  const metadata = await client.workflow
    .getHandle(workflowId)
    .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
};
