/**
 * `resync`: does at once what sweeps would do in time, for one ticket's order or for all that changed since a moment.
 * Promise: it tells dispatches what differs and lets them judge, as a sweep does: no visit, no publish and no pay is of its
 * making. It keeps to a tenth of each quota, and goes on until it is through.
 */
import { continueAsNew, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { ResyncInput, ResyncResult } from '../src/contract/reconcile';
import { sweptEngine } from './proxies';
import { checkOrders, sweepOrders } from './reconcile/orders';
import { Sweep } from './reconcile/sweep';
import { sweepCalls } from './reconcile/sweep-calls';
import { sweepTickets } from './reconcile/tickets';

/** What one turn may spend is counted by it, in ms. */
const TURN_MS = 60_000;

export async function resync(input: ResyncInput): Promise<ResyncResult> {
  const { account, callsPerMinute, of, carried } = input;
  const result = carried?.result ?? { tickets: 0, orders: 0, told: 0, unfinished: false };
  let marks = carried?.marks ?? null;
  for (;;) {
    const since = 'since' in of ? of.since : new Date(Date.now()).toISOString();
    const sweep = new Sweep({ account, since, callsPerMinute, interval: TURN_MS }, marks, () => Date.now(), sweepCalls);
    if ('since' in of) {
      await sweepOrders(sweep);
      await sweepTickets(sweep);
    } else {
      const orders = await sweptEngine.ordersOf({ ids: of.orders });
      if (orders.length > 0) await checkOrders(sweep, orders, () => undefined);
    }
    const { tickets, orders, mended, unfinished, marks: next } = sweep.end();
    result.tickets += tickets.listed;
    result.orders += orders.checked;
    result.told += mended;
    result.unfinished = unfinished;
    setCurrentDetails(
      `${result.tickets} tickets and ${result.orders} work orders looked at, ${result.told} dispatches informed`,
    );
    if (!unfinished) return result;
    marks = next;
    await sleep(TURN_MS, { summary: 'Wait for the next minute of the quota' });
    if (workflowInfo().continueAsNewSuggested) {
      await continueAsNew<typeof resync>({ ...input, carried: { marks, result } });
    }
  }
}
