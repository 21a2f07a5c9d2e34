/** The Schedule behind `reconcile`: one per account, whoever makes it, and its marks stay (interface 3 and 5). */
import { startStack, type Stack } from '../helpers/stack';
import { sweepsOf } from '../helpers/sweeps';
import { ensureReconcileSchedule } from '../../src/temporal/schedules';
import { FIELD_SERVICE_REQUIRED, OPEN, ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';

let stack: Stack;
const deps = (interval: number, now?: number) => ({
  ...{ client: stack.client, account: stack.account, interval },
  callsPerMinute: { freshdesk: 50, fieldNation: 60 },
  ...(now === undefined ? {} : { now: () => now }),
});
const describe = () => stack.client.schedule.getHandle(`reconcile-${stack.account}`).describe();
const inputOf = async (): Promise<Record<string, unknown>> => (await describe()).action.args?.[0] as never;

/** Schedules fire at whole multiples of their interval too: at a minute's end a sweep of its own could come between. */
const HOUR_MS = 3_600_000;

beforeEach(async () => {
  stack = await startStack();
});
afterEach(async () => {
  await stack.client.schedule
    .getHandle(`reconcile-${stack.account}`)
    .delete()
    .catch(() => undefined);
  await stack.stop();
});

test('processes that make it at the same moment make one, with the settings of all of them', async () => {
  await Promise.all(Array.from({ length: 5 }, () => ensureReconcileSchedule(deps(600_000))));
  const { spec, policies, state, action } = await describe();
  expect(spec.intervals).toEqual([expect.objectContaining({ every: 600_000 })]);
  expect(policies.overlap).toBe('SKIP');
  // One sweep that an outage of the engine kept from running comes as soon as it is back.
  expect(policies.catchupWindow).toBe(660_000);
  expect(state.paused).toBe(false);
  expect(action).toMatchObject({ workflowType: 'reconcile', workflowId: `reconcile-${stack.account}` });
});

test('another interval changes it, and since when tickets are ours stays', async () => {
  await ensureReconcileSchedule(deps(600_000, Date.parse('2026-01-01T00:00:00Z')));
  await ensureReconcileSchedule(deps(15_000, Date.parse('2026-02-01T00:00:00Z')));
  expect((await describe()).spec.intervals?.[0]?.every).toBe(15_000);
  expect(await inputOf()).toMatchObject({ since: '2026-01-01T00:00:00.000Z', interval: 15_000 });
});

test('0 makes none and stops the one that is there; another interval starts it again with its marks', async () => {
  await ensureReconcileSchedule(deps(0));
  await expect(describe()).rejects.toThrow();
  const sweeps = await sweepsOf(stack, { callsPerMinute: { freshdesk: 1, fieldNation: 1 }, interval: HOUR_MS });
  const { marks } = await sweeps.sweep();
  await ensureReconcileSchedule(deps(0));
  expect((await describe()).state.paused).toBe(true);
  await ensureReconcileSchedule({ ...deps(HOUR_MS), callsPerMinute: { freshdesk: 1, fieldNation: 1 } });
  expect((await describe()).state.paused).toBe(false);
  const next = await sweeps.sweep();
  // Six calls of the two sweeps are gone from the budget, and no change of settings brings them back.
  expect(next.marks.left.freshdesk).toBeLessThan(marks.left.freshdesk);
  expect(next.marks.tickets.changed).toEqual(marks.tickets.changed);
});

test('a pause by a person stays when a process starts anew', async () => {
  await ensureReconcileSchedule(deps(600_000));
  await stack.client.schedule.getHandle(`reconcile-${stack.account}`).pause('Freshdesk is being moved');
  await ensureReconcileSchedule(deps(300_000));
  expect((await describe()).state).toMatchObject({ paused: true, note: 'Freshdesk is being moved' });
});

test('a pause by a person outlives being switched off and on again', async () => {
  await ensureReconcileSchedule(deps(600_000));
  await stack.client.schedule.getHandle(`reconcile-${stack.account}`).pause('Freshdesk is being moved');
  await ensureReconcileSchedule(deps(0));
  await ensureReconcileSchedule(deps(600_000));
  expect((await describe()).state).toMatchObject({ paused: true, note: 'Freshdesk is being moved' });
});

test('it sweeps by itself', async () => {
  await ensureReconcileSchedule(deps(1000));
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  const id = Number(stack.sandbox.control.createTicket({ tags: ['on-site'] }).id);
  await stack.view(id, 'the dispatch', (v) => v.state === 'dispatched');
  await until('several sweeps', async () => (await describe()).info.numActionsTaken > 1);
});

test('a budget that is used up is gone on with: nothing is asked, nothing forgotten', async () => {
  const desk = ticketsOf(stack);
  // A tenth of a call a minute: what is saved up at most is ten calls, and next to nothing comes between two sweeps.
  const few = { callsPerMinute: { freshdesk: 1, fieldNation: 1 }, interval: HOUR_MS };
  const sweeps = await sweepsOf(stack, few);
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  for (let i = 0; i < 2; i++) await sweeps.sweep();
  const [found, late] = [desk.newTicket(), desk.newTicket()];
  desk.trigger(found);
  // Two calls stay for what follows the lists.
  const last = await sweeps.sweep();
  expect(last).toMatchObject({ mended: 1, unfinished: true, calls: { freshdesk: 2 } });
  desk.trigger(late);
  const empty = await sweeps.sweep();
  expect(empty).toMatchObject({ mended: 0, unfinished: true, calls: { freshdesk: 0, fieldNation: 0 } });
  expect(empty.marks.tickets).toEqual(last.marks.tickets);
  expect(stack.calls('GET /tickets')).toBe(8);

  await ensureReconcileSchedule({ ...deps(HOUR_MS), callsPerMinute: { freshdesk: 10_000, fieldNation: 10_000 } });
  await until('the ticket to be found', async () => (await sweeps.sweep()).mended === 1);
  for (const id of [found, late]) await desk.dispatched(id);
});

test('more tickets than a page holds are all found, though each that is found changes', async () => {
  const desk = ticketsOf(stack);
  const sweeps = await sweepsOf(stack);
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  // Longer than the overlap: only paging can find them.
  stack.sandbox.control.advanceClock(60 * 60 * 1000);
  const ids = Array.from({ length: 230 }, (_, i) => {
    // Many in one second, then some in others.
    if (i > 150) stack.sandbox.control.advanceClock(1000);
    return desk.newTicket({ status: i % 46 === 0 ? FIELD_SERVICE_REQUIRED : OPEN });
  });
  const result = await sweeps.sweep();
  expect(result.tickets.started).toBe(5);
  // One that was linked before the last page came has changed once more.
  expect(result.mended).toBe(5 + result.tickets.signalled);
  expect(result.tickets.listed).toBeGreaterThanOrEqual(230);
  for (const id of ids.filter((_, i) => i % 46 === 0)) await desk.dispatched(id);
});
