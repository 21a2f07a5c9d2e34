/** The sweep under hostile conditions: the first one of an old account, lost schedules, refused rights, many at once. */
import { ScheduleOverlapPolicy } from '@temporalio/client';
import { ensureReconcileSchedule } from '../../src/temporal/schedules';
import type { ReconcileResult } from '../../src/contract/reconcile';
import { FAST_POLICY, UNLIMITED_ORDERS, startStack, type Stack } from '../helpers/stack';
import { sweepsOf, type Sweeps } from '../helpers/sweeps';
import { FIELD_SERVICE_REQUIRED, RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const CLOSED = 5;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let stack: Stack;
let desk: TicketDesk;
let sweeps: Sweeps;
beforeEach(async () => {
  stack = await startStack({
    config: UNLIMITED_ORDERS,
    policy: { slowRetry: { first: HOUR, most: HOUR }, conversation: { ...FAST_POLICY.conversation, doubt: HOUR } },
  });
  desk = ticketsOf(stack);
});
afterEach(async () => {
  await sweeps.stop().catch(() => undefined);
  await stack.stop();
});

function webhooks(on: boolean): void {
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: on } });
  stack.sandbox.control.setWebhookActive(on);
}

async function dispatchedTicket(): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  return { id, workOrderId };
}

/** One after the other: each look is a task of the workflow's, and all at once would hold up what they wait for. */
async function every(ids: number[], state: string): Promise<void> {
  for (const id of ids) await stack.view(id, state, (view) => view.state === state);
}

/** The marks of a sweep long ago, as Freshdesk's clock sees it. */
const inTwoHours = (): number => Date.now() + 2 * HOUR;

test('the first sweep of an old account starts nothing for tickets that matched before, however many', async () => {
  webhooks(false);
  for (let i = 0; i < 120; i++) desk.newTicket({ tags: ['on-site'] });
  for (let i = 0; i < 120; i++) desk.newTicket({ status: FIELD_SERVICE_REQUIRED });
  // Somebody set the account up a moment ago.
  const touched = desk.newTicket();
  stack.sandbox.control.updateTicket(touched, { tags: ['on-site'] });
  sweeps = await sweepsOf(stack, { now: () => Date.now() + 2000 });
  for (let i = 0; i < 2; i++) expect(await sweeps.sweep()).toMatchObject({ mended: 0, tickets: { started: 0 } });
  stack.sandbox.control.advanceClock(MINUTE);
  // What changes from now on is Deskbridge's business; what is over is nobody's.
  const closed = desk.newTicket({ tags: ['on-site'] });
  stack.sandbox.control.updateTicket(closed, { status: CLOSED });
  const resolved = desk.newTicket({ tags: ['on-site'] });
  stack.sandbox.control.updateTicket(resolved, { status: RESOLVED });
  const fresh = desk.newTicket({ tags: ['on-site'] });
  expect(await sweeps.sweep()).toMatchObject({ mended: 1, tickets: { started: 1 } });
  await desk.dispatched(fresh);
  expect(stack.sandbox.control.workOrders()).toHaveLength(1);
});

test('a schedule that was deleted and made anew goes on from the marks of the sweep before', async () => {
  sweeps = await sweepsOf(stack);
  await sweeps.sweep();
  webhooks(false);
  stack.sandbox.control.advanceClock(MINUTE);
  const id = desk.newTicket();
  desk.trigger(id);
  await sweeps.stop();
  await ensureReconcileSchedule({
    ...{ client: stack.client, account: stack.account, interval: HOUR },
    ...{ callsPerMinute: { freshdesk: 50, fieldNation: 60 }, now: inTwoHours },
  });
  sweeps = await sweepsOf(stack);
  expect(await sweeps.sweep()).toMatchObject({ tickets: { started: 1 } });
  await desk.dispatched(id);
});

test('a run that was terminated loses neither the marks nor what it was about to find', async () => {
  sweeps = await sweepsOf(stack);
  await sweeps.sweep();
  const { marks } = await sweeps.sweep();
  webhooks(false);
  stack.sandbox.control.advanceClock(HOUR);
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.stopWorkers();
  const schedule = stack.client.schedule.getHandle(`reconcile-${stack.account}`);
  await schedule.trigger(ScheduleOverlapPolicy.SKIP);
  await until('the run to be there', async () => (await schedule.describe()).info.runningActions.length > 0);
  const [running] = (await schedule.describe()).info.runningActions;
  await stack.client.workflow.getHandle(running?.workflow.workflowId ?? '').terminate('a person had enough');
  await until('the schedule to notice', async () => (await schedule.describe()).info.runningActions.length === 0);
  await stack.startWorkers();
  const next = await sweeps.sweep();
  expect(next).toMatchObject({ tickets: { started: 1 } });
  expect(next.marks.begin).toBe(marks.begin);
  await desk.dispatched(id);
});

