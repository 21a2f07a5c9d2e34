/**
 * `reconcile`: finds what no webhook told and signals it to the dispatch that owns it, which mends it. Promise: it starts
 * no second visit, publishes and deletes nothing, and uses at most a tenth of each quota; what one sweep could not do the
 * next one does. It keeps its marks in its result. Source: design 2.10, interface 5 and 8.
 */
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ReconcileInput, ReconcileResult } from '../src/contract/reconcile';
import { sweepDrafts } from './reconcile/drafts';
import { sweepOrders } from './reconcile/orders';
import { sweepRefused } from './reconcile/refused';
import { Sweep } from './reconcile/sweep';
import { sweepTickets } from './reconcile/tickets';
import { sweepDetails } from './reconcile/view';

export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  const sweep = new Sweep(input, workflowInfo().lastResult, () => Date.now());
  setCurrentDetails('Looking for what no webhook told');
  // Orders first: who is assigned decides what a closed ticket means.
  await sweepOrders(sweep);
  await sweepTickets(sweep);
  await sweepDrafts(sweep);
  await sweepRefused(sweep);
  const result = sweep.end();
  setCurrentDetails(sweepDetails(result));
  return result;
}
