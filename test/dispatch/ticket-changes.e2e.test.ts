/** What people change on a ticket reaches its open work order: once, only what changed, and never for our own writes. */
import { RESOLVED, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, REMOTE_VISIT, SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

const PENDING = 3;
const CLOSED = 5;
const VISIT = { cf_visit_date: '2027-03-02', cf_visit_time: '15:00' };

let stack: Stack;
let desk: TicketDesk;
// Every task replays its run: what is not deterministic shows.
useStack(
  (...made) => {
    [stack, desk] = made;
    // Tells Deskbridge of every change of a linked ticket, as the documented set of rules does.
    stack.sandbox.control.setRule(3, { active: true });
  },
  { cachedRuns: 0, ...SHORT_PATIENCE },
);

const change = (id: number, patch: object): unknown =>
  stack.sandbox.control.updateTicket(id, patch as Parameters<typeof stack.sandbox.control.updateTicket>[1]);
const order = (workOrderId: number): Record<string, unknown> => stack.sandbox.control.workOrder(workOrderId);

/** The bodies of all updates of an order. */
const updatesOf = (workOrderId: number): Record<string, unknown>[] =>
  stack.sandbox.control
    .history()
    .filter((call) => call.route === 'PUT /workorders/:id' && call.path.endsWith(`/${workOrderId}`))
    .map((call) => call.body as Record<string, unknown>);

/** Views of a ticket with embeds: what a mapping costs. */
const mappingsOf = (id: number): number =>
  stack.sandbox.control
    .history()
    .filter((call) => call.route === 'GET /tickets/:id' && call.path.includes(`/${id}`) && (call.credits ?? 0) > 1)
    .length;

/** Waits until all webhooks are delivered and the dispatch has taken them in. */
async function quiet(id: number): Promise<void> {
  await stack.sandbox.control.idle();
  await desk.settled(id);
}

async function dispatchedTicket(patch: object = {}): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket({ custom_fields: VISIT, ...patch });
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await quiet(id);
  return { id, workOrderId };
}

const updated = (workOrderId: number, count: number): Promise<void> =>
  until(
    `update ${count} of the order`,
    () => updatesOf(workOrderId).length >= count,
    () => JSON.stringify(updatesOf(workOrderId)),
  );

test.each([
  ['title', { subject: 'Two tills are dead' }, { title: 'Two tills are dead' }],
  ['location', { custom_fields: { cf_site_address: '9 Quay Street' } }, { location: { address1: '9 Quay Street' } }],
  [
    'schedule',
    { custom_fields: { cf_visit_date: '2027-03-05' } },
    // A time without a zone is the site's: 15:00 in Duluth.
    { schedule: { service_window: { start: { utc: '2027-03-05 21:00:00' } } } },
  ],
  ['pay', { custom_fields: { cf_pay_amount: 210 } }, { pay: { base: { amount: 210 } } }],
])('a changed %s goes out once, with no other key', async (key, patch, expected) => {
  const { id, workOrderId } = await dispatchedTicket();
  change(id, patch);
  await updated(workOrderId, 1);
  await quiet(id);
  const updates = updatesOf(workOrderId);
  expect(updates.map(Object.keys)).toEqual([[key]]);
  expect(order(workOrderId)).toMatchObject(expected);
});

test('a new description keeps the correlation id as its last line', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  change(id, { description: '<p>The printer smokes.</p>' });
  await updated(workOrderId, 1);
  const [update] = updatesOf(workOrderId);
  expect(Object.keys(update ?? {})).toEqual(['description']);
  const { html } = (update?.description ?? {}) as { html: string };
  expect(html).toContain('The printer smokes.');
  expect(html.endsWith(`<p>Deskbridge FD-${stack.account}-${id}-1</p>`)).toBe(true);
});

test('what Deskbridge writes itself costs no mapping and sends nothing', async () => {
  stack.setConfig(`dispatch: { createPatience: 400ms }
status:
  assigned:
    ticketStatus: Pending
    note: '{{provider.name}} comes'
    addTags: [visit-planned]
    fields: { cf_technician: '{{provider.name}}' }
`);
  const { id, workOrderId } = await dispatchedTicket();
  const before = mappingsOf(id);
  stack.sandbox.control.act(workOrderId, 'assign');
  await until('all to be written', () => desk.statusOf(id) === PENDING && desk.privateNotes(id).length === 1);
  stack.sandbox.control.fireWebhook(id, 3);
  await quiet(id);
  expect(stack.sandbox.control.ticket(id).tags).toContain('visit-planned');
  expect(updatesOf(workOrderId)).toEqual([]);
  expect(mappingsOf(id)).toBe(before);
  // A person's change still goes out, although the ticket has left the trigger.
  change(id, { subject: 'After the assignment' });
  await updated(workOrderId, 1);
  expect(order(workOrderId).title).toBe('After the assignment');
});

