/**
 * Work orders whose state differs from what their dispatch knows. Promise: after a gap every order is checked, over as many
 * sweeps as the budget asks for; without one the longest unchecked hundred. A dispatch is told by events like any other, from
 * a fresh read of the order, and judges them itself. Field Nation has no "changed since" (its contract, section 9).
 */

import type { FieldNationEvent } from '../../src/contract/field-nation-event';
import { inPieces } from '../../src/domain/in-pieces';
import { eventOfStatus } from '../../src/domain/status-of-event';
import type { KnownStatus } from '../../src/domain/status';
import { countedParts, hasUnread, type ConversationCounts } from '../../src/domain/conversation/counts';
import { isDue } from '../../src/domain/sweep/due';
import { orderDrift, sweepKey } from '../../src/domain/sweep/order-drift';
import { sweptEngine, sweptFieldNation } from '../proxies';
import { isVerdict, type Sweep } from './sweep';
import type { ListedOrder, OwnedOrder } from '../../src/contract/sweep-calls';

const PER_CALL = 100;
/** Steps of one sweep: what a run's history can hold. */
const MOST_STEPS = 60;

/** Field Nation gives up after 21 minutes: a service that was away for longer has missed events, in ms. */
const AWAY_MS = 20 * 60 * 1000;
/** A delivery that failed may have been created this long before its last try, in ms. */
const TRIES_MS = 30 * 60 * 1000;

export async function sweepOrders(sweep: Sweep): Promise<void> {
  const { orders: marks } = sweep.marks;
  const gaps = await findGaps(sweep);
  if (gaps === null) return;
  for (const ids of inPieces(gaps.wanted, PER_CALL)) {
    const urgent = await sweptEngine.ordersOf({ ids });
    if (urgent.length > 0 && !(await checkOrders(sweep, urgent, () => undefined))) return;
  }
  // Not before: what a budget or an outage kept from being checked is found in the logs again.
  marks.logsUntil = gaps.until ?? marks.logsUntil;
  for (let steps = 0; steps < (marks.everyOne ? MOST_STEPS : 1); steps++) {
    const { after, width } = marks;
    const step = await sweptEngine.openOrders({ after, width, most: PER_CALL });
    sweep.result.unreadable += step.unreadable;
    const due = marks.everyOne ? step.orders : step.orders.filter((order) => isDue(order, sweep.now()));
    for (const piece of inPieces(due, PER_CALL)) {
      // An order may share its dispatch with the next one, which then comes again.
      if (!(await checkOrders(sweep, piece, ({ foundBy }) => void (marks.after = foundBy - 1)))) return;
    }
    marks.after = step.after;
    marks.width = step.width;
    if (!step.end) continue;
    marks.after = 0;
    marks.everyOne = marks.onceMore;
    marks.onceMore = false;
    return;
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
  const state = await sweep.ask('field-nation', () => sweptFieldNation.readWebhookState());
  if (!state.answer && !isVerdict(state.why)) return null;
  const mark = state.answer?.mark ?? null;
  // Switched off, changed, or not to be seen: events of that time are neither queued nor sent again.
  if (mark === null || mark !== marks.webhook || (sweep.ago ?? 0) > sweep.input.interval + AWAY_MS) startRound(sweep);
  marks.webhook = mark;
  const since = marks.logsUntil && new Date(Date.parse(marks.logsUntil) - TRIES_MS).toISOString();
  const logs = await sweep.ask('field-nation', () => sweptFieldNation.listFailedDeliveries({ since }));
  if (!logs.answer) return isVerdict(logs.why) ? { wanted: [], until: null } : null;
  const { orders: wanted, until, more } = logs.answer;
  if (more) startRound(sweep);
  return { wanted, until };
}

/** Every order from the first one; a round under way goes on first, so that none waits for ever. */
function startRound({ marks: { orders } }: Sweep): void {
  if (orders.everyOne) {
    orders.onceMore = orders.after > 0;
    return;
  }
  orders.everyOne = true;
  orders.after = 0;
}

/** False when the budget, or Field Nation, ends it; `done` is told of every order that was dealt with. */
export async function checkOrders(
  sweep: Sweep,
  orders: OwnedOrder[],
  done: (order: OwnedOrder) => void,
): Promise<boolean> {
  const ids = orders.map(({ id }) => id);
  const list = await sweep.ask('field-nation', () => sweptFieldNation.listOrders({ ids }));
  if (!list.answer && !isVerdict(list.why)) return false;
  const listed = new Map((list.answer ?? []).map((order): [number, ListedOrder] => [order.workOrderId, order]));
  for (const order of orders) {
    const seen = listed.get(order.id)?.seen ?? null;
    // Not in the list, or by its number only: the order itself has to tell.
    const differs = seen === null || orderDrift(order, seen).some((step) => !sweep.wasTold(keyOf(order, step)));
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
  const delivery = `reconcile-${workOrderId}-unread-${counts.messages ?? 0}-${counts.files ?? 0}`;
  if (sweep.wasTold(delivery)) return;
  const event = {
    event: { name: 'reconcile.messages_or_files', params: { work_order_id: workOrderId } },
    delivery,
    workorder: { id: workOrderId, ...countedParts(counts) },
  };
  if (!(await sweptEngine.tellOrder({ ticketId, workOrderId, known: { key, at }, events: [event] }))) return;
  sweep.noteTold(delivery);
  sweep.result.orders.signalled += 1;
  sweep.count('order', 1);
}

/** One order by a fresh read, since lists lag. False: no budget, or no answer. */
async function checkOrder(sweep: Sweep, order: OwnedOrder, isListed: boolean): Promise<boolean> {
  const { id: workOrderId, ticketId } = order;
  const read = await sweep.ask('field-nation', () => sweptFieldNation.readSweptOrder({ workOrderId }));
  if (!read.answer && !isVerdict(read.why)) return false;
  sweep.result.orders.read += 1;
  if (read.answer) {
    const { seen, body } = read.answer;
    const steps = orderDrift(order, seen);
    if (steps.length > 0) await tell(sweep, order, steps, body);
    else await tellUnread(sweep, order, seen.counts);
  } else if (!isListed && read.why === 'not-found' && order.key !== 'draft') {
    // Neither in the list nor to be read: that is how some accounts show what was deleted.
    const body = { event: { name: '', params: { work_order_id: workOrderId } }, workorder: { id: workOrderId } };
    await tell(sweep, { ...order, ticketId }, [{ key: 'cancelled', at: null }], body);
  }
  return true;
}

const keyOf = (order: OwnedOrder, step: KnownStatus): string => sweepKey(order.id, order, step);

async function tell(sweep: Sweep, order: OwnedOrder, steps: KnownStatus[], body: FieldNationEvent): Promise<void> {
  const untold = steps.filter((step) => !sweep.wasTold(keyOf(order, step)));
  if (untold.length === 0) return;
  const events = untold.map((step): FieldNationEvent => {
    const { timestamp: _timestamp, ...rest } = body;
    const event = { ...body.event, name: eventOfStatus(step.key) };
    return { ...rest, event, delivery: keyOf(order, step), ...(step.at === null ? {} : { timestamp: step.at }) };
  });
  const { id: workOrderId, ticketId, key, at } = order;
  const told = await sweptEngine.tellOrder({ ticketId, workOrderId, known: { key, at }, events });
  // It knows better by now; the next sweep compares anew.
  if (!told) return;
  for (const step of untold) sweep.noteTold(keyOf(order, step));
  sweep.result.orders.signalled += 1;
  sweep.count('order', 1);
}
