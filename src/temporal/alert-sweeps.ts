/** Alerts about reconcile: it is gone, paused, does not run, fails, or does not come to its end. */
import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import { reconcileId } from '../contract/run-ids';
import { momentText } from '../domain/moments';
import { found, type Found } from './alert-found';
import { withDeadline } from './deadline';
import { queryOf } from './index/query';
import { readPage } from './index/rows';

export interface SweepWatchDeps {
  client: Client;
  account: string;
  /** Setting, in ms; 0: reconcile is off on purpose. */
  reconcileInterval: number;
  deadlineMs: number;
  now: number;
}

/** Sweeps that may be left out before somebody is told. */
const MISSED_SWEEPS = 3;
/** So many in a row that failed are no accident. */
const FAILED_SWEEPS = 3;
/** A sweep may take its time where Freshdesk's list is long, in ms. */
const LONG_SWEEP_MS = 30 * 60_000;

const alertOf = (cause: string, title: string, remedy: string, since: number): Found =>
  found({ key: `schedule ${cause}`, kind: 'schedule', title, remedy, since: new Date(since).toISOString() });

export async function sweepTroubles(deps: SweepWatchDeps): Promise<Found[]> {
  if (deps.reconcileInterval === 0) return [];
  return (await Promise.all([missing(deps), failing(deps)])).flat();
}

async function missing({ client, account, reconcileInterval, deadlineMs, now }: SweepWatchDeps): Promise<Found[]> {
  const scheduleId = reconcileId(account);
  const missed = (title: string, remedy: string): Found[] => [alertOf('reconcile', title, remedy, now)];
  try {
    const { state, info } = await withDeadline(client, deadlineMs, () =>
      client.schedule.getHandle(scheduleId).describe(),
    );
    if (state.paused) {
      const remedy = `When nobody wants that any more: temporal schedule toggle --schedule-id ${scheduleId} --unpause`;
      return missed('Reconcile is paused', remedy);
    }
    const begun = [info.createdAt, info.lastUpdatedAt, ...info.recentActions.map(({ takenAt }) => takenAt)];
    const last = Math.max(...begun.map((at) => at?.getTime() ?? 0));
    if (now - last <= MISSED_SWEEPS * reconcileInterval || info.runningActions.length > 0) return [];
    return missed(
      `Reconcile has not run since ${momentText(new Date(last).toISOString())}`,
      `temporal schedule describe --schedule-id ${scheduleId} shows why; restart a worker to make it again.`,
    );
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    return missed('The schedule of reconcile is gone', 'Restart a worker: it makes the schedule again.');
  }
}

/** By the status of the last runs: one that begins each hour and never ends looks alive to the schedule. */
async function failing({ client, account, reconcileInterval, deadlineMs, now }: SweepWatchDeps): Promise<Found[]> {
  const { rows } = await readPage(
    client,
    { query: queryOf(account, { kind: 'reconcile' }), size: FAILED_SWEEPS + 1 },
    deadlineMs,
  );
  const ended = rows.filter(({ running }) => !running).slice(0, FAILED_SWEEPS);
  const since = ended.at(-1)?.startedAt.getTime() ?? now;
  if (ended.length === FAILED_SWEEPS && ended.every(({ completed }) => !completed)) {
    const title = `The last ${FAILED_SWEEPS} runs of reconcile failed, since ${momentText(new Date(since).toISOString())}`;
    return [
      alertOf(
        'failing',
        title,
        `Open ${ended[0]?.workflowId ?? 'them'} in the Temporal UI: its last step says why.`,
        since,
      ),
    ];
  }
  const late = rows.find(({ running, startedAt }) => {
    return running && now - startedAt.getTime() > Math.max(MISSED_SWEEPS * reconcileInterval, LONG_SWEEP_MS);
  });
  if (!late) return [];
  const begun = late.startedAt.getTime();
  const title = `A run of reconcile has not ended since ${momentText(late.startedAt.toISOString())}`;
  return [
    alertOf(
      'late',
      title,
      `Open ${late.workflowId} in the Temporal UI: its pending activity says what it waits for.`,
      begun,
    ),
  ];
}