test('a note by an agent costs no mapping', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  const before = mappingsOf(id);
  stack.sandbox.control.addNote(id, 'Called the shop');
  stack.sandbox.control.fireWebhook(id);
  await quiet(id);
  expect(mappingsOf(id)).toBe(before);
  expect(updatesOf(workOrderId)).toEqual([]);
});

test('ten quick changes make few updates, and the last one counts', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  for (let i = 1; i <= 10; i++) change(id, { subject: `Version ${i}` });
  await until('the last version', () => order(workOrderId).title === 'Version 10');
  await quiet(id);
  expect(updatesOf(workOrderId).length).toBeLessThanOrEqual(4);
});

test('a value that is taken back before it was sent sends nothing', async () => {
  const { id, workOrderId } = await dispatchedTicket({ subject: 'Till down' });
  await stack.stopWorkers();
  change(id, { subject: 'Till up' });
  change(id, { subject: 'Till down' });
  await stack.startWorkers();
  await quiet(id);
  expect(updatesOf(workOrderId)).toEqual([]);
});

test('what Field Nation refuses is told once, with field, value and what to do; the rest goes out', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { leastPay: 20 } });
  const { id, workOrderId } = await dispatchedTicket();
  change(id, { subject: 'New words', custom_fields: { cf_pay_amount: 5 } });
  await until('the note', () => desk.privateNotes(id).length === 1);
  expect(order(workOrderId)).toMatchObject({ title: 'New words', pay: { base: { amount: 150 } } });
  const note = String(desk.privateNotes(id)[0]?.body_text);
  expect(note).toContain('the new pay');
  expect(note).toContain('pay.base.amount: 5');
  expect(note).toContain('by hand');
  await quiet(id);
  const sent = updatesOf(workOrderId).length;
  // The same value is neither sent nor told again; another one is sent.
  change(id, { subject: 'Newer words' });
  await updated(workOrderId, sent + 1);
  await quiet(id);
  expect(updatesOf(workOrderId).slice(sent).map(Object.keys)).toEqual([['title']]);
  expect(desk.privateNotes(id)).toHaveLength(1);
  change(id, { custom_fields: { cf_pay_amount: 175 } });
  await until('the new pay', () => JSON.stringify(order(workOrderId).pay).includes('175'));
  await quiet(id);
  expect(desk.privateNotes(id)).toHaveLength(1);
  const view = await stack.view(id, 'nobody to be needed', (v) => v.attention === null);
  expect(view.state).toBe('dispatched');
});

test('finds the refused field also when Field Nation names none', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { errorBody: 'status-message', leastPay: 20 } });
  const { id, workOrderId } = await dispatchedTicket();
  change(id, { subject: 'New words', custom_fields: { cf_pay_amount: 5, cf_site_city: 'Dayton' } });
  await until('the note', () => desk.privateNotes(id).length === 1);
  expect(order(workOrderId)).toMatchObject({ title: 'New words', location: { city: 'Dayton' } });
  expect(desk.privateNotes(id)[0]?.body_text).toContain('pay.base.amount: 5');
  expect(desk.privateNotes(id)[0]?.body_text).not.toContain('Dayton');
});

test('a schedule refused after the assignment is told with the time that was wanted', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  const refusal = { system: 'field-nation', path: 'updateWorkOrder', kind: 'status', status: 400, times: 1 } as const;
  stack.sandbox.control.addFault(refusal);
  change(id, { custom_fields: { cf_visit_date: '2027-03-09' } });
  await until('the note', () => desk.privateNotes(id).length === 1);
  const note = String(desk.privateNotes(id)[0]?.body_text);
  expect(note).toContain('the new schedule');
  expect(note).toContain('start.local.date: 2027-03-09');
  expect(note).toContain('start.local.time: 15:00:00');
  expect(note).toContain(String(workOrderId));
  stack.sandbox.control.fireWebhook(id);
  await quiet(id);
  expect(updatesOf(workOrderId)).toHaveLength(1);
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a ticket closed while its change cannot be mapped asks about the order, not about the mapping', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  change(id, { custom_fields: { cf_site_city: null } });
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'mapping');
  change(id, { status: CLOSED });
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  await stack.starter.cancel(id, 'Not needed');
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled' && v.attention === null);
  expect(updatesOf(workOrderId)).toEqual([]);
});

