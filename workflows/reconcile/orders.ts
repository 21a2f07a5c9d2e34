/**
 * Work orders whose state differs from what their dispatch knows. Promise: after a gap every order is checked, over as many
 * sweeps as the budget asks for; without one the longest unchecked hundred. A dispatch is told by events like any other, from
 * a fresh read of the order, and judges them itself. Field Nation has no "changed since" (its contract, section 9).
 */

import type { FieldNationEvent } from '../../src/contract/field-nation-event';
import { hasUnread, type ConversationCounts } from '../../src/domain/conversation/counts';
import type { ListedOrder, OwnedOrder } from '../../src/contract/sweep-calls';
import { inPieces } from '../../src/domain/in-pieces';
import type { KnownStatus } from '../../src/domain/status';
import { orderDrift, sweepKey } from '../../src/domain/sweep/order-drift';
import { dueOf, logsSince, stepsOf, takeLogs, takeStep, takeWebhook } from '../../src/domain/sweep/order-round';
import { driftEvents, goneBody, unreadEvent } from '../../src/domain/sweep/sweep-events';
import { isVerdict } from '../../src/domain/sweep/sweep-state';
import type { Sweep } from './sweep';

const PER_CALL = 100;

export async function sweepOrders(sweep: Sweep): Promise<void> {
  const { orders: marks } = sweep.marks;
  const gaps = await findGaps(sweep);
  if (gaps === null) return;
  for (const ids of inPieces(gaps.wanted, PER_CALL)) {
    const urgent = await sweep.calls.engine.ordersOf({ ids });
    if (urgent.length > 0 && !(await checkOrders(sweep, urgent, () => undefined))) return;
  }
  // Not before: what a budget or an outage kept from being checked is found in the logs again.
  marks.logsUntil = gaps.until ?? marks.logsUntil;
  for (let steps = 0; steps < stepsOf(marks); steps++) {
    const { after, width } = marks;
    const step = await sweep.calls.engine.openOrders({ after, width, most: PER_CALL });
    sweep.result.unreadable += step.unreadable;
    for (const piece of inPieces(dueOf(marks, step.orders, sweep.now()), PER_CALL)) {
      // An order may share its dispatch with the next one, which then comes again.
      if (!(await checkOrders(sweep, piece, ({ foundBy }) => void (marks.after = foundBy - 1)))) return;
    }
    if (!takeStep(marks, step)) return;
  }
  if (marks.everyOne) sweep.unfinished = true;
}

interface Gaps {
  /** Orders of failed deliveries. */
  wanted: number[];
  until: string | null;
}

/** What the webhook and its logs say; notes when events may have been lost without a trace. Null: Field Nation does not answer. */
async function findGaps(sweep: Sweep): Promise<Gaps | null> {
  const { orders: marks } = sweep.marks;
  const state = await sweep.ask('field-nation', () => sweep.calls.fieldNation.readWebhookState());
  if (!state.answer && !isVerdict(state.why)) return null;
  takeWebhook(marks, state.answer ?? { mark: null }, (sweep.ago ?? 0) - sweep.input.interval);
  const since = logsSince(marks);
  const logs = await sweep.ask('field-nation', () => sweep.calls.fieldNation.listFailedDeliveries({ since }));
  if (!logs.answer) return isVerdict(logs.why) ? { wanted: [], until: null } : null;
  takeLogs(marks, logs.answer);
  return { wanted: logs.answer.orders, until: logs.answer.until };
}

/** False when the budget, or Field Nation, ends it; `done` is told of every order that was dealt with. */
export async function checkOrders(
  sweep: Sweep,
  orders: OwnedOrder[],
  done: (order: OwnedOrder) => void,
): Promise<boolean> {
  const ids = orders.map(({ id }) => id);
  const list = await sweep.ask('field-nation', () => sweep.calls.fieldNation.listOrders({ ids }));
  if (!list.answer && !isVerdict(list.why)) return false;
  const listed = new Map((list.answer ?? []).map((order): [number, ListedOrder] => [order.workOrderId, order]));
  for (const order of orders) {
    const seen = listed.get(order.id)?.seen ?? null;
    // Not in the list, or by its number only: the order itself has to tell.
    const differs =
      seen === null || orderDrift(order, seen).some((step) => !sweep.wasTold(sweepKey(order.id, order, step)));
    if (differs && !(await checkOrder(sweep, order, listed.has(order.id)))) return false;
    if (!differs) await tellUnread(sweep, order, seen.counts);
    sweep.result.orders.checked += 1;
    done(order);
  }
  return true;
}

/** Messages or files that no event told of: the counts of the list are enough, since a list can only lag behind. */
async function tellUnread(sweep: Sweep, order: OwnedOrder, counts: ConversationCounts | undefined): Promise<void> {
  if (!counts || !hasUnread(order, counts)) return;
  const { id: workOrderId, ticketId, key, at } = order;
  const event = unreadEvent(order, counts);
  if (sweep.wasTold(event.delivery)) return;
  if (!(await sweep.calls.engine.tellOrder({ ticketId, workOrderId, known: { key, at }, events: [event] }))) return;
  sweep.noteTold(event.delivery);
  sweep.result.orders.signalled += 1;
  sweep.count('order', 1);
}

/** One order by a fresh read, since lists lag. False: no budget, or no answer. */
async function checkOrder(sweep: Sweep, order: OwnedOrder, isListed: boolean): Promise<boolean> {
  const { id: workOrderId } = order;
  const read = await sweep.ask('field-nation', () => sweep.calls.fieldNation.readSweptOrder({ workOrderId }));
  if (!read.answer && !isVerdict(read.why)) return false;
  sweep.result.orders.read += 1;
  if (read.answer) {
    const { seen, body } = read.answer;
    const steps = orderDrift(order, seen);
    if (steps.length > 0) await tell(sweep, order, steps, body);
    else await tellUnread(sweep, order, seen.counts);
  } else if (!isListed && read.why === 'not-found' && order.key !== 'draft') {
    // Neither in the list nor to be read: that is how some accounts show what was deleted.
    await tell(sweep, order, [{ key: 'cancelled', at: null }], goneBody(order));
  }
  return true;
}

async function tell(sweep: Sweep, order: OwnedOrder, steps: KnownStatus[], body: FieldNationEvent): Promise<void> {
  const events = driftEvents(order, steps, body).filter(({ delivery }) => !sweep.wasTold(delivery));
  if (events.length === 0) return;
  const { id: workOrderId, ticketId, key, at } = order;
  const told = await sweep.calls.engine.tellOrder({ ticketId, workOrderId, known: { key, at }, events });
  // It knows better by now; the next sweep compares anew.
  if (!told) return;
  for (const { delivery } of events) sweep.noteTold(delivery);
  sweep.result.orders.signalled += 1;
  sweep.count('order', 1);
}
