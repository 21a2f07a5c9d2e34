/** A run without memory of a visit asks Field Nation first: nothing is made twice, and nothing is left alone in the field. */
import { dispatchQuery } from '../../src/contract/messages';
import { RESOLVED, type TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));

/** Resets the ticket's run to the workflow task that scheduled the activity; to its first one without a name. */
async function reset(id: number, activity?: string): Promise<void> {
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  const { runId } = await handle.describe();
  const { events } = await handle.fetchHistory();
  const scheduled = events?.find((e) => e.activityTaskScheduledEventAttributes?.activityType?.name === activity);
  const first = events?.find((e) => e.workflowTaskCompletedEventAttributes);
  const task = activity
    ? scheduled?.activityTaskScheduledEventAttributes?.workflowTaskCompletedEventId
    : first?.eventId;
  await stack.client.workflowService.resetWorkflowExecution({
    namespace: stack.client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId, runId },
    workflowTaskFinishEventId: task ?? null,
    requestId: `reset-${id}`,
    reason: 'an operator was curious',
  });
}

const takenOver = (id: number) =>
  stack.view(id, 'the order to be taken over', (v) => v.timeline.some((e) => e.what === 'Work order taken over'));

async function isResolvedWithOneNote(id: number): Promise<void> {
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  await desk.quiet(id);
  expect(desk.privateNotes(id)).toHaveLength(1);
  expect(desk.ordersOf(id)).toHaveLength(1);
}

test('a run that is reset to its create while the search lags makes no second order', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { searchLagMs: 3_600_000 } });
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await reset(id, 'createWorkOrder');
  const view = await takenOver(id);
  expect(view.workOrderId).toBe(workOrderId);
  await desk.quiet(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect(desk.publishedOrdersOf(id)).toHaveLength(1);
});

test('a run that is terminated before its ticket names a draft that no search shows leaves no second one', async () => {
  stack.sandbox.control.setKnobs({ fieldNation: { draftsSearchable: false, apiChangesEcho: false } });
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'updateTicket', kind: 'status', status: 503 });
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the order to be made', () => desk.ordersOf(id).length === 1);
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  await until('the run to know of it', async () => (await handle.query(dispatchQuery)).workOrderId !== null);
  await handle.terminate('by mistake');
  stack.sandbox.control.clearFaults();
  await desk.postFreshdeskWebhook({ ticket_id: id });
  await stack.view(id, 'a person to be asked about the draft', (v) => v.attention?.reason === 'decision');
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect(desk.publishedOrdersOf(id)).toHaveLength(0);
});

test.each(['terminated', 'reset to its first task'])(
  'the order of a run that was %s is taken over, and its ticket resolved with one note',
  async (how) => {
    const { id, workOrderId } = await desk.inTheField();
    if (how === 'terminated') {
      await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('by mistake');
      await stack.starter.ticketChanged(id, 'reconcile');
    } else await reset(id);
    expect((await takenOver(id)).workOrderId).toBe(workOrderId);
    // What its ticket names is looked at before it counts as followed.
    await stack.view(id, 'the order to be followed', ({ state }) => state === 'dispatched');
    await desk.finish(id, workOrderId);
    await isResolvedWithOneNote(id);
  },
);

test('the work of a terminated run that is done meanwhile resolves the ticket with one note', async () => {
  const { id, workOrderId } = await desk.inTheField();
  await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('by mistake');
  stack.sandbox.control.setWebhookActive(false);
  try {
    for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const)
      stack.sandbox.control.act(workOrderId, action);
  } finally {
    stack.sandbox.control.setWebhookActive(true);
  }
  await desk.postFreshdeskWebhook({ ticket_id: id });
  await takenOver(id);
  await isResolvedWithOneNote(id);
});