test('a key that is refused holds up the update alone, and a change in that time arrives after retry', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'updateWorkOrder', kind: 'status', status: 403 });
  change(id, { subject: 'While forbidden' });
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.workOrderStatus === 'assigned');
  stack.sandbox.control.clearFaults();
  await stack.starter.retry(id);
  await until('the change to arrive', () => order(workOrderId).title === 'While forbidden');
  await stack.view(id, 'nobody to be needed', (v) => v.attention === null);
});

test('a field emptied that the order needs waits as attention of the update alone, and goes on when it is filled', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  change(id, { subject: 'Half a change', custom_fields: { cf_site_city: null } });
  const view = await stack.view(id, 'attention', (v) => v.attention?.reason === 'mapping');
  expect(view.attention?.detail).toContain('location.city');
  expect(updatesOf(workOrderId)).toEqual([]);
  // Everything else goes on.
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.workOrderStatus === 'assigned');
  change(id, { custom_fields: { cf_site_city: 'Dayton' } });
  await updated(workOrderId, 1);
  // A technician is assigned: another site needs a yes.
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'approval');
  expect(order(workOrderId)).toMatchObject({ title: 'Half a change', location: { city: 'Duluth' } });
  await stack.starter.approve(id);
  await stack.view(id, 'nobody to be needed', (v) => v.attention === null && v.state === 'assigned');
  await updated(workOrderId, 2);
  expect(order(workOrderId)).toMatchObject({ title: 'Half a change', location: { city: 'Dayton' } });
});

test('a mapping that a person mends reaches the order after retry', async () => {
  const { id, workOrderId } = await dispatchedTicket({ priority: 1 });
  const mapping = (line: string): string => `${DEFAULT_TEST_CONFIG}workOrder:
  title: { from: ticket.subject }
${REMOTE_VISIT}  ${line}
`;
  stack.setConfig(mapping('pay.base.amount: { from: ticket.priority, map: { 2: 100 } }'));
  change(id, { subject: 'Mend me' });
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'mapping');
  stack.setConfig(mapping('pay.base.amount: { from: ticket.priority, map: { 1: 90, 2: 100 } }'));
  await stack.starter.retry(id);
  await until('the new pay', () => JSON.stringify(order(workOrderId).pay).includes('90'));
  await stack.view(id, 'nobody to be needed', (v) => v.attention === null);
});

test('a change while the create is unanswered reaches the order before it is published', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
  const create = { system: 'field-nation', path: 'createWorkOrder', kind: 'slow', delayMs: 4000, times: 1 } as const;
  stack.sandbox.control.addFault(create);
  const id = desk.newTicket({ subject: 'First words', custom_fields: VISIT });
  desk.trigger(id);
  await until('the create to be on its way', () => stack.hasFaultHit());
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'listWorkOrders', kind: 'status', status: 503 });
  await stack.view(id, 'the unanswered create', (v) => v.timeline.some((e) => e.what === 'Create unanswered'));
  change(id, { subject: 'Second words' });
  // Looked up before it is there, it would rightly be created again once the short patience is over.
  await until('the create to be carried out', () => desk.ordersOf(id).length > 0);
  await stack.sandbox.control.idle();
  stack.sandbox.control.clearFaults();
  const workOrderId = await desk.dispatched(id);
  expect(order(workOrderId).title).toBe('Second words');
  expect(desk.ordersOf(id)).toHaveLength(1);
  const calls = stack.sandbox.control.history().filter((call) => call.path.includes(`/workorders/${workOrderId}`));
  expect(calls.map((call) => call.route)).toEqual(['PUT /workorders/:id', 'POST /workorders/:id/publish']);
});

test('an update whose answer is lost is simply sent again', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'updateWorkOrder', kind: 'lost-answer', times: 1 });
  change(id, { subject: 'Said twice' });
  await updated(workOrderId, 2);
  await quiet(id);
  expect(order(workOrderId).title).toBe('Said twice');
  expect((await stack.view(id, 'no attention', () => true)).attention).toBeNull();
});

test('a ticket closed in the same breath sends nothing; the question or the cancellation comes first', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  change(id, { subject: 'Never mind', status: CLOSED });
  await stack.view(id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  await quiet(id);
  expect(updatesOf(workOrderId)).toEqual([]);
});

test('from work done on nothing is sent; work marked incomplete takes the changes up again', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  await desk.finish(id, workOrderId);
  change(id, { subject: 'Too late' });
  stack.sandbox.control.fireWebhook(id);
  await quiet(id);
  expect(desk.statusOf(id)).toBe(RESOLVED);
  expect(updatesOf(workOrderId)).toEqual([]);

  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.act(workOrderId, 'incomplete');
  await stack.view(id, 'the visit to be open again', (v) => v.state === 'assigned' || v.state === 'on-site');
  change(id, { status: PENDING });
  await until('the change to arrive', () => order(workOrderId).title === 'Too late');
});
