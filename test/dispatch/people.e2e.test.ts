/** What people do to the ticket, the work order and the dispatch while it is under way (interface, section 8). */
import { OPEN, RESOLVED, type TicketDesk } from '../helpers/tickets';
import { SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

const CLOSED = 5;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => {
  [stack, desk] = made;
  // Tells Deskbridge of every change of a linked ticket, as the documented set of rules does.
  stack.sandbox.control.setRule(3, { active: true });
}, SHORT_PATIENCE);

const orderStatus = (workOrderId: number): unknown =>
  (stack.sandbox.control.workOrder(workOrderId).status as Record<string, unknown>).name;

const CALLED_OFF = ['Deleted', 'Cancelled'];

async function dispatchedTicket(): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  return { id, workOrderId: await desk.dispatched(id) };
}

async function assignedTicket(): Promise<{ id: number; workOrderId: number }> {
  const ticket = await dispatchedTicket();
  stack.sandbox.control.act(ticket.workOrderId, 'assign');
  await stack.view(ticket.id, 'the assignment', (v) => v.state === 'assigned');
  return ticket;
}

test('a ticket closed before anybody is assigned cancels its work order and stays closed', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  expect(CALLED_OFF).toContain(orderStatus(workOrderId));
  await desk.settled(id);
  expect(desk.statusOf(id)).toBe(CLOSED);
});

test('a ticket closed after the assignment asks an operator, who may cancel', async () => {
  const { id, workOrderId } = await assignedTicket();
  stack.sandbox.control.updateTicket(id, { status: RESOLVED });
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.remedy).toContain(`deskbridge cancel ${id}`);
  expect(orderStatus(workOrderId)).toBe('Assigned');
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled' && v.attention === null);
  expect(CALLED_OFF).toContain(orderStatus(workOrderId));
});

test('an operator who retries keeps the work order of a closed ticket', async () => {
  const { id, workOrderId } = await assignedTicket();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  await stack.starter.retry(id);
  await stack.view(id, 'the question to be settled', (v) => v.state === 'assigned' && v.attention === null);
  expect(orderStatus(workOrderId)).toBe('Assigned');
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
  expect(currentDetails).not.toMatch(/needs a person/i);
});

test('the question is no longer asked once the technician has done the work', async () => {
  const { id, workOrderId } = await assignedTicket();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  for (const action of ['check-in', 'work-done'] as const) stack.sandbox.control.act(workOrderId, action);
  await stack.view(id, 'the question to be gone', (v) => v.state === 'work-done' && v.attention === null);
});

test('a closed ticket that comes back before the operator answers takes the question back', async () => {
  const { id } = await assignedTicket();
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  desk.trigger(id);
  const view = await stack.view(id, 'the question to be gone', (v) => v.attention === null);
  expect(view.visit).toBe(1);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});

test('a deleted ticket counts as closed', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.deleteTicket(id);
  stack.sandbox.control.fireWebhook(id);
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  expect(CALLED_OFF).toContain(orderStatus(workOrderId));
  stack.sandbox.control.restoreTicket(id);
  stack.sandbox.control.fireWebhook(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a trigger that a person takes back keeps the work order by default, and cancels it when the config says so', async () => {
  const kept = await dispatchedTicket();
  stack.sandbox.control.updateTicket(kept.id, { status: OPEN });
  await stack.sandbox.control.idle();
  await stack.view(kept.id, 'the removal to be noticed', (v) =>
    v.timeline.some((e) => e.what.includes('taken out of the rule')),
  );
  expect(orderStatus(kept.workOrderId)).toBe('Published');

  stack.setConfig('dispatch: { createPatience: 400ms, onTriggerRemoved: cancel }\n');
  const dropped = await dispatchedTicket();
  stack.sandbox.control.updateTicket(dropped.id, { status: OPEN });
  await stack.view(dropped.id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  expect(desk.statusOf(dropped.id)).toBe(OPEN);
});

test('our own status change is nobody taking the trigger back', async () => {
  stack.setConfig(
    'dispatch: { createPatience: 400ms, onTriggerRemoved: cancel }\nstatus: { assigned: { ticketStatus: Pending, note: "{{provider.name}} comes" } }\n',
  );
  const { id, workOrderId } = await assignedTicket();
  await until('our status to be written', () => desk.statusOf(id) === 3 && desk.privateNotes(id).length === 1);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(orderStatus(workOrderId)).toBe('Assigned');
  // And a person who triggers again while the visit is open gets no second one.
  desk.trigger(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an order cancelled in Field Nation ends the visit; a new trigger starts the next one', async () => {
  const { id, workOrderId } = await assignedTicket();
  stack.sandbox.control.act(workOrderId, 'cancel');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  await until('the note', () => desk.privateNotes(id).length === 1);
  stack.sandbox.control.updateTicket(id, { status: OPEN });
  await stack.sandbox.control.idle();
  await desk.settled(id);
  desk.trigger(id);
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
});

test('work marked incomplete opens the visit again', async () => {
  const { id, workOrderId } = await assignedTicket();
  stack.sandbox.control.act(workOrderId, 'check-in');
  stack.sandbox.control.act(workOrderId, 'work-done');
  await stack.view(id, 'the work to be done', (v) => v.state === 'work-done');
  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.act(workOrderId, 'incomplete');
  await stack.view(id, 'the visit to be open again', (v) => v.state === 'assigned' || v.state === 'on-site');
  desk.trigger(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an operator dispatches a ticket that no rule matches, but never beside an open visit', async () => {
  const id = desk.newTicket();
  await stack.starter.dispatchVisit(id);
  await desk.dispatched(id);
  await expect(stack.starter.dispatchVisit(id)).rejects.toThrow('under way');
  await stack.starter.cancel(id, 'Test');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  await until('the next visit to be allowed', () =>
    stack.starter.dispatchVisit(id).then(
      () => true,
      () => false,
    ),
  );
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
});

test('an operator who calls a visit off before its work order exists leaves nothing behind', async () => {
  const id = desk.newTicket({ custom_fields: { cf_site_address: null } });
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  await stack.starter.cancel(id, 'Wrong ticket');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled' && v.attention === null);
  expect(desk.ordersOf(id)).toHaveLength(0);
});

test('a visit called off while its create is under way is cancelled as soon as its order is known', async () => {
  stack.sandbox.control.addFault({
    system: 'field-nation',
    path: 'createWorkOrder',
    kind: 'slow',
    delayMs: 2000,
    times: 1,
  });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the create to be on its way', () => stack.hasFaultHit());
  await stack.starter.cancel(id, 'Not needed');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  expect(desk.publishedOrdersOf(id)).toHaveLength(0);
  expect(desk.ordersOf(id).map((order) => (order.status as { name: string }).name)).toEqual(['Deleted']);
});

test('a visit called off while its create is unanswered is found and cancelled, never published', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
  const create = { system: 'field-nation', path: 'createWorkOrder', kind: 'slow', delayMs: 4000, times: 1 } as const;
  stack.sandbox.control.addFault(create);
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the create to be on its way', () => stack.hasFaultHit());
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'listWorkOrders', kind: 'status', status: 503 });
  await stack.view(id, 'the unanswered create', (v) => v.timeline.some((e) => e.what === 'Create unanswered'));
  await stack.starter.cancel(id, 'Not needed');
  await until('the create to be carried out', () => desk.ordersOf(id).length > 0);
  stack.sandbox.control.clearFaults();
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  expect(desk.publishedOrdersOf(id)).toHaveLength(0);
  expect(desk.ordersOf(id).map((order) => (order.status as { name: string }).name)).toEqual(['Deleted']);
});

