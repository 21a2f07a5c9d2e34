/** The plainest workflows that make the same calls in the same order; nothing can go wrong in them. */
import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { createActivities } from './activities';

const call = proxyActivities<ReturnType<typeof createActivities>>({ startToCloseTimeout: '30 seconds' });

const ticketChanged = defineSignal('ticketChanged');
const workOrderEvent = defineSignal<[string]>('workOrderEvent');
const contactEvent = defineSignal<[object]>('contactEvent');

export async function dispatch(ticketId: number): Promise<void> {
  let isDone = false;
  setHandler(ticketChanged, () => undefined);
  setHandler(workOrderEvent, (name) => {
    isDone ||= name === 'workorder.status.work_done';
  });
  const ticket = await call.viewTicket(ticketId);
  await call.findOrders(`FD-acme-${ticketId}-1`);
  const order = await call.createOrder(ticket);
  await call.linkTicket(ticketId, order);
  await call.publishOrder(order);
  await condition(() => isDone);
  await call.resolveTicket(ticketId);
  await call.addNote(ticketId, `<p>Work order ${order} is done.</p>`);
}

export async function contact(): Promise<void> {
  const events: object[] = [];
  setHandler(contactEvent, (event) => void events.push(event));
  await condition(() => events.length > 0);
  await call.createContact(Object.assign({}, ...events) as object);
}
