/** The main job, end to end: real Temporal server, sandbox over HTTP, signed webhooks. */
import { FIELD_SERVICE_REQUIRED, OPEN, RESOLVED, type TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

test('takes a ticket from the trigger status to Resolved with one private note', async () => {
  const id = desk.newTicket({ subject: 'Card reader offline' });
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  expect(stack.sandbox.control.workOrder(workOrderId)).toMatchObject({
    title: 'Card reader offline',
    custom_fields: { internal: { value: `FD-${stack.account}-${id}-1` } },
  });
  expect(stack.sandbox.control.ticket(id).custom_fields).toMatchObject({ cf_work_order_id: String(workOrderId) });

  await desk.finish(id, workOrderId);
  await stack.sandbox.control.idle();
  const notes = desk.privateNotes(id);
  expect(notes).toHaveLength(1);
  expect(notes[0]?.body_text).toContain(`Work order ${workOrderId} is done`);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a ticket that gets the trigger tag is dispatched too', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.updateTicket(id, { tags: ['vip', 'on-site'] });
  await desk.dispatched(id);
  expect(stack.sandbox.control.ticket(id).tags).toEqual(['vip', 'on-site']);
});

test('a tag that stays, our own writes, a reply that reopens and ten more webhooks never make a second order', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.updateTicket(id, { tags: ['on-site'] });
  const workOrderId = await desk.dispatched(id);
  await desk.finish(id, workOrderId);
  stack.sandbox.control.reply(id, 'It broke again, please come back', 'requester');
  stack.sandbox.control.updateTicket(id, { status: OPEN }, 'requester');
  stack.sandbox.control.fireWebhook(id, 10);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.statusOf(id)).toBe(OPEN);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a person who sets the trigger status again after the work is done gets visit 2 with an order of its own', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const first = await desk.dispatched(id);
  await desk.finish(id, first);
  desk.trigger(id);
  const second = await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
  expect(second.correlationId).toBe(`FD-${stack.account}-${id}-2`);
  expect(second.workOrderId).not.toBe(first);
  expect(stack.sandbox.control.ticket(id).custom_fields).toMatchObject({
    cf_work_order_id: String(second.workOrderId),
  });
  expect(desk.publishedOrdersOf(id)).toHaveLength(2);
  // A late event of the first visit touches nothing any more.
  stack.sandbox.control.act(first, 'approve');
  await stack.sandbox.control.idle();
  await desk.settled(id);
  expect(desk.statusOf(id)).toBe(FIELD_SERVICE_REQUIRED);
});

test('ten equal webhooks at once make one workflow and one work order', async () => {
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  const id = desk.newTicket();
  desk.trigger(id);
  const answers = await Promise.all(Array.from({ length: 10 }, () => desk.postFreshdeskWebhook({ ticket_id: id })));
  expect(answers.map((answer) => answer.status)).toEqual(Array(10).fill(202));
  expect(await answers[0]?.json()).toEqual({ dispatch: stack.workflowId(id) });
  await desk.dispatched(id);
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an event that comes twice, late or out of order makes one note and never puts the ticket back', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { duplicateWebhooks: 3 } });
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  stack.sandbox.control.holdWebhooks();
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) {
    stack.sandbox.control.act(workOrderId, action);
    stack.sandbox.control.advanceClock(60_000);
  }
  stack.sandbox.control.releaseWebhooks('reversed');
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED && desk.privateNotes(id).length > 0);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  const view = await stack.view(id, 'the work to be done', (v) => v.state === 'work-done');
  expect(view.workOrderStatus).toBe('work-done');
  expect(desk.statusOf(id)).toBe(RESOLVED);
  expect(desk.privateNotes(id)).toHaveLength(1);
});

test('a create whose answer is lost after Field Nation stored it still makes one work order', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});

test('a create that was lost before it had an effect is repeated, but not before patience has passed', async () => {
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'reset-before', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  const creates = stack.sandbox.control
    .history()
    .filter((e) => e.route === 'POST /workorders' && JSON.stringify(e.body).includes(`-${id}-1`))
    .map((e) => Date.parse(String(e.at)));
  expect(creates).toHaveLength(2);
  expect((creates[1] ?? 0) - (creates[0] ?? 0)).toBeGreaterThanOrEqual(400);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('finds a lost create through the newest orders when the search does not know drafts', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { draftsSearchable: false, apiChangesEcho: false } });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a ticket that no rule matches is skipped and nothing is created', async () => {
  const id = desk.newTicket();
  const answer = await desk.postFreshdeskWebhook({ ticket_id: String(id) });
  expect(answer.status).toBe(202);
  const view = await stack.view(id, 'the ticket to be skipped', (v) => v.state === 'skipped');
  expect(view.timeline.at(-1)?.detail).toContain('matches no rule');
  expect(desk.ordersOf(id)).toHaveLength(0);
});

test('a ticket that names a work order which is none of ours waits for a decision, with what to do', async () => {
  const id = desk.newTicket({ custom_fields: { cf_work_order_id: '900001' } });
  desk.trigger(id);
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.detail).toContain('900001');
  expect(view.attention?.remedy).toContain(`deskbridge dispatch ${id}`);
  expect(desk.ordersOf(id)).toHaveLength(0);
});

test('a forgotten dispatch whose link was cleared is taken over, and no second order is made', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('the history is gone');
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_work_order_id: null } }, 'api');
  const view = await stack.view(id, 'the order to be taken over', (v) =>
    v.timeline.some((e) => e.what === 'Work order taken over'),
  );
  expect([view.state, view.workOrderId]).toEqual(['dispatched', workOrderId]);
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a forgotten dispatch whose order is cancelled is skipped with what to do', async () => {
  const { id, workOrderId } = await desk.inTheField();
  await desk.settled(id);
  await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('the history is gone');
  stack.sandbox.control.setWebhookActive(false);
  stack.sandbox.control.act(workOrderId, 'cancel');
  stack.sandbox.control.setWebhookActive(true);
  await desk.postFreshdeskWebhook({ ticket_id: id });
  const view = await stack.view(id, 'the ticket to be skipped', (v) => v.state === 'skipped');
  expect(view.timeline.at(-1)?.detail).toContain('deskbridge dispatch');
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an event of an unknown work order is answered 202, costs one call and leaves a trace', async () => {
  const before = stack.sandbox.control.history().length;
  stack.sandbox.control.sendEvent({ name: 'workorder.status.work_done', workOrderId: 777_777 });
  await stack.sandbox.control.idle();
  const parked = (): Promise<string[]> => desk.runsOf('workOrderEvent');
  await until('a trace of the event', async () => (await parked()).length > 0);
  await until('the one look at the order', () =>
    stack.sandbox.control
      .history()
      .slice(before)
      .some((e) => e.path.includes('777777')),
  );
  const calls = stack.sandbox.control
    .history()
    .slice(before)
    .filter((e) => e.path.includes('777777'));
  expect(calls).toHaveLength(1);
});

test('shows the dispatch to operators through the API', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  const one = (await (await fetch(`${stack.webUrl}/api/dispatches/${id}`)).json()) as Record<string, unknown>;
  expect(one).toMatchObject({ ticketId: id, account: stack.account, visit: 1, state: 'dispatched', attention: null });
  await until('the list to hold it', async () => {
    const list = (await (await fetch(`${stack.webUrl}/api/dispatches?state=dispatched&ticket=${id}`)).json()) as {
      items: Record<string, unknown>[];
    };
    return list.items.length === 1 && list.items[0]?.timeline === undefined;
  });
});
