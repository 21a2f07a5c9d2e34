/** What `/metrics` says, against the real server and the sandbox. */
import { createStanding } from '../../src/temporal/standing';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { watchOf } from '../helpers/alerts';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
  const { client, account } = stack;
  stack.metrics.showStanding(createStanding({ client, account, deadlineMs: DEADLINE_MS, keepMs: 400 }));
});
afterAll(() => stack.stop());

const page = async (): Promise<string> => (await fetch(`${stack.webUrl}/metrics`)).text();
/** The value of one series; null when it is not there. */
const valueOf = (text: string, series: string): number | null => {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length));
};
/** The index lags behind by a moment. */
const comesTo = (series: string, holds: (value: number | null) => boolean): Promise<void> => {
  let last = '';
  return until(
    series,
    async () => holds(valueOf((last = await page()), series)),
    () => last,
  );
};

test('a dispatch shows as a state, a time to its work order and calls by code, and its webhook by route', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  await comesTo('deskbridge_dispatches{state="dispatched"}', (value) => value === 1);
  const text = await page();
  expect(valueOf(text, 'deskbridge_time_to_work_order_seconds_count')).toBe(1);
  expect(valueOf(text, 'deskbridge_upstream_call_seconds_count{system="field-nation",code="200"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'deskbridge_ack_seconds_count{route="POST /webhooks/freshdesk",status="202"}')).toBeGreaterThan(
    0,
  );
  expect(valueOf(text, 'deskbridge_oldest_unsynced_seconds{account="' + stack.account + '"}')).toBe(0);
  expect(valueOf(text, 'deskbridge_temporal_up')).toBe(1);
  expect(valueOf(text, 'deskbridge_quota_limit{system="freshdesk"}')).toBeGreaterThan(0);
});

test('a create without an answer is counted, and so is what Temporal tries again', async () => {
  const { control } = stack.sandbox;
  control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'reset-after', times: 1 });
  const id = desk.newTicket();
  control.addFault({
    ...{ system: 'freshdesk', method: 'GET', path: `/tickets/${id}$`, kind: 'status', status: 503, times: 1 },
  });
  desk.trigger(id);
  await desk.dispatched(id);
  const text = await page();
  expect(valueOf(text, 'deskbridge_ambiguous_creates_total')).toBe(1);
  expect(valueOf(text, 'deskbridge_activity_retries_total{activity="fetchTicket"}')).toBeGreaterThan(0);
  expect(valueOf(text, 'deskbridge_upstream_call_seconds_count{system="freshdesk",code="503"}')).toBe(1);
});

test('what waits for a person shows by reason, since when it waits can be asked for, and it ages', async () => {
  const id = desk.newTicket();
  const fault = stack.sandbox.control.addFault({
    ...{ system: 'field-nation', path: 'createWorkOrder', kind: 'status', status: 400 },
  });
  desk.trigger(id);
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  await comesTo('deskbridge_attention{reason="rejected"}', (value) => value !== null && value >= 1);
  const query = `DeskbridgeTicketId = ${id} AND DeskbridgeState = 'attention' AND DeskbridgeSince > '2020-01-01T00:00:00Z'`;
  await until('the index', async () => {
    const { count } = await stack.client.workflow.count(`${query} AND WorkflowId = '${stack.workflowId(id)}'`);
    return count === 1;
  });
  const { client, account } = stack;
  const standing = (now: number) => createStanding({ client, account, deadlineMs: DEADLINE_MS, now: () => now })();
  expect((await standing(Date.now() + 7 * 3_600_000))?.oldestUnsynced).toBe(21_600);
  expect((await standing(Date.now() + 30 * 86_400_000))?.oldestUnsynced).toBe(604_800);
  stack.sandbox.control.clearFaults(fault);
  await stack.starter.retry(id);
  await desk.dispatched(id);
  await comesTo('deskbridge_attention{reason="rejected"}', (value) => value === 0);
});

test('the watch shows when it looked and which alerts stand', async () => {
  await watchOf(stack);
  await comesTo(
    `deskbridge_alerts_checked_timestamp_seconds{account="${stack.account}"}`,
    (value) => value !== null && Math.abs(value - Date.now() / 1000) < 60,
  );
});

test('a path that nobody serves, and one with a ticket in it, make no label of their own', async () => {
  await fetch(`${stack.webUrl}/no/such/${'x'.repeat(20)}`);
  await fetch(`${stack.webUrl}/api/dispatches/999999`);
  const text = await page();
  expect(text).not.toMatch(/no\/such|dispatches\/999999/);
  expect(text).toMatch(/route="other",status="404"/);
  expect(text).toMatch(/route="GET \/api\/dispatches\/:ticket",status="404"/);
});

test('while Temporal does not answer, the page is served without its numbers', async () => {
  const standing = createStanding({ client: stack.client, account: stack.account, deadlineMs: 1 });
  expect(await standing()).toBeNull();
});
