/** Attention ends with its cause, whoever ended it. */
import type { TicketDesk } from '../helpers/tickets';
import { SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), SHORT_PATIENCE);

const slowly = (path: string, delayMs: number): string =>
  stack.sandbox.control.addFault({ system: 'field-nation', path, kind: 'slow', delayMs, times: 1 });

test('an order that its event brings ends the attention of the look-up that could not find it', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.holdWebhooks();
  slowly('createWorkOrder', 3500);
  desk.trigger(id);
  await until('the create', () => stack.hasFaultHit());
  const fault = stack.sandbox.control.addFault({
    system: 'field-nation',
    method: 'GET',
    path: 'workorders',
    kind: 'status',
    status: 400,
  });
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  stack.sandbox.control.releaseWebhooks();
  stack.sandbox.control.clearFaults(fault);
  await stack.view(id, 'the order', (v) => v.state === 'dispatched' && v.attention === null);
});

const listed = async (id: number) =>
  (await stack.dispatches.list({ limit: 50 })).items.find(({ ticketId }) => ticketId === id);

test('lists say that the order is being made while nobody knows whether it was', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.setWebhookActive(false);
  slowly('createWorkOrder', 3500);
  desk.trigger(id);
  await until('the create', () => stack.hasFaultHit());
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', method: 'GET', path: 'workorders', kind: 'status', status: 503 },
  });
  await until('the list to say so', async () => (await listed(id))?.state === 'creating');
  stack.sandbox.control.clearFaults(fault);
  stack.sandbox.control.setWebhookActive(true);
  await desk.dispatched(id);
});

test('lists show no attention any more while what was asked for by retry is under way', async () => {
  const id = await refusedAndUnread();
  await stack.starter.retry(id);
  await isOffTheListAndGoesOn(id);
});

test('a retry is heeded while the ticket is read in vain', async () => {
  const id = await refusedAndUnread();
  await stack.starter.ticketChanged(id);
  await until('the look', () => stack.hasFaultHit());
  await stack.starter.retry(id);
  await isOffTheListAndGoesOn(id);
});

/** A ticket whose publish was refused; the cause is mended, but the ticket itself cannot be read for now. */
async function refusedAndUnread(): Promise<number> {
  const refusal = { system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 403 } as const;
  const fault = stack.sandbox.control.addFault(refusal);
  const id = desk.newTicket();
  desk.trigger(id);
  await until('attention in the list', async () => (await listed(id))?.attention?.reason === 'unauthorized');
  stack.sandbox.control.clearFaults(fault);
  stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', method: 'GET', path: `/tickets/${id}$`, kind: 'status', status: 503 },
  });
  return id;
}

/** Nobody is asked for any more though nothing is published yet; it is as soon as the ticket can be read. */
async function isOffTheListAndGoesOn(id: number): Promise<void> {
  await until('no attention in the list', async () => (await listed(id))?.attention === null);
  expect(desk.publishedOrdersOf(id)).toEqual([]);
  stack.sandbox.control.clearFaults();
  await desk.dispatched(id);
}
