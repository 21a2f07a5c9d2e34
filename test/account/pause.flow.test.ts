/** Pause and the sliding hour against the real server: durable, the same for every process, read without a worker. */
import { createDispatching, type Dispatching } from '../../src/temporal/dispatching';
import { createMoneyGate } from '../../src/temporal/money-gate';
import { ensureReconcileSchedule } from '../../src/temporal/schedules';
import { DEFAULT_DISPATCHING_POLICY } from '../../src/contract/policy';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
/** Another process. */
let other: Dispatching;
const gateOf = (dispatching: Dispatching) =>
  createMoneyGate({ client: stack.client, account: stack.account, dispatching, deadlineMs: DEADLINE_MS });
const run = () => stack.client.workflow.getHandle(`dispatching-${stack.account}`);
const schedule = () => stack.client.schedule.getHandle(`reconcile-${stack.account}`);
const eventCount = async (): Promise<number> => (await run().fetchHistory()).events?.length ?? 0;

beforeEach(async () => {
  stack = await startStack();
  other = createDispatching({ client: stack.client, account: stack.account, deadlineMs: DEADLINE_MS });
});
afterEach(async () => {
  await schedule()
    .delete()
    .catch(() => undefined);
  await stack.stop();
});
const sweptRarely = async (): Promise<void> => {
  await ensureReconcileSchedule({
    ...{ client: stack.client, account: stack.account, interval: 86_400_000 },
    callsPerMinute: { freshdesk: 50, fieldNation: 60 },
  });
  await stack.dispatching.keepMissingCopy();
};

test('a pause that was answered is seen by every process at once, also without workers, and costs no event to read', async () => {
  const gate = gateOf(other);
  expect(await gate.pause()).toEqual({ paused: false, reason: null, by: null, since: null });
  const answered = await stack.dispatching.pause({ reason: 'storm', by: 'ann' });
  expect(answered).toEqual({ paused: true, reason: 'storm', by: 'ann', since: expect.any(String) });
  expect(await gate.pause()).toEqual(answered);
  await stack.stopWorkers();
  const before = await eventCount();
  for (let i = 0; i < 20; i++) expect(await gate.pause()).toEqual(answered);
  expect((await other.state()).pause).toEqual(answered);
  expect(await eventCount()).toBe(before);
  await stack.startWorkers();
  expect(await other.resume('bob')).toMatchObject({ paused: false });
  expect((await gate.pause()).paused).toBe(false);
});

test('without a worker nobody is told that dispatching is paused', async () => {
  await stack.dispatching.ensure();
  await stack.stopWorkers();
  const impatient = createDispatching({ client: stack.client, account: stack.account, deadlineMs: 500 });
  await expect(impatient.pause({ reason: 'storm' })).rejects.toThrow('Temporal did not answer in time');
});

test('a run that was terminated comes anew as paused as it was', async () => {
  await stack.dispatching.pause({ reason: 'storm' });
  await gateOf(other).admit('FD-acme-1-1', 10);
  await run().terminate('by mistake');
  expect((await gateOf(other).pause()).reason).toBe('storm');
  expect((await other.state()).pause.reason).toBe('storm');
});

test('a run that was reset to before the pause is paused', async () => {
  await sweptRarely();
  await stack.dispatching.pause({ reason: 'storm' });
  const { runId } = await run().describe();
  const { events } = await run().fetchHistory();
  const first = events?.find(({ workflowTaskCompletedEventAttributes: completed }) => completed);
  await stack.client.workflowService.resetWorkflowExecution({
    namespace: stack.client.options.namespace,
    workflowExecution: { workflowId: run().workflowId, runId },
    workflowTaskFinishEventId: first?.eventId ?? null,
    requestId: 'reset',
    reason: 'an operator was curious',
  });
  expect((await other.state()).pause.reason).toBe('storm');
  expect((await gateOf(other).pause()).reason).toBe('storm');
});

test('the second copy follows, stays through changes of the schedule, and holds where the run is gone for good', async () => {
  await sweptRarely();
  await stack.dispatching.pause({ reason: 'storm' });
  await until('the second copy', async () => {
    const { dispatching } = ((await schedule().describe()).action.memo ?? {}) as {
      dispatching?: { pause: { paused: boolean } };
    };
    return dispatching?.pause.paused === true;
  });
  await ensureReconcileSchedule({
    ...{ client: stack.client, account: stack.account, interval: 43_200_000 },
    callsPerMinute: { freshdesk: 50, fieldNation: 60 },
  });
  await run().terminate('gone');
  await stack.client.workflowService.deleteWorkflowExecution({
    namespace: stack.client.options.namespace,
    workflowExecution: { workflowId: run().workflowId },
  });
  await until('the run to be gone', () =>
    run()
      .describe()
      .then(
        () => false,
        () => true,
      ),
  );
  expect((await gateOf(other).pause()).reason).toBe('storm');
});

test('a run that goes on as a new one stays paused and keeps its count', async () => {
  await stack.stop();
  stack = await startStack({ dispatching: { ...DEFAULT_DISPATCHING_POLICY, updatesPerRun: 3 } });
  const { runId } = await stack.dispatching.ensure().then(() => run().describe());
  const gate = gateOf(stack.dispatching);
  for (let i = 1; i <= 7; i++) expect(await gate.admit(`FD-acme-${i}-1`, 7)).toBe('admitted');
  await stack.dispatching.pause({ reason: 'storm' });
  await until('a new run', async () => (await run().describe()).runId !== runId);
  expect((await gate.pause()).reason).toBe('storm');
  expect(await gate.admit('FD-acme-8-1', 7)).toBe('over');
});

test('no more orders are let through in an hour than the limit, over all processes, and each once', async () => {
  const gates = [gateOf(stack.dispatching), gateOf(other), gateOf(other)];
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => (await gates[i % 3]?.admit(`FD-acme-${i}-1`, 30)) ?? 'over'),
  );
  expect(answers.filter((answer) => answer === 'admitted')).toHaveLength(30);
  expect(await gates[0]?.admit('FD-acme-0-1', 30)).toBe('admitted');
  expect(await gates[0]?.admit('FD-acme-99-1', 30)).toBe('over');
  expect(await gates[0]?.admit('FD-acme-99-1', null)).toBe('admitted');
});

test('a burst costs the engine little more than an event an order, and a refusal none', async () => {
  const gate = gateOf(stack.dispatching);
  await stack.dispatching.ensure();
  const events: Record<string, number> = {};
  for (const [name, limit, tries] of [
    ['limit 100', 100, 100],
    ['refused', 100, 100],
    ['no limit', null, 100],
  ] as const) {
    const before = await eventCount();
    for (let i = 0; i < tries; i++) await gate.admit(`FD-acme-${name}-${i}`, limit);
    events[name] = (await eventCount()) - before;
  }
  process.stderr.write(`events of dispatching per 100 orders: ${JSON.stringify(events)}\n`);
  expect(events['limit 100']).toBeLessThanOrEqual(125);
  expect(events['refused']).toBe(0);
  expect(events['no limit']).toBeLessThanOrEqual(125);
});
