/**
 * Orders of ours in the field whose dispatch does not run: it was terminated, reset or lost with a backup. Promise: each is
 * handed to a new run of its ticket's dispatch, once; nothing is changed or deleted here. Source: interface, section 8.
 */
import type { CarriedOrder } from '../../src/contract/sweep-calls';
import { openPageOf, takeOpenPage } from '../../src/domain/sweep/open-lists';
import { carriedEvent } from '../../src/domain/sweep/sweep-events';
import { isVerdict } from '../../src/domain/sweep/sweep-state';
import type { Sweep } from './sweep';

/** Pages of one sweep; the lists take turns, and a list of thousands goes on in the next sweep. */
const MOST_PAGES = 30;
/** Shown of one sweep. */
const MOST_SHOWN = 50;

/** Uses what the rest of the sweep left of the budget. */
export async function sweepOwners(sweep: Sweep): Promise<void> {
  const { orders: marks } = sweep.marks;
  const { account } = sweep.input;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const asked = { account, ...openPageOf(marks) };
    const { answer, why } = await sweep.ask('field-nation', () => sweep.calls.fieldNation.listOpenOrders(asked));
    if (!answer && !isVerdict(why)) return;
    if (answer) await handOverOwnerless(sweep, answer.orders);
    if (!takeOpenPage(marks, answer?.nextPage ?? null)) return;
  }
}

async function handOverOwnerless(sweep: Sweep, orders: CarriedOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const ticketIds = [...new Set(orders.map(({ ticketId }) => ticketId))];
  const standings = await sweep.calls.engine.sweptStandings({ ticketIds });
  const running = new Set(standings.filter((standing) => standing.running).map(({ ticketId }) => ticketId));
  for (const order of orders) if (!running.has(order.ticketId)) await takeOver(sweep, order);
}

/** The run that is started asks Field Nation itself, so that a list that lags does no harm. */
export async function takeOver(sweep: Sweep, { workOrderId, ticketId, correlationId }: CarriedOrder): Promise<void> {
  const key = takenOverKey(workOrderId);
  if (!sweep.wasTold(key)) {
    const events = correlationId === undefined ? [] : [carriedEvent(workOrderId, correlationId)];
    await sweep.calls.engine.takeOver({ ticketId, events });
    sweep.count('taken-over', 1);
    const { takenOver } = sweep.result;
    if (takenOver.length < MOST_SHOWN) takenOver.push(workOrderId);
  }
  sweep.noteTold(key);
}

export const takenOverKey = (workOrderId: number): string => `taken-over-${workOrderId}`;
