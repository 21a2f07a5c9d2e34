/** Events that overtake each other and our own calls: what they do to the ticket is done once, and not left out. */
import { RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack({ policy: { backoff: { first: 1500, most: 1500 } } });
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.setConfig(DEFAULT_TEST_CONFIG);
});

const notesOf = (id: number): string[] => desk.privateNotes(id).map((note) => String(note.body_text));

async function atRest(id: number, state: string): Promise<void> {
  await stack.sandbox.control.idle();
  await stack.view(id, `rest as ${state}`, (v) => v.state === state);
  await desk.settled(id);
}

async function assigned(): Promise<{ id: number; order: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  stack.sandbox.control.act(order, 'assign');
  await atRest(id, 'assigned');
  return { id, order };
}

test('an approval that comes before the news of the work done resolves the ticket with its note', async () => {
  const { control } = stack.sandbox;
  const { id, order } = await assigned();
  control.holdWebhooks();
  for (const action of ['check-in', 'work-done', 'approve', 'pay'] as const) control.act(order, action);
  control.releaseWebhooks('reversed');
  await atRest(id, 'completed');
  expect([desk.statusOf(id), notesOf(id)]).toEqual([
    RESOLVED,
    [expect.stringContaining(`Work order ${order} is done`)],
  ]);
});

test('the approval alone resolves the ticket too, when the news of the work done never comes', async () => {
  const { control } = stack.sandbox;
  const { id, order } = await assigned();
  control.setWebhookActive(false);
  for (const action of ['check-in', 'work-done'] as const) control.act(order, action);
  control.setWebhookActive(true);
  control.act(order, 'approve');
  await atRest(id, 'completed');
  expect([desk.statusOf(id), notesOf(id)]).toEqual([
    RESOLVED,
    [expect.stringContaining(`Work order ${order} is done`)],
  ]);
});

test('an order that is published without an answer and done meanwhile is told of once', async () => {
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the publish', () => desk.publishedOrdersOf(id).length === 1);
  const order = Number(desk.publishedOrdersOf(id)[0]?.id);
  await desk.finish(id, order);
  await atRest(id, 'work-done');
  expect(notesOf(id)).toEqual([expect.stringContaining(`Work order ${order} is done`)]);
  // Its event has proved it: nothing is asked for a second time.
  expect(control.history().filter((e) => e.path === `/workorders/${order}/publish`)).toHaveLength(1);
});

test('a write that is tried again does not take back what a person has changed since it was carried out', async () => {
  const { control } = stack.sandbox;
  const { id, order } = await assigned();
  // Freshdesk's times have whole seconds.
  control.advanceClock(1000);
  control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'lost-answer', times: 1 });
  control.act(order, 'work-done');
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  control.advanceClock(1000);
  // The agent wants another visit before the answer is missed.
  desk.trigger(id);
  await stack.view(id, 'the second visit', (v) => v.visit === 2 && v.state === 'dispatched');
  await atRest(id, 'dispatched');
  expect(notesOf(id).filter((text) => text.includes(`Work order ${order} is done`))).toHaveLength(1);
});

test('a status whose write was lost, then tried again in vain, is not taken for a person’s by the next one', async () => {
  const { control } = stack.sandbox;
  const status = 'checked-in: { ticketStatus: Waiting on Third Party }, work-done: { ticketStatus: Resolved }';
  stack.setConfig(`${DEFAULT_TEST_CONFIG}status: { ${status} }\n`);
  const { id, order } = await assigned();
  control.advanceClock(1000);
  control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'lost-answer', times: 1 });
  control.act(order, 'check-in');
  await atRest(id, 'on-site');
  expect(desk.statusOf(id)).toBe(7);

  control.advanceClock(1000);
  control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 503, times: 1 });
  control.act(order, 'work-done');
  await atRest(id, 'work-done');
  expect(desk.statusOf(id)).toBe(RESOLVED);
});

const NAMED = `${DEFAULT_TEST_CONFIG}status:
  assigned: { note: "{{provider.first_name}} comes for order {{workOrder.id}}" }
  published: { note: "Published: {{workOrder.title}}" }
  work-done: { ticketStatus: Resolved, note: "Done by {{provider.first_name}}" }
`;

test('an order that was assigned before its create was known names who comes, and does so once', async () => {
  const { control } = stack.sandbox;
  stack.setConfig(NAMED);
  const id = desk.newTicket();
  control.setWebhookActive(false);
  // Later than anybody waits for it.
  control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'late-answer', delayMs: 30_000, times: 1 });
  desk.trigger(id);
  await until('the draft', () => desk.ordersOf(id).length === 1);
  const order = Number(desk.ordersOf(id)[0]?.id);
  control.act(order, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  control.setWebhookActive(true);
  await until('the note', () => notesOf(id).some((text) => text.includes('comes for order')));
  await atRest(id, 'assigned');
  expect(notesOf(id)).toEqual([expect.stringMatching(/^\w+ comes for order/)]);
});

test('an order whose work is done before its closed ticket could cancel it asks nothing', async () => {
  const { control } = stack.sandbox;
  stack.setConfig(NAMED);
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await atRest(id, 'dispatched');
  control.setWebhookActive(false);
  for (const action of ['assign', 'check-in', 'check-out', 'work-done', 'approve'] as const) control.act(order, action);
  control.updateTicket(id, { status: 5 });
  await stack.starter.ticketChanged(id);
  const view = await stack.view(id, 'the approval', (v) => v.state === 'completed' || v.state === 'attention');
  control.setWebhookActive(true);
  expect(view.attention).toBeNull();
  await until('the note', () => notesOf(id).some((text) => /Done by \w+/.test(text)));
  await atRest(id, 'completed');
});

test('the note of our own publish names the order’s title', async () => {
  stack.setConfig(NAMED);
  const id = desk.newTicket({ subject: 'Till 7 does not print' });
  desk.trigger(id);
  await desk.dispatched(id);
  await until('the note', () => notesOf(id).some((text) => text.includes('Published: ')));
  await atRest(id, 'dispatched');
  expect(notesOf(id)).toEqual([expect.stringMatching(/Published: .*Till 7 does not print/)]);
});
