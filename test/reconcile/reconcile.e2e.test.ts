/** What no webhook told is found by a sweep, told to its dispatch, and mended there (interface 5 and 8, design 2.10). */
import { OPEN, RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, startStack, type Stack } from '../helpers/stack';
import { sweepsOf, type Sweeps } from '../helpers/sweeps';
import { until } from '../helpers/until';

const CLOSED = 5;
const HOUR = 60 * 60 * 1000;

let stack: Stack;
let desk: TicketDesk;
let sweeps: Sweeps;
beforeAll(async () => {
  // Every task replays: what is not deterministic shows.
  // A doubtful second of our own write is read again so late that it is none of the sweep's calls.
  const conversation = { gather: 1100, doubt: HOUR, fetches: 15 };
  stack = await startStack({ cachedRuns: 0, policy: { slowRetry: { first: HOUR, most: HOUR }, conversation } });
  desk = ticketsOf(stack);
  sweeps = await sweepsOf(stack);
});
afterAll(async () => {
  await sweeps.stop();
  await stack.stop();
});
afterEach(() => {
  webhooks(true);
  stack.setConfig(DEFAULT_TEST_CONFIG);
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.resetKnobs();
});

/** Freshdesk's rules and Field Nation's webhook, as when nobody set them up. */
function webhooks(on: boolean): void {
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: on } });
  stack.sandbox.control.setWebhookActive(on);
}

async function dispatchedTicket(): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  const ticket = { id, workOrderId: await desk.dispatched(id) };
  await stack.sandbox.control.idle();
  await desk.settled(id);
  return ticket;
}

const act = (workOrderId: number, ...actions: Parameters<typeof stack.sandbox.control.act>[1][]): void => {
  for (const action of actions) {
    stack.sandbox.control.act(workOrderId, action);
    stack.sandbox.control.advanceClock(60_000);
  }
};
const orderStatus = (workOrderId: number): unknown =>
  (stack.sandbox.control.workOrder(workOrderId).status as Record<string, unknown>).name;
const settled = async (...ids: number[]): Promise<void> => {
  await stack.sandbox.control.idle();
  for (const id of ids) await desk.settled(id);
};

const dispatchOf = (id: number) => stack.client.workflow.getHandle(stack.workflowId(id));
async function terminated(id: number): Promise<{ runId: string }> {
  const { runId } = await dispatchOf(id).describe();
  await dispatchOf(id).terminate('the history is gone');
  await until('the index', async () => {
    const query = `WorkflowId = '${stack.workflowId(id)}' AND ExecutionStatus = 'Terminated'`;
    return (await stack.client.workflow.count(query)).count === 1;
  });
  return { runId };
}

