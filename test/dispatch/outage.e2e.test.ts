/** What one system does not take holds up nothing else, and says how long it has lasted. */
import { RESOLVED, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { ...SHORT_PATIENCE, policy: { stuckRetry: 1000 } });
afterEach(() => void stack.sandbox.control.setWebhookActive(true));

const IMPATIENT = DEFAULT_TEST_CONFIG.replace('createPatience: 400ms', 'createPatience: 400ms, patience: 8s');

test('a ticket that cannot be changed waits by itself, then as attention, while all else goes on, until it succeeds', async () => {
  stack.setConfig(IMPATIENT);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await desk.inTheField();
  const fault = { system: 'freshdesk', method: 'PUT', path: `/tickets/${id}$`, kind: 'status', status: 500 } as const;
  control.addFault(fault);
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) control.act(workOrderId, action);
  const before = await stack.view(
    id,
    'the failing call',
    (v) => v.waitingFor?.includes('It has failed since') === true,
  );
  expect(before.attention).toBeNull();
  expect(before.waitingFor).toMatch(/^Freshdesk: updating the ticket\. .*next try [\d-]+ \d\d:\d\d UTC/);
  const view = await stack.view(id, 'attention', (v) => v.state === 'attention');
  expect(view.attention).toMatchObject({ reason: 'unavailable', detail: expect.stringContaining('has failed since') });

  control.addNote(id, 'The gate code is 4711');
  await stack.starter.ticketChanged(id);
  await until('the note in Field Nation', () => JSON.stringify(control.messages(workOrderId)).includes('4711'));
  control.act(workOrderId, 'approve');
  await stack.view(id, 'the approval', (v) => v.workOrderStatus === 'approved');
  expect(desk.statusOf(id)).not.toBe(RESOLVED);

  control.clearFaults();
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await stack.view(id, 'no attention', (v) => v.attention === null && v.state === 'completed');
});

test('a cancel that is answered 404 is never called cancelled while the order stands', async () => {
  const { id, workOrderId } = await desk.inTheField();
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'assigned', (v) => v.state === 'assigned');
  stack.sandbox.control.addFault({ system: 'field-nation', method: 'DELETE', kind: 'status', status: 404, times: 1 });
  await stack.starter.cancel(id, 'No longer needed');
  const view = await stack.view(id, 'attention', (v) => v.state === 'attention');
  expect(view.attention?.reason).toBe('not-found');
  expect(JSON.stringify(desk.privateNotes(id))).not.toContain('cancelled');
  await stack.starter.retry(id);
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
  expect(JSON.stringify(stack.sandbox.control.workOrder(workOrderId).status)).toContain('ancelled');
});

test('an event with our id ends the search for an unanswered create, whatever the search answers', async () => {
  const { control } = stack.sandbox;
  control.setWebhookActive(false);
  control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'late-answer', delayMs: 5000, times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the create', () => desk.ordersOf(id).length === 1);
  control.addFault({ system: 'field-nation', method: 'GET', path: '/workorders$', kind: 'status', status: 500 });
  await stack.view(id, 'the search to fail', (v) => v.waitingFor?.includes('It has failed since') === true);
  control.setWebhookActive(true);
  const [order] = desk.ordersOf(id);
  control.sendEvent({ name: 'workorder.status.draft', workOrderId: Number(order?.id), workorder: order ?? {} });
  expect(await desk.dispatched(id)).toBe(order?.id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});
