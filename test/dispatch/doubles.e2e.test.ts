/** Nothing is written twice, and nothing stays behind. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

const OPEN = 2;
const PENDING = 3;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { policy: { grace: 30_000, letGo: 4_000 } });
afterEach(() => {
  stack.sandbox.control.setWebhookActive(true);
});

test('our own cancel and its event a few seconds later make one note', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
  await stack.starter.cancel(id, 'No longer needed');
  await until('the note', () => desk.privateNotes(id).length === 1);
  stack.sandbox.control.advanceClock(3000);
  stack.sandbox.control.sendEvent({
    name: 'workorder.status.deleted',
    workOrderId: order,
    workorder: {
      id: order,
      custom_fields: { results: [{ results: [{ value: `FD-${stack.account}-${id}-1` }] }] },
    },
  });
  await stack.sandbox.control.idle();
  await stack.view(id, 'the event', (v) => v.timeline.some((e) => e.detail?.includes('status.deleted')));
  await desk.settled(id);
  expect(desk.privateNotes(id).map((n) => n.body_text)).toHaveLength(1);
});

test('one problem told by two deliveries of different ids makes one note', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { duplicateWebhooks: 2, duplicateDeliveryId: 'new' } });
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  stack.sandbox.control.act(order, 'assign');
  stack.sandbox.control.act(order, 'problem');
  await stack.sandbox.control.idle();
  // What the provider wrote comes as a message of its own.
  const told = (): unknown[] => desk.privateNotes(id).filter((n) => String(n.body_text).includes('problem-reported'));
  await until('the note', () => told().length > 0);
  await desk.settled(id);
  expect(told()).toHaveLength(1);
});

test('a cancel of approved work waits for nobody, and once it is paid the dispatch ends by itself', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.finish(id, order);
  stack.sandbox.control.act(order, 'approve');
  await stack.view(id, 'approved', (v) => v.state === 'completed');
  await stack.starter.cancel(id, 'Too late');
  const view = await stack.view(id, 'a word about it', (v) =>
    v.timeline.some((e) => e.what === 'Cancel without effect'),
  );
  expect(view).toMatchObject({ state: 'completed', attention: null });
  stack.sandbox.control.act(order, 'pay');
  await until('the run to close', async () => {
    const { status } = await stack.client.workflow.getHandle(stack.workflowId(id)).describe();
    return status.name === 'COMPLETED';
  });
});

test('a deleted ticket leaves no attention of notes that cannot be written any more', async () => {
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: true } });
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.settled(id);
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  stack.sandbox.control.deleteTicket(id);
  stack.sandbox.control.act(order, 'cancel');
  await stack.view(id, 'the note to be given up', (v) => v.timeline.some((e) => e.what === 'Not written'));
  await desk.settled(id);
  expect((await stack.dispatches.view(id))?.attention).toBeNull();
});

test('a cancel that arrives with the answer of the call it interrupts does not break the run', async () => {
  const ids = Array.from({ length: 8 }, () => desk.newTicket());
  for (const id of ids) {
    stack.sandbox.control.addFault({
      system: 'freshdesk',
      path: `/tickets/${id}`,
      method: 'PUT',
      kind: 'slow',
      delayMs: 300,
      times: 1,
    });
    desk.trigger(id);
  }
  await Promise.all(
    ids.map(async (id, i) => {
      await until('the link call', () =>
        stack.sandbox.control.history().some((e) => e.method === 'PUT' && e.path.endsWith(`/tickets/${id}`)),
      );
      // Spread around the answer of the call.
      await delay(200 + i * 20);
      await stack.starter.cancel(id, 'Now');
    }),
  );
  await Promise.all(
    ids.map((id) =>
      until('the order to be gone', () => {
        const [o] = desk.ordersOf(id);
        return JSON.stringify(o?.status).includes('eleted');
      }),
    ),
  );
  for (const id of ids) {
    const history = await stack.client.workflow.getHandle(stack.workflowId(id)).fetchHistory();
    // A cancel that comes after the publish began is late; that the order is gone all the same was waited for.
    const failed = (history.events ?? [])
      .flatMap((e) => e.workflowTaskFailedEventAttributes ?? [])
      // The server's way of saying that news came in while the run wanted to close; the task is done anew with them.
      .filter((failure) => !JSON.stringify(failure).includes('UNHANDLED_COMMAND'));
    expect(failed).toEqual([]);
  }
});

test('a note that is under way when a person cancels is written once', async () => {
  stack.setConfig('status: { assigned: { note: Somebody comes. } }\n');
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'slow', delayMs: 3_000, times: 1 });
  stack.sandbox.control.act(order, 'assign');
  await until('the note', () => stack.hasFaultHit());
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the cancellation', (v) => v.state === 'cancelled');
  await stack.view(id, 'the note', (v) => v.timeline.some((e) => e.what === 'Private note written'));
  await desk.settled(id);
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a change that is under way when a person cancels is not made again over what an agent sets afterwards', async () => {
  stack.setConfig('status: { assigned: { ticketStatus: Pending, note: Somebody comes. } }\n');
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  const changes = (): number =>
    stack.sandbox.control.history().filter((e) => e.route === 'PUT /tickets/:id' && e.status === 200).length;
  const before = changes();
  stack.sandbox.control.addFault({ system: 'freshdesk', method: 'PUT', kind: 'slow', delayMs: 1_000, times: 1 });
  stack.sandbox.control.act(order, 'assign');
  await until('the change', () => stack.hasFaultHit());
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the cancellation', (v) => v.state === 'cancelled');
  await until('both changes', () => changes() === before + 2);
  expect(desk.statusOf(id)).toBe(PENDING);
  stack.sandbox.control.updateTicket(id, { status: OPEN });
  await stack.view(id, 'the note', (v) => v.timeline.some((e) => e.what === 'Private note written'));
  await desk.settled(id);
  expect([desk.statusOf(id), desk.privateNotes(id).length]).toEqual([OPEN, 1]);
});
