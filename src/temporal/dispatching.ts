/**
 * What is true for all dispatches of an account, from outside. Promise: reading asks no worker and leaves no event; of two
 * copies that differ the stricter one holds; what cannot be read throws, so that nothing is spent on it.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type {
  BaselineMemo,
  DispatchingFacts,
  DispatchingInput,
  DispatchingMemo,
  DispatchingPolicy,
  NamedTriggers,
  OrderCount,
  Pause,
  Upstreams,
} from '../contract/dispatching';
import {
  compareCopies,
  nameTriggers,
  pauseDispatching,
  recordUpstreams,
  resumeDispatching,
} from '../contract/messages';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { DEFAULT_DISPATCHING_POLICY } from '../contract/policy';
import { dispatchingWorkflowId } from '../contract/run-ids';
import { countOrders, stricterOrders } from '../domain/dispatching/orders';
import { NOT_PAUSED, stricter } from '../domain/dispatching/pause';
import { withDeadline } from './deadline';
import { readCopy, writeCopy } from './dispatching-copy';
import { queryOf } from './index/query';
import { readRows } from './index/rows';

export interface DispatchingDeps {
  client: Client;
  account: string;
  policy?: DispatchingPolicy;
  /** For one whole request, in ms. */
  deadlineMs?: number;
  now?: () => number;
}

/** All that a page shows of it. */
export interface DispatchingState extends DispatchingFacts {
  /** Orders of the sliding hour, at most a minute behind. */
  ordersLastHour: number;
  /** Tickets that matched before. */
  baseline: BaselineMemo;
}

export interface Dispatching {
  /** Starts the run, or finds it running and vouching for its memo. */
  ensure(): Promise<DispatchingFacts>;
  /** For a Schedule that came after the run: where the second copy is missing, it is made. */
  keepMissingCopy(): Promise<void>;
  /** Records hosts in the place of those that were found; needs a worker. @throws when others are recorded by now */
  record(found: Upstreams, upstreams: Upstreams): Promise<void>;
  /** Tells the triggers of the config; needs a worker. Waits at most `waitMs` for the search of those that are new. */
  nameTriggers(named: NamedTriggers): Promise<BaselineMemo>;
  /** Without a worker. */
  state(): Promise<DispatchingState>;
  /** Resolves once it holds; needs a worker of the account. */
  pause(asked: { reason: string; by?: string | null }): Promise<Pause>;
  resume(by?: string | null): Promise<Pause>;
}

type Known = DispatchingFacts & { orders: OrderCount[]; baseline?: BaselineMemo };

const NO_UPSTREAMS: Upstreams = { freshdesk: null, fieldNation: null };
const NOTHING: Known = { pause: NOT_PAUSED, upstreams: NO_UPSTREAMS, watched: {}, orders: [] };
const NO_BASELINE: BaselineMemo = { waitsBefore: null, count: 0, more: false };

export function createDispatching(deps: DispatchingDeps): Dispatching {
  const { client, account, policy = DEFAULT_DISPATCHING_POLICY, deadlineMs = 2000, now = Date.now } = deps;
  const workflowId = dispatchingWorkflowId(account);
  const handle = client.workflow.getHandle(workflowId);
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);

  const optionsOf = (known: DispatchingInput['known']) => ({
    workflowId,
    taskQueue: taskQueues(account).workflows,
    args: [{ account, policy, ...(known ? { known } : {}) } satisfies DispatchingInput],
    workflowIdConflictPolicy: 'USE_EXISTING' as const,
    staticSummary: `Holds the pause, the last hour's orders and the hosts of ${account}`,
  });

  const joined = (a: Known, b: Partial<Known> | null): Known =>
    b === null ? a : { ...stricter(a, b), orders: stricterOrders(a.orders, b.orders, now(), policy.hour) };

  /** What stands in Temporal; `vouched`: by the run itself, so that no other copy counts. */
  const read = async (): Promise<{ known: Known; running: boolean; vouched: boolean }> => {
    const run = await describe();
    if (run?.running && run.memo?.run === run.runId) return { known: run.memo, running: true, vouched: true };
    // The run is new, was reset, or has ended: others know what it cannot.
    const copies = [run?.memo ?? null, await readCopy(client, account), run ? await lastOfOthers(run.runId) : null];
    return { known: copies.reduce(joined, NOTHING), running: run?.running ?? false, vouched: false };
  };

  const describe = async (): Promise<{ running: boolean; runId: string; memo: DispatchingMemo | null } | null> => {
    try {
      const { status, runId, memo } = await handle.describe();
      return { running: status.name === 'RUNNING', runId, memo: memoIn(memo) };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  /** The newest run that has ended: the one that a reset has ended knows more than the one that it made. */
  const lastOfOthers = async (runId: string): Promise<DispatchingMemo | null> => {
    for await (const row of readRows(client, queryOf(account, { kind: 'dispatching' }), deadlineMs)) {
      if (row.workflowId !== workflowId || row.running || row.runId === runId) continue;
      const { dispatching, unreadable } = await row.memo();
      if (unreadable)
        throw new Error(`The memo of ${workflowId} cannot be read: a key in DESKBRIDGE_ENCRYPTION_KEYS is missing`);
      return dispatching ?? null;
    }
    return null;
  };

  const ensure = async (): Promise<DispatchingFacts> => {
    const { known, running, vouched } = await read();
    if (vouched) return known;
    if (!running) await client.workflow.start(WORKFLOW_TYPES.dispatching, optionsOf(known));
    return handle.executeUpdate(compareCopies, { args: [known] });
  };

  return {
    ensure: () => bounded(ensure),

    keepMissingCopy: () =>
      bounded(async () => {
        const { pause, upstreams, watched } = await ensure();
        await writeCopy(client, account, { pause, upstreams, watched }, 'when-missing');
      }),

    record: (found, upstreams) =>
      bounded(async () => {
        await ensure();
        await handle.executeUpdate(recordUpstreams, { args: [{ found, upstreams }] });
      }),

    nameTriggers: (named) =>
      withDeadline(client, deadlineMs + named.waitMs, async () => {
        await ensure();
        return handle.executeUpdate(nameTriggers, { args: [named] });
      }),

    state: () =>
      bounded(async () => {
        const { pause, upstreams, watched, orders, baseline = NO_BASELINE } = (await read()).known;
        const ordersLastHour = countOrders(orders, now(), policy.hour);
        return { pause, upstreams, watched, ordersLastHour, baseline };
      }),

    pause: ({ reason, by = null }) =>
      bounded(async () => {
        await ensure();
        return handle.executeUpdate(pauseDispatching, { args: [{ reason, by }] });
      }),

    resume: (by = null) =>
      bounded(async () => {
        await ensure();
        return handle.executeUpdate(resumeDispatching, { args: [{ by }] });
      }),
  };
}

const memoIn = (memo: Record<string, unknown> | undefined): DispatchingMemo | null =>
  (memo?.dispatching as DispatchingMemo | undefined) ?? null;
