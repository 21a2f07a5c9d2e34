/**
 * `reconcile`: finds what no webhook told and signals it to the dispatch that owns it, which mends it. Promise: it starts
 * no second visit, publishes and deletes nothing, and uses at most a tenth of each quota; what one sweep could not do the
 * next one does. It keeps its marks in its result. Source: design 2.10, interface 5 and 8.
 */
import { setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import type { ReconcileInput, ReconcileMarks, ReconcileResult } from '../src/contract/reconcile';
import { marksOf } from '../src/domain/sweep/sweep-state';
import { sweepEnded } from './reconcile/ended';
import { listDrafts, sweepDrafts } from './reconcile/drafts';
import { sweepOrders } from './reconcile/orders';
import { sweepRefused } from './reconcile/refused';
import { Sweep } from './reconcile/sweep';
import { sweepOwners } from './reconcile/take-over';
import { sweepTickets } from './reconcile/tickets';
import { sweepUnseen } from './reconcile/unseen';
import { sweepDetails } from './reconcile/view';
import { sweptEngine } from './proxies';

export async function reconcile(input: ReconcileInput): Promise<ReconcileResult> {
  setCurrentDetails('Looking for changes that no webhook reported');
  const sweep = new Sweep(input, await lastMarks(), () => Date.now());
  // First a call that every key may make: a later refusal is then known to be about rights, not about the key.
  const drafts = await listDrafts(sweep);
  // Orders before tickets: who is assigned decides what a closed ticket means.
  await sweepOrders(sweep);
  await sweepTickets(sweep);
  await sweepDrafts(sweep, drafts);
  await sweepRefused(sweep);
  await sweepUnseen(sweep);
  await sweepOwners(sweep);
  await sweepEnded(sweep);
  const result = sweep.end();
  setCurrentDetails(sweepDetails(result));
  return result;
}

/** A schedule hands them on from run to run; those of one that was deleted are found in its last run. */
async function lastMarks(): Promise<ReconcileMarks | null> {
  return marksOf(workflowInfo().lastResult) ?? marksOf(await sweptEngine.lastSweep());
}
