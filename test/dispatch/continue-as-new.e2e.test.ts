/** A dispatch that lives long goes on in new runs and drops nothing on the way. */
import { taskQueues } from '../../src/contract/names';
import { ticketsOf } from '../helpers/tickets';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ policy: { turnsPerRun: 6 }, cachedRuns: 0 });
});
afterAll(() => stack.stop());
afterEach(() => {
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
});

const runIdOf = async (id: number): Promise<string> =>
  (await stack.client.workflow.getHandle(stack.workflowId(id)).describe()).runId;

test('takes in every event once through many runs, with duplicates and webhooks in between', async () => {
  const desk = ticketsOf(stack);
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const count = 40;
  const sent: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const event = {
      key: `delivery-${i}`,
      name: 'workorder.tag_added',
      at: new Date(Date.UTC(2030, 0, 1, 0, 0, i)).toISOString(),
      status: null,
      workOrderId,
      correlationId: `FD-${stack.account}-${id}-1`,
      title: null,
      closingNotes: null,
      hours: null,
      start: null,
      provider: null,
    };
    sent.push(stack.starter.workOrderEvent(event), stack.starter.workOrderEvent(event));
    if (i % 5 === 0) sent.push(stack.starter.ticketChanged(id));
  }
  await Promise.all(sent);

  const view = await stack.view(
    id,
    'all events',
    (v) => v.timeline.filter((e) => e.detail?.includes('tag_added')).length >= count,
  );
  const told = view.timeline.flatMap((e) => (e.detail?.includes('tag_added') ? [e.detail] : []));
  expect(new Set(told).size).toBe(count);
  expect(told).toHaveLength(count);
  await desk.finish(id, workOrderId);
  await desk.settled(id);
  const runs = `WorkflowId = '${stack.workflowId(id)}' AND ExecutionStatus = 'ContinuedAsNew'`;
  await until('several runs', async () => (await stack.client.workflow.count(runs)).count > 1);
  expect(desk.privateNotes(id)).toHaveLength(1);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an attention, its reason in the search and a retry survive a new run', async () => {
  const desk = ticketsOf(stack);
  const id = desk.newTicket({ custom_fields: { cf_site_city: null } });
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  const firstRun = await runIdOf(id);
  await until('a new run', async () => {
    await stack.starter.ticketChanged(id);
    return (await runIdOf(id)) !== firstRun;
  });
  await stack.view(id, 'the same attention', (v) => v.attention?.reason === 'mapping');
  const query = `WorkflowId = '${stack.workflowId(id)}' AND DeskbridgeAttention = 'mapping' AND ExecutionStatus = 'Running'`;
  await until('the reason to be found', async () => (await stack.client.workflow.count(query)).count === 1);
  stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_city: 'Dayton' } }, 'api');
  await stack.starter.retry(id);
  await desk.dispatched(id);
});

test('what was sent to the work order is remembered in a new run: an old value is not sent again', async () => {
  const desk = ticketsOf(stack);
  const { control } = stack.sandbox;
  const id = desk.newTicket({ subject: 'First words' });
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const firstRun = await runIdOf(id);
  await until('a new run', async () => {
    await stack.starter.ticketChanged(id);
    return (await runIdOf(id)) !== firstRun;
  });
  control.updateTicket(id, { subject: 'Second words' });
  await until('the change to arrive', () => control.workOrder(workOrderId).title === 'Second words');
  await desk.settled(id);
  const updates = control.history().filter((call) => call.route === 'PUT /workorders/:id');
  expect(updates.map((call) => call.body)).toEqual([{ title: 'Second words' }]);
});

test('the run ends when the work is paid and the grace time has passed, and can still be shown', async () => {
  const brief = ticketsOf(stack);
  const id = brief.newTicket();
  const handle = await stack.client.workflow.start('ticketDispatch', {
    workflowId: stack.workflowId(id),
    taskQueue: taskQueues(stack.account).workflows,
    args: [
      {
        account: stack.account,
        ticketId: id,
        policy: { ...(await import('../helpers/stack')).FAST_POLICY, grace: 50 },
      },
    ],
  });
  brief.trigger(id);
  const workOrderId = await brief.dispatched(id);
  await brief.finish(id, workOrderId);
  for (const action of ['approve', 'pay'] as const) stack.sandbox.control.act(workOrderId, action);
  const result = (await handle.result()) as { state: string };
  expect(result.state).toBe('completed');
  expect(await stack.dispatches.view(id)).toMatchObject({ state: 'completed', workOrderId, attention: null });
});

test('lost answers and triple webhooks through many runs lose and doubles nothing', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { duplicateWebhooks: 3 } });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'lost-answer', times: 1 });
  const desk = ticketsOf(stack);
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

test('a retry while nothing waits changes nothing and ends quietly', async () => {
  const desk = ticketsOf(stack);
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await Promise.all(Array.from({ length: 5 }, () => stack.starter.retry(id)));
  await desk.settled(id);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});
