/** The schedule of the sweeps as a part of the service. Promise: nothing waits for it, and it is made as soon as it can be. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Settings } from '../config/settings';
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
export function keepSweeping({ settings, client, account, waiting: { log, signal } }: ReconcilePartDeps): void {
  const { reconcileInterval: interval, freshdeskCallsPerMinute, fieldNationCallsPerMinute } = settings;
  const callsPerMinute = { freshdesk: freshdeskCallsPerMinute, fieldNation: fieldNationCallsPerMinute };
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        return await ensureReconcileSchedule({ client, account, interval, callsPerMinute });
      } catch (error) {
        if (signal.aborted) return;
        log.error({ err: error }, 'the schedule of reconcile could not be made, it is tried again');
        await delay(AGAIN_MS, undefined, { signal, ref: false }).catch(() => undefined);
      }
    }
  };
  void work();
}
