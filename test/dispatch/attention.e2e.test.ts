/** What only a person can mend waits with its cause, the thing to mend and the next step – and goes on from where it was. */
import { RESOLVED, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, REMOTE_VISIT, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { policy: { slowRetry: { first: 2000, most: 2000 } } });

const attention = (id: number, reason: string) =>
  stack.view(id, `attention ${reason}`, (v) => v.state === 'attention' && v.attention?.reason === reason);

/** What a saved view of the Temporal UI finds. */
const isFound = async (id: number, query: string): Promise<boolean> => {
  const { count } = await stack.client.workflow.count(`WorkflowId = '${stack.workflowId(id)}' AND ${query}`);
  return count === 1;
};

test('a ticket without a site address waits, names all missing fields at once, and goes on when the ticket is filled in', async () => {
  const id = desk.newTicket({ custom_fields: { cf_site_address: null, cf_site_city: null } });
  desk.trigger(id);
  const view = await attention(id, 'mapping');
  expect(view.attention?.detail).toMatch(/address1/);
  expect(view.attention?.detail).toMatch(/city/);
  expect(view.attention?.remedy).not.toBe('');
  await until('the reason to be found', () => isFound(id, "DeskbridgeAttention = 'mapping'"));
  expect(desk.ordersOf(id)).toHaveLength(0);

  stack.sandbox.control.updateTicket(id, {
    custom_fields: { cf_site_address: '12 Mill Road', cf_site_city: 'Dayton' },
  });
  await desk.dispatched(id);
  await until('the reason to be gone', () => isFound(id, 'DeskbridgeAttention IS NULL'));
});

test('a config that a person mends reaches a waiting dispatch after retry', async () => {
  const badPay = `workOrder:
  title: { from: ticket.subject }
${REMOTE_VISIT}`;
  stack.setConfig(DEFAULT_TEST_CONFIG + badPay);
  const id = desk.newTicket();
  desk.trigger(id);
  const view = await attention(id, 'mapping');
  expect(view.attention?.detail).toMatch(/pay\.base\.amount/);
  stack.setConfig(`${DEFAULT_TEST_CONFIG + badPay}  pay.base.amount: { static: 90 }\n`);
  await stack.starter.retry(id);
  const order = stack.sandbox.control.workOrder(await desk.dispatched(id));
  expect(order).toMatchObject({ pay: { base: { amount: 90 } } });
});

test('a create that Field Nation rejects waits with its words and is tried again after retry', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, correlationField: 99999 }\n');
  const id = desk.newTicket();
  desk.trigger(id);
  const view = await attention(id, 'rejected');
  expect(view.attention?.detail).toMatch(/400/);
  expect(view.attention?.remedy).toMatch(/retry/);
  expect(desk.ordersOf(id)).toHaveLength(0);
  stack.setConfig(DEFAULT_TEST_CONFIG);
  await stack.starter.retry(id);
  await desk.dispatched(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a refused key names the setting; after retry the dispatch goes on', async () => {
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'viewTicket', kind: 'status', status: 401 });
  const id = desk.newTicket();
  desk.trigger(id);
  const view = await attention(id, 'unauthorized');
  expect(view.attention?.remedy).toContain('FRESHDESK_API_KEY');
  expect(view.waitingFor).toContain('a person');
  stack.sandbox.control.clearFaults();
  await stack.starter.retry(id);
  await desk.dispatched(id);
});

test('a refused key that heals is noticed without a person', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 403 });
  const id = desk.newTicket();
  desk.trigger(id);
  await attention(id, 'unauthorized');
  stack.sandbox.control.clearFaults();
  await desk.dispatched(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('when the ticket cannot be resolved the note is written all the same, and the rest after retry', async () => {
  stack.sandbox.control.setKnobs({ freshdesk: { requiredForClosure: ['cf_po_number'] } });
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  for (const action of ['assign', 'check-in', 'work-done'] as const) stack.sandbox.control.act(workOrderId, action);
  const view = await attention(id, 'rejected');
  expect(view.attention?.detail).toContain('cf_po_number');
  await until('the note', () => desk.privateNotes(id).length === 1);

  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_po_number: 'PO-1' } });
  await stack.starter.retry(id);
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await stack.view(id, 'the work to be done', (v) => v.state === 'work-done');
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a link field that does not exist is named, and nothing is published before it is mended', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, linkField: cf_nowhere }\n');
  const id = desk.newTicket();
  desk.trigger(id);
  const view = await attention(id, 'rejected');
  expect(view.attention?.detail).toContain('cf_nowhere');
  expect(desk.publishedOrdersOf(id)).toHaveLength(0);
  stack.setConfig(DEFAULT_TEST_CONFIG);
  await stack.starter.retry(id);
  await desk.dispatched(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a Freshdesk that is away for a while is waited out without a person', async () => {
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 503, times: 1 });
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'reset-before', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
});

test('a note whose answer is lost is written once', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'lost-answer', times: 1 });
  await desk.finish(id, workOrderId);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a note that is refused waits for a person, and the ticket is not changed again for it', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const fault = stack.sandbox.control.addFault({ system: 'freshdesk', path: 'addNote', kind: 'status', status: 403 });
  for (const action of ['assign', 'check-in', 'work-done'] as const) stack.sandbox.control.act(workOrderId, action);
  await attention(id, 'unauthorized');
  expect(desk.statusOf(id)).toBe(RESOLVED);
  stack.sandbox.control.clearFaults(fault);
  const changes = stack.calls('PUT /tickets/:id');
  await stack.starter.retry(id);
  await until('the note', () => desk.privateNotes(id).length === 1);
  await desk.settled(id);
  expect(desk.privateNotes(id)).toHaveLength(1);
  expect(stack.calls('PUT /tickets/:id')).toBe(changes);
});

test('a publish whose answer is lost is not sent to the providers twice', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const publishes = stack.sandbox.control.history().filter((e) => e.path.includes(`/${workOrderId}/publish`));
  expect(publishes).toHaveLength(1);
});
