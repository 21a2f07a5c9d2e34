/** Work orders that somebody else made, and orders of ours whose dispatch is gone: what their webhooks cost and do. */
import { createHmac } from 'node:crypto';
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((given, ofTickets) => void ([stack, desk] = [given, ofTickets]));

async function post(name: string, workorder: Record<string, unknown>, minute = 0): Promise<unknown> {
  const timestamp = new Date(Date.UTC(2030, 0, 1, 0, minute)).toISOString();
  const body = JSON.stringify({ event: { name }, timestamp, workorder });
  const signature = `sha256=${createHmac('sha256', stack.secrets.fieldNation).update(body).digest('hex')}`;
  const headers = { 'content-type': 'application/json', 'x-fn-signature': signature };
  const answer = await fetch(`${stack.webUrl}/webhooks/field-nation`, { method: 'POST', headers, body });
  expect(answer.status).toBe(202);
  return ((await answer.json()) as { taken: unknown }).taken;
}
const readsOf = (id: number): number =>
  stack.sandbox.control.history().filter(({ path }) => path.includes(`/workorders/${id}`)).length;
const runOf = (id: number) => stack.client.workflow.getHandle(`work-order-event-${stack.account}-${id}`);

test('whole bodies without an id of ours cost no run and no call', async () => {
  const order = { id: 555_001, description: { html: '<p>Somebody else’s work</p>' } };
  for (let i = 0; i < 12; i++) expect(await post('workorder.status.assigned', order, i)).toBe('foreign');
  expect(readsOf(order.id)).toBe(0);
  await expect(runOf(order.id).describe()).rejects.toThrow(/not found/i);
});

test('thin bodies of one work order share a run and one call, and a later run knows the answer', async () => {
  const id = 555_002;
  for (let i = 0; i < 6; i++) expect(await post('workorder.status.assigned', { id }, i)).toBe('parked');
  await until('the answer to be noted', async () => (await runOf(id).describe()).memo?.workOrderEvent !== undefined);
  const first = await runOf(id).describe();
  await runOf(id).terminate('as if it had ended');
  await post('workorder.status.assigned', { id }, 7);
  const next = await runOf(id).describe();
  expect(next.runId).not.toBe(first.runId);
  await until(
    'its look for a dispatch',
    async () =>
      (await runOf(id).fetchHistory()).events?.some(
        ({ timerStartedEventAttributes: timer }) => Number(timer?.startToFireTimeout?.seconds) === 25,
      ) ?? false,
  );
  expect(readsOf(id)).toBe(1);
});

test('an event of an open order of ours whose dispatch was terminated is handed to a new run, after a fresh read', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  const dispatch = stack.client.workflow.getHandle(stack.workflowId(id));
  const { runId } = await dispatch.describe();
  await dispatch.terminate('the history is gone');
  stack.sandbox.control.act(workOrderId, 'assign');
  await until('a run of the dispatch', async () => (await dispatch.describe()).runId !== runId);
  expect(await runOf(workOrderId).result()).toMatchObject({ outcome: 'delivered', dispatch: stack.workflowId(id) });
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an event that names us is not believed where Field Nation does not confirm it', async () => {
  const ticketId = desk.newTicket();
  const html = `<p>x</p><p>Deskbridge FD-${stack.account}-${ticketId}-1</p>`;
  await post('workorder.status.assigned', { id: 555_003, description: { html } });
  expect(await runOf(555_003).result()).toMatchObject({ outcome: 'unmatched' });
  await expect(stack.client.workflow.getHandle(stack.workflowId(ticketId)).describe()).rejects.toThrow(/not found/i);
});
