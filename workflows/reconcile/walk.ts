/** What one sweep looks at, in its order. Promise: what it could not do for its budget or an outage is left in its marks. */
import type { ReconcileMarks, ReconcileResult } from '../../src/contract/reconcile';
import { marksOf } from '../../src/domain/sweep/sweep-state';
import { listDrafts, sweepDrafts } from './drafts';
import { sweepEnded } from './ended';
import { sweepOrders } from './orders';
import { sweepRefused } from './refused';
import type { Sweep } from './sweep';
import type { SweepCalls } from './sweep-calls';
import { sweepOwners } from './take-over';
import { sweepTickets } from './tickets';
import { sweepUnseen } from './unseen';

/** A schedule hands them on from run to run; those of one that was deleted are found in its last run. */
export const lastMarks = async (lastResult: unknown, engine: SweepCalls['engine']): Promise<ReconcileMarks | null> =>
  marksOf(lastResult) ?? marksOf(await engine.lastSweep());

export async function walk(sweep: Sweep): Promise<ReconcileResult> {
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
  return sweep.end();
}
