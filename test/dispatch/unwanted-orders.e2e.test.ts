/** Attacks on the costliest promise: nobody pays for a work order that no person wants (any more). */
import { OPEN, RESOLVED, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), SHORT_PATIENCE);

const slowCreate = (delayMs: number): string =>
  stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'slow', delayMs, times: 1 },
  });
/** Of this ticket only: an older one may still be looked at. */
const slowLook = (id: number, delayMs: number, times = 1): string =>
  stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', method: 'GET', path: `/tickets/${id}$`, kind: 'slow', delayMs, times },
  });
const createBegun = (): Promise<void> => until('the create to begin', () => stack.hasFaultHit());
const rules = (on: boolean): void => void stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: on } });
const viewed = (id: number): Promise<void> =>
  until('the ticket to be read', () =>
    stack.sandbox.control.history().some((e) => e.method === 'GET' && e.path.endsWith(`/tickets/${id}`)),
  );
const looksAt = (id: number): number =>
  stack.sandbox.control.history().filter((e) => e.method === 'GET' && e.path.endsWith(`/tickets/${id}`)).length;
/** The state in which the dispatch comes to rest: whatever it would do wrong, it has done by then. */
const rests = async (id: number, state: string): Promise<void> => {
  await stack.view(id, `rest as ${state}`, (v) => v.state === state);
  await stack.sandbox.control.idle();
  await desk.settled(id);
};

test('a cancel that follows a dispatch by hand leaves nothing published', async () => {
  const id = desk.newTicket();
  slowLook(id, 700);
  await stack.starter.dispatchVisit(id);
  await viewed(id);
  await stack.starter.cancel(id, 'A mistake');
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('a cancel before the first look holds when another webhook of the same level comes', async () => {
  rules(false);
  const id = desk.newTicket();
  desk.trigger(id);
  slowLook(id, 700);
  await stack.starter.ticketChanged(id);
  await viewed(id);
  await stack.starter.cancel(id, 'Solved on the phone');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
  const looks = looksAt(id);
  await stack.starter.ticketChanged(id);
  await until('the next look', () => looksAt(id) > looks);
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('an order of an unanswered create that turns up after the cancel is not published', async () => {
  const id = desk.newTicket();
  stack.setConfig('dispatch: { createPatience: 12s }\n');
  slowCreate(17_000);
  desk.trigger(id);
  await stack.view(id, 'the create to be unanswered', (v) => v.timeline.some((t) => t.what === 'Create unanswered'));
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
  await until('the late order to be deleted', () => JSON.stringify(desk.ordersOf(id)).includes('Deleted'));
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('no second create once a person took the trigger back while an unanswered create was looked up', async () => {
  const id = desk.newTicket();
  stack.setConfig('dispatch: { createPatience: 12s }\n');
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'reset-before', times: 1 });
  desk.trigger(id);
  await stack.view(id, 'the create to be unanswered', (v) => v.timeline.some((t) => t.what === 'Create unanswered'));
  stack.sandbox.control.updateTicket(id, { status: OPEN });
  await stack.starter.ticketChanged(id);
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('a second click on dispatch does not make the new visit hang', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const first = await desk.dispatched(id);
  await desk.finish(id, first);
  rules(false);
  slowLook(id, 2000, 2);
  await stack.starter.dispatchVisit(id);
  await stack.starter.dispatchVisit(id);
  await stack.view(id, 'visit 2 to begin', (v) => v.visit === 2);
  await stack.client.workflow.getHandle(stack.workflowId(id)).signal('dispatchVisit');
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
});

test('a closing that is seen together with a refused dispatch by hand still cancels the work order', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  rules(false);
  stack.sandbox.control.updateTicket(id, { status: 5 });
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  await handle.signal('dispatchVisit');
  await handle.signal('ticketChanged');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
});

test('a cancel with a reason that is no text does not poison the dispatch', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await stack.client.workflow.getHandle(stack.workflowId(id)).signal('cancelDispatch', { reason: 5 });
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
});

test('a change of dispatch.when in the config is no person who takes the trigger back', async () => {
  const id = desk.newTicket();
  const rest = 'createPatience: 400ms, onTriggerRemoved: cancel, onTicketClosed: { unassigned: cancel, assigned: ask }';
  stack.setConfig(`dispatch: { ${rest} }\n`);
  desk.trigger(id);
  await desk.dispatched(id);
  stack.setConfig(`dispatch: { ${rest}, when: { statuses: [], tags: [other-tag] } }\n`);
  const looks = looksAt(id);
  await stack.starter.ticketChanged(id);
  await until('the look', () => looksAt(id) > looks);
  await desk.settled(id);
  expect(await stack.dispatches.view(id)).toMatchObject({ state: 'dispatched' });
});

test('an order whose assignment is waiting in the inbox is not cancelled as unassigned', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.settled(id);
  stack.sandbox.control.clearHistory();
  slowLook(id, 1200);
  stack.sandbox.control.updateTicket(id, { status: 5 });
  await stack.starter.ticketChanged(id);
  await viewed(id);
  stack.sandbox.control.act(order, 'assign');
  const view = await stack.view(id, 'an outcome', (v) => v.state === 'cancelled' || v.state === 'attention');
  expect(view.attention?.reason).toBe('decision');
});

test('a retry for a mended key does not answer the question whether to keep the order of a closed ticket', async () => {
  const id = desk.newTicket();
  stack.setConfig('dispatch: { createPatience: 400ms, onTicketClosed: { unassigned: ask, assigned: ask } }\n');
  const fault = stack.sandbox.control.addFault({
    system: 'field-nation',
    path: 'publishWorkOrder',
    kind: 'status',
    status: 403,
  });
  desk.trigger(id);
  await stack.view(id, 'the refused publish', (v) => v.attention?.reason === 'unauthorized');
  stack.sandbox.control.updateTicket(id, { status: 5 });
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'the look', (v) => v.timeline.some((t) => t.what.includes('was closed')));
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.retry(id);
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  await rests(id, 'attention');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('a ticket that was closed before it was linked, its webhook late, is not published', async () => {
  const id = desk.newTicket();
  slowCreate(1000);
  desk.trigger(id);
  await createBegun();
  rules(false);
  stack.sandbox.control.updateTicket(id, { status: 5 });
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('nothing is published while a change of the ticket is known but could not be read yet', async () => {
  const id = desk.newTicket();
  slowCreate(1000);
  desk.trigger(id);
  await createBegun();
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'viewTicket', kind: 'status', status: 403 });
  stack.sandbox.control.updateTicket(id, { status: 5 });
  await stack.starter.ticketChanged(id);
  await rests(id, 'attention');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([]);
});

test('a cancel while the last visit is final and a dispatch by hand is being read starts nothing', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await stack.starter.cancel(id, 'First');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
  await desk.settled(id);
  const fault = slowLook(id, 2000);
  await stack.starter.dispatchVisit(id);
  await until('the look to be under way', () =>
    stack.sandbox.control.faults().some((f) => f.id === fault && f.hits > 0),
  );
  await stack.starter.cancel(id, 'Second');
  await stack.view(id, 'the cancel to be taken in', (v) => v.timeline.some((e) => e.what === 'Cancel without effect'));
  await until('the look to end', () => looksAt(id) > 1);
  await rests(id, 'cancelled');
  expect(desk.publishedOrdersOf(id).map((o) => o.id)).toEqual([order]);
});

test('a cancel is carried out although the look-up waits for a person', async () => {
  const id = desk.newTicket();
  // Its event would tell of the order.
  stack.sandbox.control.setWebhookActive(false);
  slowCreate(3500);
  desk.trigger(id);
  await createBegun();
  const fault = stack.sandbox.control.addFault({
    system: 'field-nation',
    method: 'GET',
    path: 'workorders',
    kind: 'status',
    status: 400,
  });
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.cancel(id, 'No longer needed');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled' && v.attention === null);
  stack.sandbox.control.setWebhookActive(true);
});

test('an operator who wants drafts from now on gets one, although publishing was tried before', async () => {
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 403 },
  });
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
  stack.setConfig(`${DEFAULT_TEST_CONFIG.replace('{ createPatience', '{ afterCreate: draft, createPatience')}`);
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.retry(id);
  await stack.view(id, 'the draft to be left', (v) => v.attention === null && v.state === 'dispatched');
  await rests(id, 'dispatched');
  expect([desk.ordersOf(id).length, desk.publishedOrdersOf(id).length]).toEqual([1, 0]);
});

