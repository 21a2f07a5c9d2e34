/** What an activity can learn of its own run's past. */
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { withDeadline } from './deadline';

export interface RunFactsDeps {
  client: Client;
  /** When this process began, in ms since 1970: what an older run did meanwhile may be missing from a restored history. */
  processBegan: number;
  deadlineMs?: number;
}

/**
 * Whether the run of the present activity can be trusted to know what it did: it began after this process, and nobody has
 * reset it. A run that cannot be described is not trusted.
 */
export const createIsFresh =
  ({ client, processBegan, deadlineMs = 2000 }: RunFactsDeps) =>
  async (): Promise<boolean> => {
    const { workflowExecution } = activityInfo();
    if (!workflowExecution) return false;
    const { workflowId, runId } = workflowExecution;
    try {
      const { startTime, raw } = await withDeadline(client, deadlineMs, () =>
        client.workflow.getHandle(workflowId, runId).describe(),
      );
      const { originalStartTime, lastResetTime } = raw.workflowExtendedInfo ?? {};
      const original = Number(originalStartTime?.seconds ?? 0) * 1000;
      const wasReset = (lastResetTime ?? null) !== null || (original > 0 && original < startTime.getTime() - 1000);
      return !wasReset && startTime.getTime() >= processBegan;
    } catch {
      return false;
    }
  };
