/** Calls that wait for their turn while somebody changes their mind: what has not begun is taken back. */
import { taskQueues } from '../../src/contract/names';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const CLOSED = 5;
const ACTIVITY_QUEUE = 2;

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
  stack.sandbox.control.setRule(3, { active: true });
});
afterAll(async () => {
  await letThrough();
  await stack.stop();
});
afterEach(async () => {
  await letThrough();
  stack.sandbox.control.clearFaults();
});

/** So many tasks a second are handed out for calls to Field Nation; null: all. */
async function limit(requestsPerSecond: number | null): Promise<void> {
  await stack.client.workflowService.updateTaskQueueConfig({
    ...{
      namespace: stack.client.options.namespace,
      identity: 'test',
      taskQueue: taskQueues(stack.account).fieldNation,
    },
    taskQueueType: ACTIVITY_QUEUE,
    updateQueueRateLimit: { rateLimit: requestsPerSecond === null ? null : { requestsPerSecond }, reason: 'test' },
  });
}
const letThrough = (): Promise<void> => limit(null);

/** The names of the calls that the dispatch waits for. */
const pending = async (id: number): Promise<string[]> => {
  // Its webhook may not have come yet.
  const run = await stack.client.workflow
    .getHandle(stack.workflowId(id))
    .describe()
    .catch(() => null);
  return (run?.raw.pendingActivities ?? []).map(({ activityType }) => activityType?.name ?? '');
};
const waitsFor = (id: number, call: string): Promise<void> =>
  until(`${call} to wait in its queue`, async () => (await pending(id)).includes(call));

/** A ticket whose order is created and linked, and whose publish has to wait for its turn. */
async function publishWaits(): Promise<number> {
  const id = desk.newTicket();
  const refused = stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 503 },
  });
  desk.trigger(id);
  await waitsFor(id, 'linkTicket');
  await limit(0);
  stack.sandbox.control.clearFaults(refused);
  await waitsFor(id, 'publishWorkOrder');
  return id;
}

test('a visit called off while its publish waits for its turn is never published', async () => {
  const id = await publishWaits();
  await stack.starter.cancel(id, 'No longer needed');
  await waitsFor(id, 'cancelWorkOrder');
  await letThrough();
  await stack.view(id, 'the end', (v) => v.state === 'cancelled');
  expect(desk.publishedOrdersOf(id)).toEqual([]);
});

test('a ticket closed while its publish waits for its turn is never published', async () => {
  const id = await publishWaits();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await waitsFor(id, 'cancelWorkOrder');
  await letThrough();
  await stack.view(id, 'the end', (v) => v.state === 'cancelled');
  expect(desk.publishedOrdersOf(id)).toEqual([]);
});

test('a changed ticket goes out before its publish that waits for its turn, and the order is published once', async () => {
  const id = await publishWaits();
  stack.sandbox.control.updateTicket(id, { subject: 'Two tills' });
  await waitsFor(id, 'updateWorkOrder');
  await letThrough();
  await desk.dispatched(id);
  const [order] = desk.publishedOrdersOf(id);
  expect(order?.title).toBe('Two tills');
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a visit called off while its create waits for its turn makes no order', async () => {
  // The create looks for orders itself: it is held up before it begins.
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'viewTicket', kind: 'slow', delayMs: 8000, times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the look to be under way', () => stack.hasFaultHit());
  await limit(0);
  await waitsFor(id, 'createWorkOrder');
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the end', (v) => v.state === 'cancelled');
  await letThrough();
  await stack.sandbox.control.idle();
  expect(desk.ordersOf(id)).toEqual([]);
});

test('a publish that has begun counts, whatever is said meanwhile', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'slow', delayMs: 1000 });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the call', () => stack.hasFaultHit());
  await stack.starter.cancel(id, 'No longer needed');
  const { timeline } = await stack.view(id, 'the end', (v) => v.state === 'cancelled');
  expect(timeline.map(({ what }) => what)).toContain('Published');
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});
