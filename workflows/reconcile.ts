/**
 * `reconcile`: finds what no webhook told and signals it to the dispatch that owns it, which mends it. Promise: it starts
 * no second visit, publishes and deletes nothing, and uses at most a tenth of each quota; what one sweep could not do the
 * next one does. It keeps its marks in its result. Source: design 2.10, interface 5 and 8.
 */
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ReconcileInput, ReconcileResult } from '../src/contract/reconcile';
import { Sweep } from './reconcile/sweep';
import { sweepCalls } from './reconcile/sweep-calls';
import { sweepDetails } from './reconcile/view';
import { lastMarks, walk } from './reconcile/walk';

export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  setCurrentDetails('Looking for changes that no webhook reported');
  const marks = await lastMarks(workflowInfo().lastResult, sweepCalls.engine);
  const result = await walk(new Sweep(input, marks, () => Date.now(), sweepCalls));
  setCurrentDetails(sweepDetails(result));
  return result;
}
