/** What an activity can learn of its own run's past. */
import { activityInfo } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { RunPast } from '../../activities/looking-first';
import { withDeadline } from './deadline';
import { compare, queryOf, RUN_ID, WORKFLOW_ID } from './index/query';
import { readPage } from './index/rows';

export interface RunFactsDeps {
  client: Client;
  account: string;
  /** When this process began, in ms since 1970: what an older run did meanwhile may be missing from a restored history. */
  processBegan: number;
  deadlineMs?: number;
}

/** Of the runs that were asked about last; each answer stays true. */
const MOST_KNOWN = 10_000;

export function createRunFacts({ client, account, processBegan, deadlineMs = 2000 }: RunFactsDeps): RunPast {
  const known = new Map<string, boolean>();
  const resetIds = new Set<string>();

  const read = async (workflowId: string, runId: string): Promise<{ wasReset: boolean; startTime: Date }> => {
    const { startTime, raw } = await withDeadline(client, deadlineMs, () =>
      client.workflow.getHandle(workflowId, runId).describe(),
    );
    const { originalStartTime, lastResetTime } = raw.workflowExtendedInfo ?? {};
    const original = Number(originalStartTime?.seconds ?? 0) * 1000;
    const wasReset = (lastResetTime ?? null) !== null || (original > 0 && original < startTime.getTime() - 1000);
    if (wasReset) resetIds.add(workflowId);
    known.set(runId, wasReset);
    for (const oldest of known.keys()) if (known.size > MOST_KNOWN) known.delete(oldest);
    return { wasReset, startTime };
  };

  /** Whether a run before it was cut short. The index may still hold one that was terminated this moment for open. */
  const followsCutShort = async (workflowId: string, runId: string): Promise<boolean> => {
    const and = [compare(WORKFLOW_ID, '=', workflowId), compare(RUN_ID, '!=', runId)];
    const query = queryOf(account, { kind: 'ticketDispatch', status: 'unfinished', and });
    const { count } = await withDeadline(client, deadlineMs, () => client.workflow.count(query));
    return count > 0;
  };

  return {
    async isFresh() {
      const { workflowExecution } = activityInfo();
      if (!workflowExecution) return false;
      try {
        const { workflowId, runId } = workflowExecution;
        const { wasReset, startTime } = await read(workflowId, runId);
        return !wasReset && startTime.getTime() >= processBegan && !(await followsCutShort(workflowId, runId));
      } catch {
        return false;
      }
    },
    async wasReset() {
      const { workflowExecution } = activityInfo();
      if (!workflowExecution) return false;
      const { workflowId, runId } = workflowExecution;
      if (resetIds.has(workflowId)) return true;
      return known.get(runId) ?? (await read(workflowId, runId).catch(() => ({ wasReset: true }))).wasReset;
    },
    async unmatchedAt() {
      const { workflowExecution } = activityInfo();
      if (!workflowExecution) return null;
      const ended = compare(WORKFLOW_ID, '=', workflowExecution.workflowId);
      const query = queryOf(account, { kind: 'ticketDispatch', status: 'completed', and: [ended] });
      const { rows } = await readPage(client, { query, size: 1 }, deadlineMs);
      const sync = (await rows[0]?.memo())?.sync;
      return sync?.matches === false ? sync.lookedAt : null;
    },
  };
}