test('after an hour without webhooks one sweep brings every ticket and work order in line and says how many', async () => {
  const done = await dispatchedTicket();
  const assigned = await dispatchedTicket();
  const closed = await dispatchedTicket();
  const deleted = await dispatchedTicket();
  const untouched = await dispatchedTicket();
  await sweeps.sweep();
  expect(await sweeps.sweep()).toMatchObject({ mended: 0 });

  webhooks(false);
  const byStatus = desk.newTicket();
  desk.trigger(byStatus);
  const byTag = desk.newTicket();
  stack.sandbox.control.updateTicket(byTag, { tags: ['on-site'] });
  const ofNoRule = desk.newTicket();
  act(done.workOrderId, 'assign', 'check-in', 'check-out', 'work-done');
  act(assigned.workOrderId, 'assign');
  stack.sandbox.control.updateTicket(closed.id, { status: CLOSED });
  stack.sandbox.control.deleteTicket(deleted.id);
  stack.sandbox.control.advanceClock(HOUR);
  webhooks(true);
  // Resolved while the sweep reads on, the ticket would be one more that changed.
  const path = `/tickets/${done.id}$`;
  const later = stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', method: 'PUT', path, kind: 'status', status: 503 },
  });

  const sweep = await sweeps.sweep();
  stack.sandbox.control.clearFaults(later);
  expect(sweep).toMatchObject({
    mended: 6,
    tickets: { started: 2, signalled: 2 },
    orders: { signalled: 2 },
    refused: [],
    unavailable: [],
    unfinished: false,
  });
  expect(await sweeps.details()).toContain('6 found');
  await desk.dispatched(byStatus);
  await desk.dispatched(byTag);
  await stack.view(done.id, 'the work to be done', (v) => v.state === 'work-done');
  await until('the ticket to be resolved with a note', () => {
    return desk.statusOf(done.id) === RESOLVED && desk.privateNotes(done.id).length > 0;
  });
  await stack.view(assigned.id, 'the assignment', (v) => v.state === 'assigned');
  await stack.view(closed.id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  await stack.view(deleted.id, 'the visit to be cancelled', (v) => v.state === 'cancelled');
  await settled(done.id, assigned.id, closed.id, deleted.id, byStatus, byTag);
  expect(['Deleted', 'Cancelled']).toContain(orderStatus(closed.workOrderId));
  expect(['Deleted', 'Cancelled']).toContain(orderStatus(deleted.workOrderId));
  expect(orderStatus(untouched.workOrderId)).toBe('Published');
  expect(desk.statusOf(closed.id)).toBe(CLOSED);
  expect(desk.ordersOf(ofNoRule)).toHaveLength(0);
  for (const id of [done.id, assigned.id, closed.id, byStatus, byTag]) expect(desk.ordersOf(id)).toHaveLength(1);
  const counted = await stack.metrics.registry.getSingleMetricAsString('deskbridge_sweep_repairs_total');
  expect(counted).toContain('deskbridge_sweep_repairs_total{what="dispatch-started"} 2');

  expect(await sweeps.sweep()).toMatchObject({ mended: 0 });
});

test('a quiet sweep tells nobody and costs three calls to Freshdesk and five to Field Nation', async () => {
  const { id } = await dispatchedTicket();
  await sweeps.sweep();
  const { control } = stack.sandbox;
  control.clearHistory();
  const result = await sweeps.sweep();
  expect(result).toMatchObject({ mended: 0, retries: 0, tickets: { checked: 0 } });
  const calls = control.history().filter((call) => !call.path.includes('oauth'));
  expect(calls.map(({ route }) => route).sort()).toEqual(
    [
      'GET /api/v1/webhooks/delivery-logs',
      'GET /tickets',
      'GET /tickets',
      'GET /tickets',
      'GET /api/v1/webhooks/',
      'GET /workorders',
      'GET /workorders',
      'GET /workorders',
    ].sort(),
  );
  expect(result.calls).toEqual({ freshdesk: 3, fieldNation: 5 });
  await desk.settled(id);
});

test('a ticket that is triggered anew while no webhook comes is a question, not a second visit', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  await desk.finish(id, workOrderId);
  webhooks(false);
  stack.sandbox.control.advanceClock(60_000);
  desk.trigger(id);
  await sweeps.sweep();
  const view = await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  expect(view.attention?.remedy).toContain(`deskbridge dispatch ${id}`);
  await sweeps.sweep();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
  // Its webhook comes after all, as Freshdesk's tries of an hour do.
  webhooks(true);
  await desk.postFreshdeskWebhook({ ticket_id: id });
  await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched' && v.attention === null);
  expect(desk.publishedOrdersOf(id)).toHaveLength(2);
});

test('a tag that stays and a reply that reopens the ticket start nothing, however often it is swept', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.updateTicket(id, { tags: ['on-site'] });
  const workOrderId = await desk.dispatched(id);
  await desk.finish(id, workOrderId);
  webhooks(false);
  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.reply(id, 'It broke again', 'requester');
  stack.sandbox.control.updateTicket(id, { status: OPEN }, 'requester');
  for (let i = 0; i < 3; i++) await sweeps.sweep();
  await desk.settled(id);
  expect(desk.ordersOf(id)).toHaveLength(1);
  expect((await stack.dispatches.view(id))?.attention).toBeNull();
});

