/** The workers of one process: one for workflows, one for each upstream's queue with its rate over all workers. */
import { Worker, type NativeConnection } from '@temporalio/worker';
import type { Activities } from '../../activities';
import { TASK_QUEUES } from '../contract/names';

export interface WorkersDeps {
  connection: NativeConnection;
  namespace: string;
  activities: Activities;
  /** The bundle that the build made. */
  workflowBundle: string;
  /** Open runs kept in memory; 0 replays a run at each of its tasks. */
  cachedRuns?: number;
  freshdeskCallsPerMinute: number;
  fieldNationCallsPerMinute: number;
}

/**
 * Credits an average call to Freshdesk costs: a dispatch pays 6 for its 4 calls. Field Nation counts calls.
 * A tenth of each quota is left for what does not pass the queue.
 */
const CREDITS_PER_CALL = { freshdesk: 1.5, fieldNation: 1 };
const SHARE = 0.9;

/** Longest attempt of an activity: a worker that is told to stop lets it end. */
const SHUTDOWN_GRACE = '20 seconds';

/** Open runs kept in memory; others are replayed when something happens to them. */
const CACHED_RUNS = 500;

const perSecond = (callsPerMinute: number, creditsPerCall: number): number =>
  (callsPerMinute * SHARE) / creditsPerCall / 60;

export interface Workers {
  /** Resolves when all have stopped; rejects when one fails. */
  run(): Promise<void>;
  /** Lets running attempts end, then stops. */
  shutdown(): void;
}

export async function createWorkers(deps: WorkersDeps): Promise<Workers> {
  const { connection, namespace, activities } = deps;
  const common = { connection, namespace, activities, shutdownGraceTime: SHUTDOWN_GRACE };
  const limited = (taskQueue: string, rate: number): Promise<Worker> =>
    Worker.create({
      ...common,
      taskQueue,
      maxTaskQueueActivitiesPerSecond: rate,
      maxConcurrentActivityTaskExecutions: 50,
    });
  const workers = await Promise.all([
    Worker.create({
      ...common,
      workflowBundle: { codePath: deps.workflowBundle },
      taskQueue: TASK_QUEUES.workflows,
      maxCachedWorkflows: deps.cachedRuns ?? CACHED_RUNS,
    }),
    limited(TASK_QUEUES.freshdesk, perSecond(deps.freshdeskCallsPerMinute, CREDITS_PER_CALL.freshdesk)),
    limited(TASK_QUEUES.fieldNation, perSecond(deps.fieldNationCallsPerMinute, CREDITS_PER_CALL.fieldNation)),
  ]);
  return {
    run: async () => {
      await Promise.all(workers.map((worker) => worker.run()));
    },
    shutdown: () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}
