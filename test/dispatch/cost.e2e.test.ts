/** Calls are what a dispatch costs: upstream quotas are the physical limit (design 5). */
import { RESOLVED, ticketsOf } from '../helpers/tickets';
import { createFieldNationClient } from '../../src/clients/field-nation';
import { CREDENTIALS, startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
  // As with the recommended rule, whose performer leaves out the integration's own agent.
  stack.sandbox.control.setKnobs({ freshdesk: { apiWritesTriggerRules: false } });
});
afterAll(() => stack.stop());

test('from trigger to resolved with one note a dispatch costs 5 Freshdesk credits, apart from what people write, and 3 Field Nation calls', async () => {
  const desk = ticketsOf(stack);
  const { control } = stack.sandbox;
  const warmUp = desk.newTicket();
  desk.trigger(warmUp);
  await desk.dispatched(warmUp);
  await control.idle();
  await desk.settled(warmUp);

  control.clearHistory();
  const second = desk.newTicket();
  desk.trigger(second);
  const workOrderId = await desk.dispatched(second);
  await desk.finish(second, workOrderId);
  await until('the ticket to be resolved', () => desk.statusOf(second) === RESOLVED);
  await desk.settled(second);

  const mine = control
    .history()
    .filter((call) => JSON.stringify(call).match(new RegExp(`/${second}\\b|/${workOrderId}\\b|-${second}-1`)));
  const reads = mine.filter(({ route }) => route === 'GET /tickets/:id/conversations');
  const embeds = mine.filter(({ query }) => query.includes('conversations'));
  const credits =
    mine.filter((c) => c.system === 'freshdesk').reduce((sum, c) => sum + (c.credits ?? 0), 0) -
    reads.length -
    embeds.length;
  expect(credits).toBeLessThanOrEqual(5);
  expect(mine.filter((c) => c.system === 'field-nation').map((c) => c.route)).toEqual([
    'GET /workorders',
    'POST /workorders',
    'POST /workorders/:id/publish',
  ]);
  const history = await stack.client.workflow.getHandle(stack.workflowId(second)).fetchHistory();
  expect(history.events?.length).toBeLessThanOrEqual(130);
});

test('its history has at most 54 events when the webhook brings only what has an effect', async () => {
  const desk = ticketsOf(stack);
  await subscribeTo(['workorder.status.published', 'workorder.status.work_done']);
  const ticket = desk.newTicket();
  desk.trigger(ticket);
  const workOrderId = await desk.dispatched(ticket);
  await stack.sandbox.control.idle();
  await desk.settled(ticket);
  await desk.finish(ticket, workOrderId);
  await desk.settled(ticket);

  const { events } = await stack.client.workflow.getHandle(stack.workflowId(ticket)).fetchHistory();
  expect(events?.length).toBeLessThanOrEqual(54);
  expect([13, 14, 15]).toContain(events?.filter(isCharged).length);
});

/** What Temporal Cloud counts as an Action; a start is one together with its first signal (docs/scaling.md). */
const isCharged = (event: object): boolean =>
  [
    'workflowExecutionSignaledEventAttributes',
    'activityTaskScheduledEventAttributes',
    'upsertWorkflowSearchAttributesEventAttributes',
    'timerStartedEventAttributes',
  ].some((kind) => Object.entries(event).some(([name, value]) => name === kind && value));

async function subscribeTo(events: string[]): Promise<void> {
  const fieldNation = createFieldNationClient({ baseUrl: stack.sandbox.fieldNationUrl, credentials: CREDENTIALS });
  const { results } = await fieldNation.listWebhooks();
  for (const { webhookId } of results) await fieldNation.updateWebhook(webhookId ?? '', { events });
  await fieldNation.close();
}
