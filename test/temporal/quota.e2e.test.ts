/**
 * All processes together stay within the Freshdesk quota, counted in credits, and leave little of it idle while work waits.
 * One whole minute has to pass: that is the quota's window.
 */
import { Connection } from '@temporalio/client';
import { registerSearchAttributes } from '../../engine';
import { taskQueues } from '../../src/contract/names';
import { DEFAULT_POLICY } from '../../src/contract/policy';
import type { HistoryEntry } from '../../sandbox/history';
import { startStack, type Stack } from '../helpers/stack';
import { watchStalls } from '../helpers/stalls';
import { until } from '../helpers/until';

const QUOTA = 600;
const MINUTE = 60_000;
const PROCESSES = 3;
/** Of a ticket with its embeds 4 credits, of one that is not there 1: a dozen more than the minute has. */
const LOOKS = 360;
const DAY = 24 * 60 * 60;

let stack: Stack;
beforeAll(async () => {
  // Workers of other tests, seen until lately, would have their share as well.
  const namespace = `quota-${process.pid}`;
  await makeNamespace(namespace);
  stack = await startStack({ namespace, withoutWorkers: true, freshdeskCallsPerMinute: QUOTA });
  stack.sandbox.control.setKnobs({ freshdesk: { quotaPerMinute: QUOTA, rulesEnabled: false } });
});
afterAll(() => stack.stop());

test('three processes use the quota up and hardly meet a 429, whatever their calls cost', async () => {
  // One by one: others use this server, too.
  for (let i = 0; i < LOOKS; i++) await look(i % 2 === 0 ? ticket() : MISSING + i, 'many');
  await Promise.all(Array.from({ length: PROCESSES }, () => stack.startWorkers()));

  await until('the first call', () => calls().length > 0);
  const stalls = watchStalls();
  const first = startOf(calls()[0] as HistoryEntry);
  const end = first + MINUTE;
  await until('the end of the minute', () => Date.now() > end, undefined, MINUTE);

  const stalled = stalls.ms();
  stalls.stop();
  const within = calls().filter((call) => startOf(call) < end);
  const answered = within.filter((call) => call.status !== 429);
  expect(within.length).toBeLessThan(LOOKS * 0.9);
  expect(within.length - answered.length).toBeLessThanOrEqual(within.length / 100);
  expect(answered.reduce((sum, call) => sum + call.credits, 0)).toBeGreaterThanOrEqual(
    0.8 * QUOTA * (1 - stalled / MINUTE),
  );
  // A ticket that comes alone still comes before most of what waits.
  const urgentId = ticket();
  const urgent = await look(urgentId, 'one');
  const before = calls().length;
  await urgent.result();
  const place = calls().findIndex(({ path }) => path.includes(`/tickets/${urgentId}`));
  expect(place).toBeGreaterThan(0);
  expect(place - before).toBeLessThan((LOOKS - before) / 2);
});

const calls = (): HistoryEntry[] => stack.sandbox.control.history().filter((call) => call.system === 'freshdesk');
const startOf = (call: HistoryEntry): number => Date.parse(call.at);

const MISSING = 1_000_000;
const ticket = (): number => Number(stack.sandbox.control.createTicket().id);

/** A dispatch whose ticket matches no rule or is not there: one look, and it ends. */
function look(ticketId: number, fairnessKey: string) {
  const { account } = stack;
  return stack.client.workflow.start('ticketDispatch', {
    ...{ workflowId: stack.workflowId(ticketId), taskQueue: taskQueues(account).workflows, priority: { fairnessKey } },
    args: [{ account, ticketId, policy: { ...DEFAULT_POLICY, incomplete: [] } }],
  });
}

async function makeNamespace(namespace: string): Promise<void> {
  const connection = await Connection.connect({ address: process.env.TEST_TEMPORAL_ADDRESS ?? '' });
  try {
    const { workflowService } = connection;
    await workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: DAY as never },
    });
    await until('the namespace', () =>
      workflowService.countWorkflowExecutions({ namespace }).then(
        () => true,
        () => false,
      ),
    );
    await registerSearchAttributes(connection, namespace);
  } finally {
    await connection.close();
  }
}
