/** What an operator types at night: the documented `temporal` lines, and the command line for one and for many. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporal } from '@temporalio/proto';
import { ensureAlerts } from '../../src/temporal/alerts';
import { findTemporalProgram } from '../../engine';
import type { RunCall } from '../../src/temporal/run-calls';
import type { WaitingRun } from '../../src/temporal/waiting-runs';
import { runCli, settingsOf } from '../helpers/cli';
import { documentedCommands, runnerOf } from '../helpers/documented';
import { DEADLINE_MS, DEFAULT_TEST_CONFIG, startStack, type Stack } from '../helpers/stack';
import { sweepsOf, type Sweeps } from '../helpers/sweeps';
import { RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const RUNNING = temporal.api.enums.v1.BatchOperationState.BATCH_OPERATION_STATE_RUNNING;

let stack: Stack;
let desk: TicketDesk;
let sweeps: Sweeps;
let folder: string;
let settings: Record<string, string>;
let program: string;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
  sweeps = await sweepsOf(stack);
  await ensureAlerts({ client: stack.client, account: stack.account, deadlineMs: DEADLINE_MS });
  folder = mkdtempSync(join(tmpdir(), 'deskbridge-operators-'));
  settings = settingsOf(stack, folder);
  program = await findTemporalProgram({ env: process.env, report: () => undefined });
});
afterAll(async () => {
  await sweeps.stop();
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(() => {
  stack.setConfig(DEFAULT_TEST_CONFIG);
  stack.sandbox.control.clearFaults();
  stack.sandbox.control.setWebhookActive(true);
});

const LINES = documentedCommands().filter(({ command }) => runnerOf(command) === 'temporal');

/** Runs a line as it is documented, but for the account, the numbers and the time in it. */
async function type(line: string, ticketId: number, workOrderId = 0): Promise<string> {
  const here = line
    .replaceAll('acme', stack.account)
    .replaceAll('4711', String(ticketId))
    .replaceAll('901234', String(workOrderId))
    .replaceAll('2027-02-27T10:15:00Z', new Date().toISOString())
    .replaceAll('http://127.0.0.1:3000', stack.webUrl);
  const at = `--address ${process.env.TEST_TEMPORAL_ADDRESS} --namespace ${stack.client.options.namespace}`;
  await noBatch();
  const script = `ADMIN_TOKEN=unused\ntemporal() { ${program} "$@" ${at}; }\n${here}`;
  return (await promisify(execFile)('sh', ['-c', script])).stdout;
}

/** A namespace has one batch at a time. */
async function noBatch(): Promise<void> {
  const { namespace } = stack.client.options;
  await until('the last batch to end', async () => {
    const { operationInfo } = await stack.client.workflowService.listBatchOperations({ namespace });
    return (operationInfo ?? []).every(({ state }) => state !== RUNNING);
  });
}

/** The documented line that holds all of this. */
function line(...parts: string[]): string {
  const found = LINES.find(({ command }) => parts.every((part) => command.includes(part)));
  if (!found) throw new Error(`No documented line holds ${parts.join(' and ')}.`);
  return found.command;
}

async function dispatched(): Promise<{ id: number; workOrderId: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  return { id, workOrderId: await desk.dispatched(id) };
}

/** Tickets that lack the site's address; no rule tells of its correction. */
async function stuck(count: number): Promise<number[]> {
  const ids = Array.from({ length: count }, () => desk.newTicket({ custom_fields: { cf_site_address: null } }));
  ids.forEach((id) => desk.trigger(id));
  for (const id of ids) await stack.view(id, 'an attention', (view) => view.attention?.reason === 'mapping');
  const query = `DeskbridgeAttention = 'mapping' AND ExecutionStatus = 'Running' AND DeskbridgeTicketId IN (${ids.join(',')})`;
  await until('the index to know', async () => (await stack.client.workflow.count(query)).count === count);
  return ids;
}
function mend(ids: readonly number[]): void {
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  for (const id of ids) stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_address: '200 Elm Ave' } });
  stack.sandbox.control.resetKnobs();
}

test('the documented line for a retry ends an attention', async () => {
  const [id = 0] = await stuck(1);
  mend([id]);
  await type(line('--workflow-id', '--name retry'), id);
  await desk.dispatched(id);
});

test('the documented line for many retries all that wait for the reason', async () => {
  const ids = await stuck(2);
  mend(ids);
  await type(line('--name retry', '--query', 'mapping'), 0);
  for (const id of ids) await desk.dispatched(id);
});

test('the documented line for a cancellation cancels the work order', async () => {
  const { id, workOrderId } = await dispatched();
  await type(line('cancelDispatch'), id);
  await stack.view(id, 'the cancelled visit', (view) => view.state === 'cancelled');
  expect((stack.sandbox.control.workOrder(workOrderId).status as { id: number }).id).toBe(10);
});

test('the documented line for a work-order event resolves the ticket that no webhook told of', async () => {
  const { id, workOrderId } = await dispatched();
  stack.sandbox.control.setWebhookActive(false);
  for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) {
    stack.sandbox.control.act(workOrderId, action);
  }
  await type(line('workOrderEvent'), id, workOrderId);
  await until('the resolved ticket', () => desk.statusOf(id) === RESOLVED && desk.privateNotes(id).length === 1);
});

