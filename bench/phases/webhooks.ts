/** Webhooks as Freshdesk's rule and Field Nation send them, and what has become of them by the sandbox's history. */
import { createHmac, randomUUID } from 'node:crypto';
import type { HistoryEntry, Json } from '../sandbox';
import { sendAll, type Load, type Sent } from '../sender';
import { succeeded, untilDone } from '../until-done';
import type { Bench } from './phase';

const ACCOUNT = 'acme';

/** The trigger status of the shipped config. */
const FIELD_SERVICE_REQUIRED = 8;

/** What Field Nation tells of an ordinary visit that has an effect by the shipped config; the second is the bench's to send. */
const TOLD_BY_SANDBOX = ['workorder.status.published'];
const WORK_DONE = 'workorder.status.work_done';

/** Ticket fields, statuses and a token are asked for once a process; compilers warm up. */
const WARM_UP = 20;

/** Tickets made at once. */
const SIDE_BY_SIDE = 8;

/** Runs `work` for each item, some at once; results in the order of the items. */
async function each<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const takeTurns = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, takeTurns));
  return results;
}

/** Tickets that match the rule and that nobody has told of; gives their ids. */
export const newTickets = ({ desk }: Bench, count: number): Promise<number[]> =>
  each(Array.from({ length: count }), () => desk.sandbox.newTicket({ status: FIELD_SERVICE_REQUIRED }));

type Pace = Pick<Load, 'parallel' | 'perSecond'>;

/** Tells of the tickets; resolves when all their work orders are published. */
export async function dispatchAll({ desk, progress }: Bench, tickets: number[], pace: Pace): Promise<Sent> {
  const { sandbox } = desk;
  const before = published(await sandbox.calls());
  const [sent] = await Promise.all([
    sendAll({
      ...{ url: desk.webUrl, count: tickets.length, ...pace },
      headers: () => ({ 'x-webhook-secret': desk.secrets.freshdeskWebhookSecret }),
      request: (index) => ({ path: '/webhooks/freshdesk', body: { ticket_id: tickets[index], account: ACCOUNT } }),
    }),
    untilDone({
      ...{ sandbox, total: tickets.length, unit: 'published', progress },
      done: (calls) => published(calls) - before,
    }),
  ]);
  return sent;
}

const published = (calls: Parameters<typeof succeeded>[0]): number => succeeded(calls, 'POST /workorders/:id/publish');

/** The technicians do their work, of which nobody is told yet; gives the orders as the webhooks will carry them. */
export const doWork = ({ desk }: Bench, orders: number[]): Promise<Json[]> =>
  each(orders, async (order) => {
    let done: Json = {};
    for (const action of ['assign', 'check-in', 'check-out', 'work-done']) done = await desk.sandbox.act(order, action);
    return done;
  });

/** Tells that the work of these orders is done; resolves when their tickets are resolved and have their notes. */
export async function completeAll({ desk, progress }: Bench, orders: Json[], pace: Pace): Promise<Sent> {
  const { sandbox, secrets } = desk;
  const before = noted(await sandbox.calls());
  const timestamp = new Date().toISOString();
  const [sent] = await Promise.all([
    sendAll({
      ...{ url: desk.webUrl, count: orders.length, ...pace },
      headers: (text) => ({
        'x-fn-signature': `sha256=${createHmac('sha256', secrets.fieldNationWebhookSecret).update(text).digest('hex')}`,
        'x-fn-delivery-id': `${randomUUID()}:1`,
      }),
      request: (index) => {
        const workorder = orders[index] as Json;
        const event = { name: WORK_DONE, params: { work_order_id: workorder.id, status_id: 4 } };
        return { path: '/webhooks/field-nation', body: { event, timestamp, triggered_by_user: { id: 1 }, workorder } };
      },
    }),
    untilDone({
      ...{ sandbox, total: orders.length, unit: 'resolved', progress },
      done: (calls) => noted(calls) - before,
    }),
  ]);
  return sent;
}

const noted = (calls: Parameters<typeof succeeded>[0]): number => succeeded(calls, 'POST /tickets/:id/notes');

/** The number in a path such as `/tickets/12/notes`. */
const idIn = ({ path }: HistoryEntry): number => Number(/\/(?:tickets|workorders)\/(\d+)/.exec(path)?.[1]);

export interface Traces {
  /** The work order of each ticket, as it was linked. */
  orderOf: Map<number, number>;
  /** When each order was asked to be published, and each ticket to be resolved and to take its note; ms since 1970. */
  publishedAt: Map<number, number>;
  resolvedAt: Map<number, number>;
}

/** What the history tells, by the ids of tickets and orders. */
export function tracesIn(history: readonly HistoryEntry[]): Traces {
  const traces: Traces = { orderOf: new Map(), publishedAt: new Map(), resolvedAt: new Map() };
  for (const entry of history) {
    const [at, id] = [Date.parse(entry.at), idIn(entry)];
    const link = (entry.body?.custom_fields as Json | undefined)?.cf_work_order_id;
    if (entry.route === 'POST /workorders/:id/publish') traces.publishedAt.set(id, at);
    else if (entry.route === 'PUT /tickets/:id' && link !== undefined) traces.orderOf.set(id, Number(link));
    else if (entry.route === 'PUT /tickets/:id' || entry.route === 'POST /tickets/:id/notes')
      traces.resolvedAt.set(id, Math.max(at, traces.resolvedAt.get(id) ?? 0));
  }
  return traces;
}

/** The orders of these tickets. @throws Error when one has none. */
export const ordersOf = (tickets: readonly number[], { orderOf }: Traces): number[] =>
  tickets.map((ticket) => {
    const order = orderOf.get(ticket);
    if (order === undefined) throw new Error(`Ticket ${ticket} names no work order.`);
    return order;
  });

/** Time from each webhook to what it brought about, in ms. @throws Error when one brought nothing about. */
export function timesAfter(
  sent: Sent,
  ids: readonly number[],
  doneAt: ReadonlyMap<number, number>,
  latencyMs: number,
): number[] {
  return ids.map((id, index) => {
    const at = doneAt.get(id);
    if (at === undefined) throw new Error(`Nothing came of the webhook of ${id}.`);
    return at + latencyMs - (sent.sentAt[index] ?? NaN);
  });
}

export const secondsUntil = (sent: Sent, doneAt: ReadonlyMap<number, number>, latencyMs: number): number =>
  (Math.max(...doneAt.values()) + latencyMs - sent.begunAt) / 1000;

/** What each unit cost upstream; work orders are paid in calls, tickets in credits. */
export function upstreamCost(history: readonly HistoryEntry[], units: number) {
  const freshdesk = history.filter(({ system }) => system === 'freshdesk');
  return {
    freshdeskCallsEach: freshdesk.length / units,
    freshdeskCreditsEach: freshdesk.reduce((sum, { credits }) => sum + credits, 0) / units,
    fieldNationCallsEach: (history.length - freshdesk.length) / units,
  };
}

/** A few dispatches from begin to end, before anything is measured. */
export const warmUp = (bench: Bench): Promise<void> => warmUpOf(bench, WARM_UP);

export async function warmUpOf(bench: Bench, count: number): Promise<void> {
  const { desk, parallel } = bench;
  await desk.sandbox.sendOnly(TOLD_BY_SANDBOX);
  const tickets = await newTickets(bench, count);
  await dispatchAll(bench, tickets, { parallel, perSecond: null });
  const orders = ordersOf(tickets, tracesIn(await desk.sandbox.history()));
  await completeAll(bench, await doWork(bench, orders), { parallel, perSecond: null });
}