test('a trigger of the time when the visit was open, read only after the work was done, is a question', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.quiet(id);
  stack.sandbox.control.clearHistory();
  slowLook(id, 2000);
  stack.sandbox.control.updateTicket(id, { tags: ['on-site'] });
  await viewed(id);
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const)
    stack.sandbox.control.act(order, action);
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.remedy).toContain(`deskbridge dispatch ${id}`);
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  // Whatever else comes does not answer it.
  await stack.starter.ticketChanged(id);
  await rests(id, 'attention');
  expect(desk.ordersOf(id)).toHaveLength(1);
  await stack.starter.dispatchVisit(id);
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched' && v.attention === null);
});

test('a trigger that comes in behind the news of the work done sends somebody again, though that is not taken in yet', async () => {
  stack.setConfig(`${DEFAULT_TEST_CONFIG}status: { assigned: { note: Somebody comes } }\n`);
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.quiet(id);
  stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', method: 'POST', path: `/tickets/${id}/notes$`, kind: 'slow', delayMs: 1500, times: 1 },
  });
  stack.sandbox.control.act(order, 'assign');
  await until('the note to be under way', () => stack.hasFaultHit());
  for (const action of ['check-in', 'work-done'] as const) stack.sandbox.control.act(order, action);
  await stack.sandbox.control.idle();
  stack.sandbox.control.updateTicket(id, { tags: ['on-site'] });
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
});

test('a changed ticket that cannot be mapped is not published with what it said before', async () => {
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 403 },
  });
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.view(id, 'the refused publish', (v) => v.attention?.reason === 'unauthorized');
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_city: null } });
  await stack.view(id, 'the mapping to fail', (v) => v.timeline.some((t) => t.what === 'Attention: mapping'));
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.retry(id);
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'mapping');
  expect(view.attention?.detail).toMatch(/city/i);
  await rests(id, 'attention');
  expect(desk.publishedOrdersOf(id)).toEqual([]);
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_city: 'Reno' } });
  await desk.dispatched(id);
  expect(JSON.stringify(desk.publishedOrdersOf(id))).toContain('Reno');
});

test('a ticket that is not found any more is a question, since a key may have lost its right to see it', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await desk.settled(id);
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', path: `/tickets/${id}$`, kind: 'status', status: 404 },
  });
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.ticketChanged(id);
  await rests(id, 'dispatched');
});
