/** Everything is carried over: a run that continues as new after every other turn behaves like one that never does. */
import { setTimeout as delay } from 'node:timers/promises';
import { ticketsOf, type TicketDesk } from '../../helpers/tickets';
import { startStack, type Stack } from '../../helpers/stack';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack({ policy: { turnsPerRun: 6 } });
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
});

test('a dispatch that continues as new after every turn loses and doubles nothing', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { duplicateWebhooks: 3 } });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.finish(id, order);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect(desk.privateNotes(id)).toHaveLength(1);
  const described = await stack.client.workflow.getHandle(stack.workflowId(id)).describe();
  expect(described.searchAttributes).toMatchObject({
    DeskbridgeTicketId: [id],
    DeskbridgeWorkOrderId: [order],
    DeskbridgeState: ['work-done'],
  });
  expect(described.memo?.dispatch).toMatchObject({ state: 'work-done' });
});

test('continuing as new on every turn does not go on when there is nothing to do', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await desk.settled(id);
  await delay(4000);
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  const before = (await handle.describe()).runId;
  await delay(1500);
  expect((await handle.describe()).runId).toBe(before);
});

test('a retry while nothing waits changes nothing and ends quietly', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await Promise.all(Array.from({ length: 5 }, () => stack.starter.retry(id)));
  await desk.settled(id);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});
