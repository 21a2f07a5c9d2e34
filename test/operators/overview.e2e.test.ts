/** The numbers of the status page, counted by the real engine. */
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common';
import { contactsOf } from '../helpers/contacts';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';
import { createOverview, type Overview, type Tiles } from '../../src/temporal/overview';

let stack: Stack;
let overview: Overview;
beforeAll(async () => {
  stack = await startStack();
  overview = createOverview({ client: stack.client, account: stack.account, deadlineMs: DEADLINE_MS });
});
afterAll(() => stack.stop());

const tilesWhen = async (holds: (tiles: Tiles) => boolean): Promise<Tiles> => {
  let last: Tiles | null = null;
  await until(
    'the tiles',
    async () => holds((last = await overview.tiles())),
    () => JSON.stringify(last),
  );
  return last as unknown as Tiles;
};

/** A dispatch of another account in the same namespace, that is not ours to count. */
const startNeighbour = () =>
  stack.client.workflow.start('ticketDispatch', {
    workflowId: `dispatch-other-${stack.account}-1`,
    taskQueue: 'nobody-works-here',
    typedSearchAttributes: new TypedSearchAttributes([
      { key: defineSearchAttributeKey('DeskbridgeState', 'KEYWORD'), value: 'attention' },
      { key: defineSearchAttributeKey('DeskbridgeAttention', 'KEYWORD'), value: 'mapping' },
      { key: defineSearchAttributeKey('DeskbridgeTriggeredAt', 'DATETIME'), value: new Date() },
    ]),
  });

test('counts what is open, stuck, done and cancelled, of this account only', async () => {
  const begin = Date.now();
  const desk = ticketsOf(stack);
  const neighbour = await startNeighbour();

  const [open, stuck, done, cancelled] = [{}, { custom_fields: { cf_site_address: null } }, {}, {}].map((patch) => {
    const id = desk.newTicket(patch);
    desk.trigger(id);
    return id;
  }) as [number, number, number, number];
  await stack.view(stuck, 'an attention', (v) => v.attention !== null);
  await desk.dispatched(open);
  await desk.finish(done, await desk.dispatched(done));
  await desk.dispatched(cancelled);
  await stack.starter.cancel(cancelled, 'Not needed');
  await stack.view(cancelled, 'the cancellation', (v) => v.state === 'cancelled');
  stack.sandbox.control.addFault({ system: 'freshdesk', path: '/contacts', kind: 'status', status: 403 });
  await contactsOf(stack).signUp({ name: 'Ann', email: 'ann@example.com' });

  const tiles = await tilesWhen(
    ({ contactsWaiting, week, attention, open: stillOpen, doneToday }) =>
      contactsWaiting === 1 && attention === 1 && week.cancelled === 1 && stillOpen === 2 && doneToday === 1,
  );
  expect(tiles).toEqual({
    ...{ open: 2, attention: 1, doneToday: 1, week: { done: 1, cancelled: 1 }, contactsWaiting: 1, sweep: null },
    watched: null,
    troubles: { upstream: {}, refused: {}, sweeps: { failed: 0, runningSince: null }, alerts: null },
    oldestWaiting: { ticketId: stuck, since: expect.any(String) },
  });
  const since = Date.parse(tiles.oldestWaiting?.since ?? '');
  expect(since).toBeGreaterThanOrEqual(begin);
  expect(since).toBeLessThanOrEqual(Date.now());

  const { hours, untilOrder, withoutOrder } = await overview.trends();
  expect(hours).toHaveLength(24);
  expect(hours.slice(-2).reduce((sum, { count }) => sum + count, 0)).toBe(4);
  expect(untilOrder).toHaveLength(3);
  expect(withoutOrder).toBe(1);
  for (const ms of untilOrder) expect(ms).toBeGreaterThan(0);
  await neighbour.terminate();
  stack.sandbox.control.clearFaults();
});

test('a new visit is asked for anew, and work marked incomplete is not done any more', async () => {
  const desk = ticketsOf(stack);
  const id = desk.newTicket();
  const timesOf = async () => (await stack.dispatches.rows({ ticketId: id, limit: 1 })).rows[0];
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await desk.finish(id, order);
  await until('the end', async () => (await timesOf())?.endedAt !== null);
  const first = await timesOf();
  // Within one second two equal news look like one.
  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.act(order, 'incomplete');
  await until('the work to be open again', async () => (await timesOf())?.endedAt === null);
  expect((await timesOf())?.triggeredAt).toBe(first?.triggeredAt);

  stack.sandbox.control.advanceClock(60_000);
  stack.sandbox.control.act(order, 'work-done');
  await until('the end again', async () => (await timesOf())?.endedAt !== null);
  await stack.starter.dispatchVisit(id);
  await until('the second visit', async () => (await timesOf())?.dispatch.visit === 2);
  await until('its order', async () => ((await timesOf())?.dispatch.workOrderId ?? order) !== order);
  const second = await timesOf();
  expect(Date.parse(second?.triggeredAt ?? '')).toBeGreaterThan(Date.parse(first?.triggeredAt ?? ''));
  expect(second?.endedAt).toBeNull();
});

test('the month counts visits by the day of their start: come to in time, missed, backed out of, with problems', async () => {
  const desk = ticketsOf(stack);
  const start = Math.ceil(Date.now() / 60_000) * 60_000 + 9 * 24 * 60 * 60_000;
  const patch = { due_by: new Date(start).toISOString().replace('.000', '') };
  const [came, missed] = [await desk.assigned(patch), await desk.assigned(patch)];
  const { control } = stack.sandbox;
  control.act(came.workOrderId, 'problem');
  control.act(came.workOrderId, 'check-in');
  control.act(missed.workOrderId, 'cancel-assignment');
  await stack.view(came.id, 'the technician on site', ({ state }) => state === 'on-site');
  await stack.view(missed.id, 'the end of the assignment', ({ state }) => state === 'dispatched');
  const at = start + 60 * 60_000;
  const later = createOverview({ ...stack, deadlineMs: DEADLINE_MS, now: () => at });
  let day: object | undefined;
  await until(
    'the index',
    async () => {
      const { days, more } = await later.month();
      expect([days.length, more]).toEqual([30, false]);
      day = days.find(({ from }) => from.slice(0, 10) === patch.due_by.slice(0, 10));
      return day !== undefined && 'backOuts' in day && day.backOuts === 1 && 'problems' in day && day.problems === 1;
    },
    () => JSON.stringify(day),
  );
  expect(day).toMatchObject({ onTime: 1, late: 1, open: 0, backOuts: 1, problems: 1 });
});

test('what the API lists has no milestones: its object is a promise', async () => {
  const answer = await fetch(`${stack.webUrl}/api/dispatches?limit=1`);
  const { items } = (await answer.json()) as { items: object[] };
  expect(Object.keys(items[0] ?? {}).sort()).toEqual([
    ...['account', 'attention', 'correlationId', 'links', 'nextAttemptAt', 'state', 'ticketId', 'visit'],
    ...['waitingFor', 'workOrderId', 'workOrderStatus'],
  ]);
});