test('every documented line is one that the temporal program takes', async () => {
  const { id, workOrderId } = await dispatched();
  expect(LINES.length).toBeGreaterThan(20);
  for (const { command, place } of LINES) {
    // It would call the ticket's visit off before the other lines have seen it.
    if (command.includes('cancelDispatch')) continue;
    await type(command, id, workOrderId).catch((error: Error) => {
      throw new Error(`${place}: ${error.message}`);
    });
  }
  expect(await type(line('workflow query', '--type dispatch'), id)).toContain(`FD-${stack.account}-${id}-1`);
});

test('retry for many shows what it would do, does it with --yes, and leaves out what is older', async () => {
  const ids = await stuck(3);
  const dry = await runCli(['retry', '--reason', 'mapping', '--since', '1h', '--json'], settings);
  const { items, dryRun } = dry.json<{ items: WaitingRun[]; dryRun: boolean }>();
  expect([dry.code, dryRun, new Set(items.map(({ ticketId }) => ticketId))]).toEqual([0, true, new Set(ids)]);
  expect(items[0]).toMatchObject({ reason: 'mapping', workflowId: expect.stringContaining('dispatch-') });
  expect((await runCli(['retry', '--reason', 'unauthorized'], settings)).out).toContain('No waiting items match.');
  const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
  expect((await runCli(['retry', '--since', inAnHour, '--json'], settings)).json()).toMatchObject({ items: [] });
  const shown = await runCli(['retry', '--reason', 'mapping'], settings);
  expect(shown.out).toMatch(/3 would be tried again\. Add --yes/);
  for (const id of ids) expect((await stack.dispatches.view(id))?.state).toBe('attention');

  mend(ids);
  const done = await runCli(['retry', '--reason', 'mapping', '--yes', '--json'], settings);
  expect(done.json()).toMatchObject({ dryRun: false, retried: 3 });
  for (const id of ids) await desk.dispatched(id);
});

test('retry and dispatch of one ticket say what came of it', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.dispatched(id);
  const idle = await runCli(['retry', `${id}`], settings);
  expect(idle.out).toContain(`Ticket ${id} needs no person. It waits for a technician in Field Nation.`);
  const nobody = await runCli(['dispatch', '987654'], settings);
  expect([nobody.code, nobody.err]).toEqual([1, expect.stringMatching(/No visit of ticket 987654 .*cannot be found/)]);
  const { id: asked } = stack.sandbox.control.createTicket() as { id: number };
  expect((await runCli(['dispatch', `${asked}`], settings)).out).toMatch(
    new RegExp(`Visit 1 of ticket ${asked}: dispatched, work order \\d+`),
  );
});

test('list --state attention shows who waits and why', async () => {
  const [id = 0] = await stuck(1);
  const { out } = await runCli(['list', '--state', 'attention'], settings);
  expect(out).toMatch(new RegExp(`^${id} +1 +attention .*mapping: `, 'm'));
  mend([id]);
  await stack.starter.retry(id);
  await desk.dispatched(id);
});

test('show tells the timeline with each call: when, how long, how often, and what was mapped', async () => {
  stack.sandbox.control.addFault({
    ...{ system: 'freshdesk', kind: 'status', status: 503, path: 'updateTicket', times: 1 },
  });
  const { id } = await dispatched();
  await desk.settled(id);
  const { calls } = (await runCli(['show', String(id), '--json'], settings)).json<{ calls: RunCall[] }>();
  const create = calls.find(({ what }) => what === 'create work order');
  expect(create).toMatchObject({ to: 'Field Nation', outcome: 'done', attempts: 1, status: null });
  expect(create?.detail).toMatch(/^mapped: .*title/);
  expect(create?.ms).toBeGreaterThanOrEqual(0);
  expect(calls.find(({ attempts }) => attempts > 1)).toMatchObject({ to: 'Freshdesk', outcome: 'done', status: 503 });
  const { out } = await runCli(['show', String(id)], settings);
  expect(out).toMatch(/\d\d:\d\d:\d\d {4}Field Nation: create work order – done, \d+ ms \(mapped: /);
  expect(out).toMatch(/attempt 2, after status 503/);
  // The site's address, as an example of what people wrote.
  expect(out).not.toContain('Mill Road');
});

test('show tells when the next attempt of a call that fails is due', async () => {
  stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 503, path: 'updateTicket' });
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.view(id, 'a draft', (view) => view.workOrderId !== null);
  const read = async (): Promise<RunCall | undefined> =>
    (await runCli(['show', String(id), '--json'], settings))
      .json<{ calls: RunCall[] }>()
      .calls.find(({ outcome }) => outcome === 'waits for its next attempt');
  let waiting: RunCall | undefined;
  await until('a wait', async () => (waiting = await read()) !== undefined);
  expect(waiting).toMatchObject({ to: 'Freshdesk', status: 503 });
  expect(Date.parse(waiting?.nextAttemptAt ?? '')).toBeGreaterThan(Date.parse(waiting?.at ?? ''));
});