test('work marked incomplete, and an order that was deleted, are found too', async () => {
  const back = await dispatchedTicket();
  await desk.finish(back.id, back.workOrderId);
  const gone = await dispatchedTicket();
  webhooks(false);
  stack.sandbox.control.advanceClock(60_000);
  act(back.workOrderId, 'incomplete');
  act(gone.workOrderId, 'cancel');
  expect(await sweeps.sweep()).toMatchObject({ orders: { signalled: 2 } });
  await stack.view(back.id, 'the visit to be open again', (v) => v.state === 'assigned' || v.state === 'on-site');
  await stack.view(gone.id, 'the visit to be over', (v) => v.state === 'cancelled');
  await settled(back.id, gone.id);
  expect(await sweeps.sweep()).toMatchObject({ mended: 0 });
});

test('an event that comes after the sweep has told it makes no second note', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  await sweeps.sweep();
  stack.sandbox.control.holdWebhooks();
  act(workOrderId, 'assign', 'check-in', 'work-done');
  stack.sandbox.control.setWebhookActive(false);
  stack.sandbox.control.setWebhookActive(true);
  expect(await sweeps.sweep()).toMatchObject({ orders: { signalled: 1 } });
  await until('the note', () => desk.statusOf(id) === RESOLVED && desk.privateNotes(id).length > 0);
  stack.sandbox.control.releaseWebhooks();
  await settled(id);
  expect(desk.statusOf(id)).toBe(RESOLVED);
  expect(desk.privateNotes(id)).toHaveLength(1);
  expect((await stack.dispatches.view(id))?.state).toBe('work-done');
});

test('a delivery that failed for good is found by its log, without a round over all orders', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  await sweeps.sweep();
  await sweeps.sweep();
  stack.sandbox.setDeskbridgeUrl('http://127.0.0.1:9');
  act(workOrderId, 'assign');
  await stack.sandbox.control.idle();
  const result = await sweeps.sweep();
  stack.sandbox.setDeskbridgeUrl(stack.webUrl);
  expect(result).toMatchObject({ orders: { signalled: 1 } });
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
});

test('a draft of ours whose dispatch is gone goes to a new run of it, and is neither deleted nor published', async () => {
  const id = desk.newTicket();
  stack.setConfig(`${DEFAULT_TEST_CONFIG.replace('{ createPatience', '{ afterCreate: draft, createPatience')}`);
  desk.trigger(id);
  const { workOrderId } = await stack.view(
    id,
    'the draft',
    (v) => v.workOrderStatus === 'draft' && v.state === 'dispatched',
  );
  await settled(id);
  expect(await sweeps.sweep()).toMatchObject({ takenOver: [] });
  const { runId } = await terminated(id);
  expect((await sweeps.sweep()).takenOver).toEqual([workOrderId]);
  expect(await sweeps.details()).toContain(String(workOrderId));
  await until('a new run', async () => (await dispatchOf(id).describe()).runId !== runId);
  expect((await sweeps.sweep()).takenOver).toEqual([]);
  expect(orderStatus(workOrderId ?? 0)).toBe('Draft');
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('an order in the field whose dispatch was terminated goes to a new run of it, once', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  await sweeps.sweep();
  const { runId } = await terminated(id);
  // Field Nation's lists take turns: either they or the engine's own list show it.
  let restarts = 0;
  for (let i = 0; i < 6; i++) {
    const { takenOver, restarted } = await sweeps.sweep();
    restarts += takenOver.length + restarted;
  }
  expect(restarts).toBe(1);
  expect((await dispatchOf(id).describe()).runId).not.toBe(runId);
  expect(orderStatus(workOrderId)).toBe('Published');
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('a dispatch that waits for a person and is terminated gets a new run by a sweep, though nothing changes at its ticket', async () => {
  const id = desk.newTicket({ custom_fields: { cf_site_city: null } });
  desk.trigger(id);
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'mapping');
  await sweeps.sweep();
  const { runId } = await terminated(id);
  expect(await sweeps.sweep()).toMatchObject({ restarted: 1, mended: 1 });
  await until('a new run', async () => (await dispatchOf(id).describe()).runId !== runId);
  await stack.view(id, 'the same question', (v) => v.attention?.reason === 'mapping');
  expect(await sweeps.sweep()).toMatchObject({ restarted: 0 });
});

test('a new ticket that cannot be found at first is looked for again, though its change is long listed', async () => {
  const id = desk.newTicket();
  const path = `/tickets/${id}$`;
  const hidden = stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', method: 'GET', path, kind: 'status', status: 404 },
  });
  desk.trigger(id);
  await stack.view(id, 'the ticket not to be found', (v) => v.state === 'skipped');
  await until('the sweep to keep it', async () =>
    (await sweeps.sweep()).marks.unseen.some(({ ticketId }) => ticketId === id),
  );
  stack.sandbox.control.clearFaults(hidden);
  await sweeps.sweep();
  await desk.dispatched(id);
  await until('it to be let go', async () => (await sweeps.sweep()).marks.unseen.length === 0);
  expect(desk.ordersOf(id)).toHaveLength(1);
});

