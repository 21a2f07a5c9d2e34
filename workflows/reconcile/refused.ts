/**
 * Runs that a refused key has stopped. Promise: once a call of the sweep itself succeeds they are asked to try again, a
 * bounded number a sweep, and only what the key stopped: no question that was put to a person is answered.
 */

import { chooseRefused } from '../../src/domain/sweep/refused-runs';
import type { Sweep } from './sweep';

const LISTED = 1000;

export async function sweepRefused(sweep: Sweep): Promise<void> {
  if (!sweep.works('freshdesk') && !sweep.works('field-nation')) return;
  const runs = await sweep.calls.engine.refusedRuns({ most: LISTED });
  const chosen = chooseRefused(sweep, runs);
  sweep.marks.retried = chosen;
  if (chosen.length === 0) return;
  const told = await sweep.calls.engine.retryRefused({ workflowIds: chosen });
  sweep.result.retries += told;
  sweep.count('retry', told);
}
