/** Waiting for the upstreams to have been asked for everything. */
import { setTimeout as delay } from 'node:timers/promises';
import type { CallCount, SandboxClient } from './sandbox';

const LOOK_MS = 250;
/** Calls may still come when everything is there: an update of a contact, say. */
const QUIET_MS = 4_000;
const STALLED_MS = 120_000;

export interface Waiting {
  sandbox: SandboxClient;
  /** How many are done, by the calls so far. */
  done: (calls: CallCount[]) => number;
  total: number;
  /** Of what, for the message of a bench that stands still. */
  unit: string;
  progress: (done: number, total: number) => void;
  /** No call for so long; 4 s when left out. */
  quietMs?: number;
}

/** Resolves when all are done and no call has come for a while. */
export async function untilDone({ sandbox, done, total, unit, progress, quietMs = QUIET_MS }: Waiting): Promise<void> {
  let [known, changedAt] = ['', Date.now()];
  for (;;) {
    const calls = await sandbox.calls();
    const count = done(calls);
    progress(count, total);
    const state = JSON.stringify(calls);
    if (state !== known) [known, changedAt] = [state, Date.now()];
    const quietFor = Date.now() - changedAt;
    if (count >= total && quietFor >= quietMs) return;
    if (quietFor >= STALLED_MS)
      throw new Error(`Nothing has happened for ${quietFor / 1000} s: ${count} of ${total} are ${unit}.`);
    await delay(LOOK_MS);
  }
}

/** How often a route was answered with success. */
export const succeeded = (calls: CallCount[], asked: string): number =>
  calls.reduce((sum, { route, status, count }) => (route === asked && status < 300 ? sum + count : sum), 0);
