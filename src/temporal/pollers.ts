/**
 * How many processes share the quotas: those whose workers poll the workflows' queue, which they do without a pause, so
 * that a process counts even while its calls are held back. Promise: the last number stays while Temporal cannot be asked.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { NativeConnection } from '@temporalio/worker';
import { taskQueues } from '../contract/names';

/** A newcomer is known to the others after this long; what is used too much until then is small. */
const EVERY_MS = 5000;
/** Processes started together see each other after this long. */
const FIRST_MS = 1000;
/** A poll is noted at its begin and its end, a minute later when no task comes. */
const LATELY_MS = 75_000;
const ANSWER_MS = 4000;
const WORKFLOW_TASKS = 1;

export interface PollersDeps {
  connection: NativeConnection;
  namespace: string;
  account: string;
  /** The own one, which no other process has. */
  identity: string;
}

/** Tells the number of processes, this one included, soon and then at intervals until it is stopped. */
export function watchProcesses(deps: PollersDeps, tell: (processes: number) => void): { stop: () => Promise<void> } {
  const stopped = new AbortController();
  const watch = async (): Promise<void> => {
    let processes = 1;
    for (let wait = FIRST_MS; !stopped.signal.aborted; wait = EVERY_MS) {
      processes = await recentPollers(deps).then(
        (pollers) => pollers.add(deps.identity).size,
        () => processes,
      );
      tell(processes);
      await delay(wait, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const watching = watch();
  return {
    stop: () => {
      stopped.abort();
      return watching;
    },
  };
}

async function recentPollers({ connection, namespace, account }: PollersDeps): Promise<Set<string>> {
  const { workflowService } = connection;
  const taskQueue = { name: taskQueues(account).workflows };
  return connection.withDeadline(Date.now() + ANSWER_MS, async () => {
    // A description covers one partition only, and a process may poll another. Where they cannot be listed, the queue's
    // own name means the first.
    const names = await workflowService.listTaskQueuePartitions({ namespace, taskQueue }).then(
      ({ workflowTaskQueuePartitions }) => workflowTaskQueuePartitions.map(({ key }) => key ?? taskQueue.name),
      () => [taskQueue.name],
    );
    const answers = await Promise.all(
      names.map((name) =>
        workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType: WORKFLOW_TASKS }),
      ),
    );
    const since = Date.now() - LATELY_MS;
    const recent = answers
      .flatMap(({ pollers }) => pollers)
      .filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > since);
    return new Set(recent.map(({ identity }) => identity ?? ''));
  });
}
