/**
 * The Schedule behind `reconcile`. Promise: there is one per account, whichever and however many processes make it; since
 * when tickets are Deskbridge's business and what the sweeps have done stays through every change of the settings.
 */
import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleDescription,
  type ScheduleHandle,
  type ScheduleOptions,
} from '@temporalio/client';
import { taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { reconcileId } from '../contract/run-ids';
import type { ReconcileInput } from '../contract/reconcile';

export interface ReconcileScheduleDeps {
  client: Client;
  account: string;
  /** In ms; 0: no sweeps. */
  interval: number;
  callsPerMinute: ReconcileInput['callsPerMinute'];
  orphanAfter?: number;
  now?: () => number;
}

/** Says who paused it, so that a pause by a person stays. */
const OFF = 'RECONCILE_INTERVAL is 0';

/** What an outage of the engine kept from running is caught up on at once, by one sweep, beyond its interval in ms. */
const CATCH_UP_MS = 60_000;
/** A sweep that a lost worker left hanging must not keep the next ones away. */
const LONGEST = '1 hour';

/** Makes the schedule, brings an existing one up to the settings, or pauses it; safe to call at any time, from anywhere. */
export async function ensureReconcileSchedule(deps: ReconcileScheduleDeps): Promise<void> {
  const { client, account, interval, now = Date.now } = deps;
  const handle = client.schedule.getHandle(reconcileId(account));
  if (interval === 0) {
    await switchOff(handle);
    return;
  }
  const options = optionsOf(deps, new Date(now()).toISOString());
  try {
    await client.schedule.create({ scheduleId: handle.scheduleId, ...options });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await handle.update((previous) => {
      const { paused, note } = previous.state;
      const state = paused && note !== OFF ? { paused, ...(note === undefined ? {} : { note }) } : { paused: false };
      const { action, ...rest } = optionsOf(deps, sinceOf(previous) ?? options.since);
      const { memo } = previous.action;
      return { ...rest, action: { ...action, ...(memo ? { memo } : {}) }, state };
    });
  }
}

/** A pause by a person keeps its note, so that it outlives being switched off and on again. */
async function switchOff(handle: ScheduleHandle): Promise<void> {
  try {
    const { state } = await handle.describe();
    if (!state.paused) await handle.pause(OFF);
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

type Options = Omit<ScheduleOptions, 'scheduleId'> & { since: string };

function optionsOf(deps: ReconcileScheduleDeps, since: string): Options {
  const { account, interval, callsPerMinute, orphanAfter } = deps;
  const input: ReconcileInput = {
    ...{ account, since, callsPerMinute, interval },
    ...(orphanAfter === undefined ? {} : { orphanAfter }),
  };
  return {
    since,
    spec: { intervals: [{ every: interval }] },
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOW_TYPES.reconcile,
      workflowId: reconcileId(account),
      taskQueue: taskQueues(account).workflows,
      args: [input],
      workflowRunTimeout: LONGEST,
      staticSummary: `Finds changes of ${account} that no webhook reported`,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: interval + CATCH_UP_MS, pauseOnFailure: false },
  };
}

const sinceOf = ({ action }: ScheduleDescription): string | null =>
  (action.args?.[0] as Partial<ReconcileInput> | undefined)?.since ?? null;