test('a key without rights to the webhooks of Field Nation still has every order checked', async () => {
  const { id, workOrderId } = await dispatchedTicket();
  sweeps = await sweepsOf(stack);
  webhooks(false);
  stack.sandbox.control.act(workOrderId, 'assign');
  stack.sandbox.control.addFault({ system: 'field-nation', path: '/api/v1/webhooks', kind: 'status', status: 403 });
  expect(await sweeps.sweep()).toMatchObject({ refused: [], orders: { signalled: 1 } });
  await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
});

test('a thousand tickets that change while the budget is small hold up nothing behind them', async () => {
  // Ten calls a sweep at most, and a call a second comes back.
  const few = { callsPerMinute: { freshdesk: 600, fieldNation: 600 }, interval: 5000 };
  await ensureReconcileSchedule({ ...few, client: stack.client, account: stack.account, interval: 24 * HOUR });
  sweeps = await sweepsOf(stack, { ...few, interval: 5000 });
  await stack.client.schedule.getHandle(`reconcile-${stack.account}`).pause('by hand only');
  webhooks(false);
  for (let batch = 0; batch < 12; batch++) {
    for (let i = 0; i < 100; i++) desk.newTicket();
    stack.sandbox.control.advanceClock(15_000);
  }
  const id = desk.newTicket();
  desk.trigger(id);
  await until('the ticket behind all of them to be found', async () => (await sweeps.sweep()).tickets.started === 1);
  await desk.dispatched(id);
});

test('while the webhook was off for an hour, sixty tickets and sixty orders come in line within a few sweeps', async () => {
  const MANY = 60;
  stack.setConfig(UNLIMITED_ORDERS);
  const before = Array.from({ length: MANY }, () => {
    const id = desk.newTicket();
    desk.trigger(id);
    return id;
  });
  await every(before, 'dispatched');
  const moved = await Promise.all(
    before.map(async (id) => ({ id, workOrderId: (await stack.dispatches.view(id))?.workOrderId ?? 0 })),
  );
  await stack.sandbox.control.idle();
  sweeps = await sweepsOf(stack);
  await sweeps.sweep();

  webhooks(false);
  stack.sandbox.control.advanceClock(MINUTE);
  const triggered = Array.from({ length: MANY }, () => {
    const id = desk.newTicket();
    desk.trigger(id);
    return id;
  });
  for (const { workOrderId } of moved) {
    for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) {
      stack.sandbox.control.act(workOrderId, action);
    }
  }
  stack.sandbox.control.advanceClock(HOUR);
  webhooks(true);

  const results: ReconcileResult[] = [];
  const sum = (of: (result: ReconcileResult) => number): number => results.reduce((all, one) => all + of(one), 0);
  while (
    results.length < 5 &&
    (sum(({ tickets }) => tickets.started) < MANY || sum(({ orders }) => orders.signalled) < MANY)
  ) {
    results.push(await sweeps.sweep());
    expect(await sweeps.details()).toContain(`${results.at(-1)?.mended} found`);
  }
  expect([sum(({ tickets }) => tickets.started), sum(({ orders }) => orders.signalled)]).toEqual([MANY, MANY]);
  // A ticket that its own dispatch writes at that very moment may be looked at once more.
  expect(sum(({ mended }) => mended)).toBeGreaterThanOrEqual(2 * MANY);
  await every(before, 'work-done');
  await every(triggered, 'dispatched');
  for (const id of before) {
    await until(`ticket ${id} to be resolved with one note`, () => {
      return desk.statusOf(id) === RESOLVED && desk.privateNotes(id).length === 1;
    });
  }
  for (const id of triggered) expect(desk.publishedOrdersOf(id)).toHaveLength(1);
  for (const { id } of moved) expect(desk.ordersOf(id)).toHaveLength(1);
  await stack.sandbox.control.idle();
  for (const id of [...before, ...triggered]) await desk.settled(id);
  expect(await sweeps.sweep()).toMatchObject({ mended: 0 });
}, 1_200_000);
