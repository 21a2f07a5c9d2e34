/**
 * Runs that a refused key has stopped. Promise: once a call of the sweep itself succeeds they are asked to try again, a
 * bounded number a sweep, and only what the key stopped: no question that was put to a person is answered.
 */

import { sweptEngine } from '../proxies';
import type { Sweep } from './sweep';
import type { RefusedRun } from '../../src/contract/sweep-calls';

/** Each costs a call of its own. */
const MOST = 100;
const LISTED = 1000;

export async function sweepRefused(sweep: Sweep): Promise<void> {
  if (!sweep.works('freshdesk') && !sweep.works('field-nation')) return;
  const runs = await sweptEngine.refusedRuns({ most: LISTED });
  const before = new Set(sweep.marks.retried);
  const inTurn = [
    ...runs.filter(({ workflowId }) => !before.has(workflowId)),
    ...runs.filter(({ workflowId }) => before.has(workflowId)),
  ];
  const chosen: string[] = [];
  for (const run of inTurn) {
    if (chosen.length >= MOST) break;
    if (mayTry(sweep, run)) chosen.push(run.workflowId);
  }
  sweep.marks.retried = chosen;
  if (chosen.length === 0) return;
  const told = await sweptEngine.retryRefused({ workflowIds: chosen });
  sweep.result.retries += told;
  sweep.count('retry', told);
}

/** The try is the run's, but it is the sweep that causes it: it comes out of the same budget. */
function mayTry(sweep: Sweep, { system }: RefusedRun): boolean {
  const needed = system === null ? (['freshdesk', 'field-nation'] as const) : [system];
  return needed.every((name) => sweep.works(name)) && needed.every((name) => sweep.spend(name));
}
