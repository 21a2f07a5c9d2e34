/** What a status of the work order tells the agents: notes and ticket fields, in the shipped config and beyond. */
import { createHmac } from 'node:crypto';
import { RESOLVED, type TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), { cachedRuns: 0 });

async function dispatchedTicket(): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  return { id, workOrderId: await desk.dispatched(id) };
}

const fieldsOf = (id: number): Record<string, unknown> =>
  stack.sandbox.control.ticket(id).custom_fields as Record<string, unknown>;
const notesOf = (id: number): string[] => desk.privateNotes(id).map((note) => String(note.body_text));

async function note(id: number, words: RegExp): Promise<string> {
  await until(
    `a note that says ${words.source}`,
    () => notesOf(id).some((text) => words.test(text)),
    () => notesOf(id).join('\n'),
  );
  return notesOf(id).find((text) => words.test(text)) ?? '';
}

test('provider, ETA, hours and link of the work order can be written to ticket fields, in the type of the field', async () => {
  stack.setConfig(`dispatch: { createPatience: 400ms }
status:
  assigned: { fields: { cf_technician: '{{provider.name}}', cf_site_name: '{{workOrder.url}}' } }
  confirmed: { fields: { cf_po_number: '{{workOrder.eta.start.utc}}' } }
  work-done: { ticketStatus: Resolved, fields: { cf_pay_amount: '{{workOrder.time_logs.hours}}', cf_po_number: '' } }
`);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  control.act(workOrderId, 'assign');
  await until('the technician', () => Boolean(fieldsOf(id).cf_technician));
  expect(fieldsOf(id).cf_site_name).toContain(String(workOrderId));

  control.advanceClock(1000);
  const workorder = { ...control.workOrder(workOrderId), eta: { start: { utc: '2027-03-02 15:20:00' } } };
  control.sendEvent({ name: 'workorder.status.confirmed', workOrderId, workorder });
  await until('the ETA', () => fieldsOf(id).cf_po_number === '2027-03-02 15:20');

  control.act(workOrderId, 'check-in');
  control.advanceClock(90 * 60_000);
  control.act(workOrderId, 'check-out');
  control.act(workOrderId, 'work-done');
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  // 1.5 hours of the sandbox's clock, and the moments that the test took.
  expect(Number(fieldsOf(id).cf_pay_amount)).toBeCloseTo(1.5, 1);
  expect(typeof fieldsOf(id).cf_pay_amount).toBe('number');
  expect(fieldsOf(id).cf_po_number).toBeNull();
});

test('what the work cost, and what was approved of it, can be written to ticket fields; a whole event costs no read', async () => {
  stack.setConfig(`dispatch: { createPatience: 400ms }
status:
  work-done: { ticketStatus: Resolved }
  approved:
    note: 'Approved {{workOrder.cost.approved}} of {{workOrder.cost.total}}. Expenses: {{workOrder.expenses.list}}'
    fields:
      cf_pay_amount: { from: workOrder.cost.approved }
      cf_technician: '{{provider.name}}, {{provider.phone}}'
      cf_po_number: { from: workOrder.pay.total, range: [{ below: 100, value: low }, { min: 100, value: high }] }
      cf_site_name: { concat: [{ from: workOrder.location.city }, { from: workOrder.timeLogs.in, date: { zone: UTC, to: yyyy } }] }
`);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  for (const action of ['assign', 'check-in', 'check-out', 'expense', 'approve-expenses', 'work-done'] as const) {
    control.act(workOrderId, action, { amount: 12.5 });
  }
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await desk.settled(id);
  const reads = (): number => control.history().filter(({ route }) => route === 'GET /workorders/:id').length;
  const before = reads();
  control.act(workOrderId, 'approve');
  const pay = control.workOrder(workOrderId).pay as { total: number; base: { amount: number; units: number } };
  expect(pay.total).toBe(pay.base.amount * pay.base.units + 12.5);
  await until('the sum', () => fieldsOf(id).cf_pay_amount === pay.total);
  expect(fieldsOf(id)).toMatchObject({
    ...{ cf_technician: expect.stringMatching(/^\w+ \w+, \+1\d+$/) as string, cf_po_number: 'high' },
    cf_site_name: expect.stringMatching(/^[A-Z].* 20\d\d$/) as string,
  });
  expect(await note(id, /Approved/)).toContain(
    `Approved ${pay.total} of ${pay.total}. Expenses: Parking: 12.5 (approved)`,
  );
  expect(reads()).toBe(before);
});

test('a thin event has its order read once for a sum that a field asks for', async () => {
  const { control } = stack.sandbox;
  stack.setConfig(`dispatch: { createPatience: 400ms }
status: { approved: { fields: { cf_pay_amount: '{{workOrder.cost.approved}}', cf_technician: '{{provider.email}}' } } }
`);
  const { id, workOrderId } = await dispatchedTicket();
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) control.act(workOrderId, action);
  await stack.view(id, 'the work to be done', (v) => v.state === 'work-done');
  await desk.settled(id);
  control.setKnobs({ fieldNation: { webhookOrder: 'thin' } });
  control.clearHistory();
  control.act(workOrderId, 'approve');
  const { total } = control.workOrder(workOrderId).pay as { total: number };
  await until('the sum', () => fieldsOf(id).cf_pay_amount === total);
  control.resetKnobs();
  expect(fieldsOf(id).cf_technician).toMatch(/@techs\.example$/);
  const read = control
    .history()
    .filter(({ system }) => system === 'field-nation')
    .map(({ route }) => route);
  expect(read).toEqual(['GET /workorders/:id', 'GET /users/:id']);
});

