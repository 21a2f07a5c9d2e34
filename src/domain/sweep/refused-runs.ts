/**
 * Which of the runs that a refused key has stopped are asked to try again. Promise: a bounded number a sweep, those first
 * that were not asked by the last one, and none whose system has not answered this sweep.
 */
import type { RefusedRun } from '../../contract/sweep-calls';
import type { SweepState } from './sweep-state';

/** Each costs a call of its own. */
const MOST = 100;

/** The tries are the runs', but it is the sweep that causes them: they come out of the same budget. */
export function chooseRefused(sweep: SweepState, runs: readonly RefusedRun[]): string[] {
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
  return chosen;
}

function mayTry(sweep: SweepState, { system }: RefusedRun): boolean {
  const needed = system === null ? (['freshdesk', 'field-nation'] as const) : [system];
  return needed.every((name) => sweep.works(name)) && needed.every((name) => sweep.spend(name));
}
