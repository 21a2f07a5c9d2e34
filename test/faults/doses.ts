/** What operators and bad days do to the runs themselves: each dose picks a dispatch that is under way. */
import { setTimeout as delay } from 'node:timers/promises';
import { WORKFLOW_TYPES } from '../../src/contract/names';
import type { Desk } from './desk';

const PAUSED_MS = 3_000;

/** Says `missed` when there was nothing that it could be done to. */
export type Dose = () => Promise<void | 'missed'>;

export interface Doses {
  /** A dispatch goes back to one of its workflow tasks, as after `temporal workflow reset`. */
  reset: Dose;
  /** A dispatch is terminated; nobody starts it again. */
  terminate: Dose;
  /** Dispatching is paused and resumed, in the middle of whatever goes on. */
  pause: Dose;
}

export function createDoses({ client, webUrl }: Desk, adminToken: string, random: () => number): Doses {
  const one = <T>(items: T[]): T | undefined => items[Math.floor(random() * items.length)];
  const running = async (): Promise<{ workflowId: string; runId: string } | undefined> => {
    const query = `WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}' AND ExecutionStatus = 'Running'`;
    const runs: { workflowId: string; runId: string }[] = [];
    for await (const { workflowId, runId } of client.workflow.list({ query })) runs.push({ workflowId, runId });
    return one(runs);
  };
  const post = async (path: string, body: object): Promise<void> => {
    const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
    for (;;) {
      const answer = await fetch(`${webUrl}/api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      if (answer.ok) return;
      // The run that holds the pause needs a worker and the engine, which may just be coming back.
      if (answer.status !== 503) throw new Error(`${path} was answered ${answer.status}: ${await answer.text()}`);
      await delay(500);
    }
  };

  return {
    reset: async () => {
      const run = await running();
      if (!run) return 'missed';
      const { events } = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
      const task = one((events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes));
      if (!task) return 'missed';
      try {
        await client.workflowService.resetWorkflowExecution({
          namespace: client.options.namespace,
          workflowExecution: run,
          workflowTaskFinishEventId: task.eventId ?? null,
          requestId: `reset-${run.runId}`,
          reason: 'a dose of the fault run',
        });
      } catch {
        // It ended or went on as a new run meanwhile.
        return 'missed';
      }
    },
    terminate: async () => {
      const run = await running();
      if (!run) return 'missed';
      const handle = client.workflow.getHandle(run.workflowId, run.runId);
      return handle.terminate('a dose of the fault run').then(
        () => undefined,
        () => 'missed',
      );
    },
    pause: async () => {
      await post('pause', { reason: 'a dose of the fault run' });
      await delay(PAUSED_MS);
      await post('resume', {});
    },
  };
}