test('while a key is refused the sweep is the probe; once it works again it asks what waits to try again', async () => {
  const { control } = stack.sandbox;
  const { id, workOrderId } = await dispatchedTicket();
  control.setKnobs({ freshdesk: { forbidden: true } });
  act(workOrderId, 'assign', 'check-in', 'work-done');
  await stack.view(id, 'attention', (v) => v.attention?.reason === 'unauthorized');
  await desk.settled(id);
  control.clearHistory();
  expect(await sweeps.sweep()).toMatchObject({ refused: ['freshdesk'], retries: 0, calls: { freshdesk: 1 } });
  expect(await sweeps.details()).toContain('Freshdesk refused the key');
  control.setKnobs({ freshdesk: { forbidden: false } });
  await until('the attention to be found', async () => (await sweeps.sweep()).retries === 1);
  await until('the ticket to be resolved', () => desk.statusOf(id) === RESOLVED);
  const view = await stack.view(id, 'the attention to end', (v) => v.attention === null);
  expect(view.timeline.map(({ what }) => what)).toContain('Retry');
});

test('a working key answers no question that was put to a person', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  act(workOrderId, 'assign');
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
  stack.sandbox.control.updateTicket(id, { status: CLOSED });
  await stack.starter.ticketChanged(id);
  await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
  await stack.client.workflow.getHandle(stack.workflowId(id)).signal('retry', { only: 'unauthorized' });
  await desk.settled(id);
  expect((await stack.dispatches.view(id))?.attention?.reason).toBe('decision');
});

test.each([
  { listModel: 'ids' },
  { deletedReadable: false },
  { searchLagMs: 60_000 },
  { stringIds: true, utcForm: 'iso', absentValues: 'empty' },
  { unknownOrderStatus: 401 },
  { apiChangesEcho: false },
] as const)('finds work that is done, and an order that is gone, with %j too', async (knobs) => {
  stack.sandbox.control.setKnobs({ fieldNation: knobs });
  const done = await dispatchedTicket();
  const gone = await dispatchedTicket();
  webhooks(false);
  stack.sandbox.control.advanceClock(120_000);
  act(done.workOrderId, 'assign', 'check-in', 'work-done');
  act(gone.workOrderId, 'cancel');
  stack.sandbox.control.advanceClock(120_000);
  const stateOf = async ({ id }: { id: number }): Promise<string | undefined> =>
    (await stack.dispatches.view(id))?.state;
  // The lists of Temporal lag behind a little, and what a sweep does not see is for the next one.
  await until('the work to be done and the visit to be over', async () => {
    await sweeps.sweep();
    return (await stateOf(done)) === 'work-done' && (await stateOf(gone)) === 'cancelled';
  });
  await until('the ticket to be resolved with its note', () => {
    return desk.statusOf(done.id) === RESOLVED && desk.privateNotes(done.id).length === 1;
  });
});