test('draft only: the order is linked and left for a person to publish', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, afterCreate: draft }\n');
  const id = desk.newTicket();
  desk.trigger(id);
  const view = await stack.view(id, 'the linked draft', (v) => v.state === 'dispatched');
  expect(view.workOrderStatus).toBe('draft');
  expect(desk.publishedOrdersOf(id)).toHaveLength(0);
  expect(stack.sandbox.control.ticket(id).custom_fields).toMatchObject({ cf_work_order_id: String(view.workOrderId) });
});

test('routes by a value of the ticket: to one provider, to several, to the marketplace, and to nobody it does not name', async () => {
  stack.setConfig(`dispatch:
  createPatience: 400ms
  afterCreate: route
  routeTo: { from: ticket.custom_fields.cf_po_number, map: { North: 55021, South: [55034, 55058], Any: publish } }
`);
  const providersOf = (id: number): number[] =>
    (stack.sandbox.control.workOrder(id).routes as { results: { user: { id: number } }[] }).results.map(
      ({ user }) => user.id,
    );
  const by = async (cf_po_number: string): Promise<{ id: number; workOrderId: number }> => {
    const id = desk.newTicket({ custom_fields: { cf_po_number } });
    desk.trigger(id);
    return { id, workOrderId: await desk.dispatched(id) };
  };
  const north = await by('north');
  expect([orderStatus(north.workOrderId), providersOf(north.workOrderId)]).toEqual(['Routed', [55021]]);
  const south = await by('South');
  expect([orderStatus(south.workOrderId), providersOf(south.workOrderId)]).toEqual(['Routed', [55034, 55058]]);
  expect(orderStatus((await by('Any')).workOrderId)).toBe('Published');

  const id = desk.newTicket({ custom_fields: { cf_po_number: 'West' } });
  desk.trigger(id);
  const { attention } = await stack.view(id, 'attention', (view) => view.attention?.reason === 'mapping');
  expect(attention?.detail).toContain('dispatch.routeTo');
  expect(desk.ordersOf(id)).toEqual([]);
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_po_number: 'North' } });
  expect(providersOf(await desk.dispatched(id))).toEqual([55021]);
});

test('an order that its providers did not take in time is published', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, afterCreate: route, routeTo: 55021, routeFor: 1s }\n');
  const { id, workOrderId } = await dispatchedTicket();
  await until('the publish', () => orderStatus(workOrderId) === 'Published');
  const { timeline, attention } = await stack.view(id, 'the publish', (view) =>
    view.timeline.some(({ what }) => what === 'Published'),
  );
  expect(timeline.map(({ what }) => what)).toEqual(expect.arrayContaining(['Routed', 'Nobody took it']));
  expect([attention, desk.ordersOf(id).length]).toEqual([null, 1]);
});

test('routes to the provider that the config names', async () => {
  stack.setConfig('dispatch: { createPatience: 400ms, afterCreate: route, routeTo: 55021 }\n');
  const { workOrderId } = await dispatchedTicket();
  expect(orderStatus(workOrderId)).toBe('Routed');
});
