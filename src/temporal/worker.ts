/** The workers of one process: one for workflows, one for each upstream's queue, at this process's share of its quota. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { VersioningBehavior, type DataConverter } from '@temporalio/common';
import { Worker, type InjectedSinks, type NativeConnection } from '@temporalio/worker';
import type { Activities } from '../../activities';
import { taskQueues } from '../contract/names';
import type { Settings } from '../config/settings';
import type { Metrics } from '../metrics';
import type { Tracing } from '../tracing';

import { countRetries } from './count-retries';
import type { CreditPace, Paces } from './credit-pace';
import { beating } from './heartbeat';
import { plainFailures } from './failure-converter';
import { ownRunsOnly } from './right-account';
import { pacedSlots } from './paced-slots';
import { bookUpstreams, type UpstreamBook } from './upstream-book';
import { watchProcesses } from './pollers';
import type { TracingSinks, ContactSinks, DispatchSinks, SweepSinks } from '../contract/sinks';

export interface WorkersDeps {
  connection: NativeConnection;
  namespace: string;
  /** Only its runs are worked on. */
  account: string;
  activities: Activities;
  /** False: no call of Field Nation is taken. Absent: they are. */
  hasFieldNation?: boolean;
  /** Told which systems answer. */
  upstreams?: UpstreamBook | null;
  /** The bundle that the build made. */
  workflowBundle: string;
  /** The same as that of every client. */
  dataConverter: DataConverter;
  /** The setting; null or absent: not versioned. */
  deployment?: Settings['deployment'];
  /** Open runs kept in memory; 0 replays a run at each of its tasks. */
  cachedRuns?: number;
  metrics: Pick<
    Metrics,
    'contactOutcome' | 'sweepRepair' | 'ambiguousCreate' | 'workOrderMade' | 'published' | 'activityRetry'
  >;
  /** Null or absent: no traces. */
  tracing?: Tracing | null;
  /** The clients of `activities` book their calls here. */
  paces: Paces;
}

/** The SDK would wait for 80 % of the timeout, which leaves a busy machine no time. */
const BEAT_EVERY = '1 second';

/** Longest attempt of an activity: a worker that is told to stop lets it end. */
const SHUTDOWN_GRACE = '20 seconds';

/**
 * For one step of a workflow. Signals that piled up while no worker ran are one step, and the default of 5 s, once it is
 * passed on a busy machine, ends the whole process ("async hook stack has become corrupted"). The SDK reads the option
 * and does not list it among its types.
 */
const PATIENT_ISOLATE: object = { isolateExecutionTimeout: '60 seconds' };

/** Open runs kept in memory; others are replayed when something happens to them. */
export const CACHED_RUNS = 300;

export interface Workers {
  /** Resolves when all have stopped; rejects when one fails. */
  run(): Promise<void>;
  /** True while all of them poll. */
  areRunning(): boolean;
  /** Lets running attempts end, then stops. */
  shutdown(): void;
}

export async function createWorkers(deps: WorkersDeps): Promise<Workers> {
  const { connection, namespace, account, activities, dataConverter, metrics, paces } = deps;
  const { tracing = null, deployment = null, upstreams = null } = deps;
  const queues = taskQueues(account);
  // Containers may share process id and host name.
  const identity = `${process.pid}@${hostname()}#${randomUUID().slice(0, 8)}`;
  const books = upstreams ? [bookUpstreams(upstreams)] : [];
  const interceptors = {
    activity: [ownRunsOnly(account), countRetries(metrics), beating, ...books, ...(tracing ? [tracing.activity] : [])],
  };
  const common = {
    ...{ connection, namespace, activities, dataConverter, identity, interceptors },
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxHeartbeatThrottleInterval: BEAT_EVERY,
    ...(deployment && versioned(deployment)),
  };
  const bundle = await readFile(deps.workflowBundle, 'utf8');
  const paced = (taskQueue: string, pace: CreditPace): Promise<Worker> =>
    Worker.create({ ...common, taskQueue, tuner: pacedSlots(pace) });
  const workers = await Promise.all([
    Worker.create({
      ...common,
      workflowBundle: { code: dataConverter.failureConverterPath ? bundle : plainFailures(bundle) },
      taskQueue: queues.workflows,
      sinks: sinksOf(metrics, tracing),
      ...PATIENT_ISOLATE,
      maxCachedWorkflows: deps.cachedRuns ?? CACHED_RUNS,
    }),
    paced(queues.freshdesk, paces.freshdesk),
    ...((deps.hasFieldNation ?? true) ? [paced(queues.fieldNation, paces['field-nation'])] : []),
  ]);
  return {
    run: async () => {
      const processes = watchProcesses({ connection, namespace, account, identity }, (count) => {
        for (const pace of Object.values(paces)) pace.shareAmong(count);
      });
      try {
        await Promise.all(workers.map((worker) => worker.run()));
      } finally {
        await processes.stop();
      }
    },
    areRunning: () => workers.every((worker) => worker.getState() === 'RUNNING'),
    shutdown: () => {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
  };
}

/**
 * Dispatches outlive releases by far, so none is pinned to one: a change of their course is patched, and every run goes on
 * with the release that is current at its next step.
 */
const versioned = ({ name, buildId }: NonNullable<Settings['deployment']>) => ({
  workerDeploymentOptions: {
    version: { deploymentName: name, buildId },
    useWorkerVersioning: true as const,
    defaultVersioningBehavior: VersioningBehavior.AUTO_UPGRADE,
  },
});

/** What workflows tell the process that runs them, once; a task that is repeated tells again. */
export const sinksOf = (
  metrics: WorkersDeps['metrics'],
  tracing: Tracing | null,
): InjectedSinks<ContactSinks & SweepSinks & DispatchSinks & TracingSinks> => ({
  tracing: { entered: { fn: (_info, entry) => tracing?.workflowEntered(entry), callDuringReplay: false } },
  contacts: {
    outcome: { fn: (_info, outcome, times) => metrics.contactOutcome(outcome, times), callDuringReplay: false },
  },
  dispatches: {
    ambiguousCreate: { fn: () => metrics.ambiguousCreate(), callDuringReplay: false },
    workOrderMade: { fn: (_info, seconds) => metrics.workOrderMade(seconds), callDuringReplay: false },
    published: { fn: (_info, seconds) => metrics.published(seconds), callDuringReplay: false },
  },
  sweeps: {
    repaired: { fn: (_info, what, times) => metrics.sweepRepair(what, times), callDuringReplay: false },
  },
});
