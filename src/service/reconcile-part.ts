/** The schedule of the sweeps and the watch as parts of the service. Promise: nothing waits for it, and it is made as soon as it can be. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Settings } from '../config/settings';
import { shareOf } from '../domain/quota-share';
import { ensureAlerts } from '../temporal/alerts';
import { ensureReconcileSchedule } from '../temporal/schedules';
import type { WaitOptions } from './until-reached';

export interface ReconcilePartDeps {
  settings: Settings;
  client: Client;
  account: string;
  waiting: Pick<WaitOptions, 'log' | 'signal'>;
}

const AGAIN_MS = 30_000;

/** Tries until the schedule is as the settings say; the service works without it, so a failure is only logged. */
export function keepSweeping({ settings, client, account, waiting }: ReconcilePartDeps): void {
  const { reconcileInterval: interval, freshdeskCallsPerMinute, fieldNationCallsPerMinute } = settings;
  // The schedule may be made long before an answer tells the account's limit.
  const callsPerMinute = {
    freshdesk: shareOf(freshdeskCallsPerMinute, null),
    fieldNation: fieldNationCallsPerMinute,
  };
  void untilDone('the schedule of reconcile could not be made, it is tried again', waiting, () =>
    ensureReconcileSchedule({ client, account, interval, callsPerMinute }),
  );
}

/** The same for the run that raises alerts. */
export function keepWatching({ client, account, waiting }: Omit<ReconcilePartDeps, 'settings'>): void {
  void untilDone('the watch for alerts could not be started, it is tried again', waiting, () =>
    ensureAlerts({ client, account }),
  );
}

async function untilDone(
  words: string,
  { log, signal }: ReconcilePartDeps['waiting'],
  work: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) return;
      log.error({ err: error }, words);
      await delay(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