test('a technician who is late or has not confirmed is told to the agents, without any setting', async () => {
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  control.act(workOrderId, 'assign');
  control.act(workOrderId, 'at-risk');
  expect(await note(id, /at risk/)).toContain(`work order ${workOrderId}`);
  control.advanceClock(1000);
  control.act(workOrderId, 'delay', { minutes: 45 });
  expect(await note(id, /running late/)).toContain('by about 45 minutes');
  expect(await note(id, /problem is reported/)).toContain('/work');
});

test('the first visit is silent when it is published; the second one links the order of the first', async () => {
  const { control } = stack.sandbox;
  const { id, workOrderId: first } = await dispatchedTicket();
  await control.idle();
  await desk.settled(id);
  expect(notesOf(id)).toEqual([]);
  await desk.finish(id, first);
  expect(notesOf(id).join()).not.toContain('visit before');

  desk.trigger(id);
  const { workOrderId: second } = await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
  const published = await note(id, /published for visit 2/);
  expect(published).toContain(`The visit before: work order ${first}, `);
  expect(published).toMatch(new RegExp(`https?://\\S+/${first}`));
  await desk.finish(id, second ?? 0);
  expect(await note(id, new RegExp(`Work order ${second} is done`))).toContain(`The visit before: work order ${first}`);
});

test('what publishing does to the ticket follows the config as a person has mended it', async () => {
  const published = (status: string): string => `dispatch: { createPatience: 400ms }
status: { published: { ticketStatus: ${status}, note: "Work order {{workOrder.id}} is out" } }
`;
  stack.setConfig(published('Nowhere to be found'));
  const id = desk.newTicket();
  desk.trigger(id);
  const { workOrderId } = await stack.view(id, 'attention', (v) => v.attention?.reason === 'mapping');
  expect(await note(id, /is out/)).toContain(`Work order ${workOrderId} is out`);
  stack.setConfig(published('Pending'));
  await stack.starter.retry(id);
  await until('the status that the config names now', () => desk.statusOf(id) === 3);
  await stack.view(id, 'no attention', (v) => v.state === 'dispatched' && v.attention === null);
  expect(notesOf(id).filter((text) => text.includes('is out'))).toHaveLength(1);
});

test('what the config came to say after the last look counts, and what it does not say any more does not', async () => {
  const config = (status: string): string => `dispatch: { createPatience: 400ms }\nstatus: ${status}\n`;
  stack.setConfig(config('{ assigned: { ticketStatus: Pending } }'));
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  await desk.quiet(id);
  stack.setConfig(config('{ work-done: { ticketStatus: Resolved, note: "It is done" } }'));
  control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  await desk.quiet(id);
  expect(desk.statusOf(id)).toBe(8);
  for (const action of ['check-in', 'work-done'] as const) control.act(workOrderId, action);
  await note(id, /It is done/);
  expect(desk.statusOf(id)).toBe(RESOLVED);
});

test('late news of the second in which the work was done puts nothing back, though the order is open again by then', async () => {
  const [pending, waiting] = ['Pending', 'Waiting on Third Party'];
  stack.setConfig(`dispatch: { createPatience: 400ms }
status: { assigned: { ticketStatus: ${pending} }, checked-in: { ticketStatus: ${waiting} }, work-done: { ticketStatus: Resolved } }
`);
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  control.act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  await stack.sandbox.control.idle();
  control.setWebhookActive(false);
  for (const action of ['check-in', 'work-done', 'incomplete', 'check-in'] as const) control.act(workOrderId, action);
  const tell = async (name: string, at: number): Promise<void> => {
    const event = { name: `workorder.status.${name}` };
    const body = JSON.stringify({ event, timestamp: new Date(at).toISOString(), workorder: { id: workOrderId } });
    const signature = `sha256=${createHmac('sha256', stack.secrets.fieldNation).update(body).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-fn-signature': signature };
    expect((await fetch(`${stack.webUrl}/webhooks/field-nation`, { method: 'POST', headers, body })).status).toBe(202);
  };
  // Past the clock of the sandbox, which other tests put forward.
  const second = Date.now() + 24 * 3_600_000;
  await tell('work_done', second);
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await tell('checked_in', second);
  await stack.view(id, 'the late news', (v) => v.timeline.some(({ detail }) => detail?.includes('status.checked_in')));
  await tell('assigned', second + 2_000);
  await until('the ticket to be pending', () => desk.statusOf(id) === 3);
  await desk.settled(id);
  const { timeline } = await stack.view(id, 'the dispatch', () => true);
  expect(timeline.map(({ detail }) => detail).filter((detail) => detail?.includes(waiting))).toEqual([]);
  control.setWebhookActive(true);
});

test('an order cancelled after its work was done is recorded, without a note and without reopening the ticket', async () => {
  stack.setConfig(
    `dispatch: { createPatience: 400ms }\nstatus: { work-done: { ticketStatus: Resolved, note: 'Done' }, cancelled: { ticketStatus: Open, note: 'It was cancelled' } }\n`,
  );
  const { id, workOrderId } = await dispatchedTicket();
  await desk.finish(id, workOrderId);
  const before = notesOf(id).length;
  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.act(workOrderId, 'cancel');
  const view = await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
  expect(view.timeline.some(({ detail }) => detail?.includes('cancelled') || detail?.includes('deleted'))).toBe(true);
  await desk.quiet(id);
  expect([desk.statusOf(id), notesOf(id).length]).toEqual([RESOLVED, before]);
});
