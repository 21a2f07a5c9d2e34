/** The schedule of the sweeps and the watch as parts of the service. Promise: nothing waits for it, and it is made as soon as it can be. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { triggersOf } from '../../activities/find-matching';
import type { ConfigHolder } from '../config/holder';
import { SettingsError, type Settings } from '../config/settings';
import { shareOf } from '../domain/quota-share';
import { hasFieldNation } from '../runtime';
import { ensureAlerts } from '../temporal/alerts';
import type { Dispatching } from '../temporal/dispatching';
import { ensureReconcileSchedule } from '../temporal/schedules';
import type { WaitOptions } from './until-reached';
import { recordUpstreams } from './upstream-part';

export interface ReconcilePartDeps {
  settings: Settings;
  client: Client;
  account: string;
  dispatching: Dispatching;
  waiting: Pick<WaitOptions, 'log' | 'signal'>;
}

const AGAIN_MS = 30_000;
/** An engine that has only just come may not answer in time: once, that is no news. */
const SOON_MS = 2_000;

/** Until an answer tells: what answers tell since is in the quota book. */
export const callsPerMinute = ({ freshdeskCallsPerMinute, fieldNationCallsPerMinute }: Settings) => ({
  freshdesk: shareOf(freshdeskCallsPerMinute, null),
  fieldNation: fieldNationCallsPerMinute,
});

/** Tries until the schedule is as the settings say; the service works without it, so a failure is only logged. */
export function keepSweeping({ settings, client, account, dispatching, waiting }: ReconcilePartDeps): void {
  // Without Field Nation there is nothing to find.
  const interval = hasFieldNation(settings) ? settings.reconcileInterval : 0;
  void untilDone('the schedule of reconcile could not be made, it is tried again', waiting, async () => {
    await ensureReconcileSchedule({ client, account, interval, callsPerMinute: callsPerMinute(settings) });
    await dispatching.keepMissingCopy();
  });
}

/** The same for the run that raises alerts. */
export function keepWatching({ client, account, waiting }: Omit<ReconcilePartDeps, 'settings' | 'dispatching'>): void {
  void untilDone('the watch for alerts could not be started, it is tried again', waiting, () =>
    ensureAlerts({ client, account }),
  );
}

/**
 * The same for the run that holds what is true for all dispatches, and the hosts in it. Nothing is dispatched before it is
 * there. Rejects when the account works with other hosts.
 */
export async function keepDispatching({
  waiting,
  config,
  ...deps
}: ReconcilePartDeps & { config: Pick<ConfigHolder, 'current'> }): Promise<void> {
  await untilDone(
    'the run for pause and orders could not be started, it is tried again',
    waiting,
    async () => {
      await deps.dispatching.ensure();
      await recordUpstreams(deps);
      if (hasFieldNation(deps.settings)) await nameTriggers(deps.dispatching, config);
    },
    (error) => error instanceof SettingsError,
  );
}

/** So long a start waits for the first search, in ms. */
const SEARCH_MS = 3_000;

export const nameTriggers = (dispatching: Dispatching, config: Pick<ConfigHolder, 'current'>) =>
  dispatching.nameTriggers({ triggers: triggersOf(config.current().dispatch.when), only: true, waitMs: SEARCH_MS });

async function untilDone(
  words: string,
  { log, signal }: ReconcilePartDeps['waiting'],
  work: () => Promise<void>,
  isFinal: (error: unknown) => boolean = () => false,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return;
      if (isFinal(error)) throw error;
      log[failures === 0 ? 'info' : 'error']({ err: error }, words);
      await delay(failures === 0 ? SOON_MS : AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
