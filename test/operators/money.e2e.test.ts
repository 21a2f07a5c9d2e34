/** `pause`, `resume` and `approve` from a shell and over HTTP, against a running service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { taskQueues } from '../../src/contract/names';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import type { Stack } from '../helpers/stack';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
useStack((own) => void (stack = own));
let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-money-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: string[]): Promise<CliRun> => runCli(args, settingsOf(stack, folder));
const api = async (path: string, body?: object): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${stack.webUrl}/api/${path}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  });
  return { status: answer.status, body: await answer.json() };
};

test('a pause from a shell shows over HTTP, and ends over HTTP', async () => {
  expect((await api('pause')).body).toEqual({ paused: false, reason: null, by: null, since: null });
  const paused = await cli('pause', '--reason', 'prices are wrong', '--json');
  expect(paused.json()).toMatchObject({ paused: true, reason: 'prices are wrong', by: null });
  expect(await api('pause')).toEqual({ status: 200, body: paused.json() });
  expect(await api('resume', { by: 'ann' })).toMatchObject({ status: 200, body: { paused: false } });
  expect(await api('pause', { reason: 'storm', by: 'ann' })).toMatchObject({ status: 200, body: { by: 'ann' } });
  expect((await cli('resume')).out).toMatch(/^Dispatching goes on\. It was paused since .+: storm\.\n$/);
  expect((await cli('resume')).out).toBe('Dispatching was not paused.\n');
});

test.each([
  [['pause'], /--reason/],
  [['pause', '--reason', ' '], /1 to 500 characters/],
  [['approve'], /Give either a ticket number, or --all/],
  [['approve', '7', '--all'], /Give either a ticket number, or --all/],
  [['approve', '7', '--yes'], /--yes goes with --all/],
  [['approve', '--all', '--amount', '5'], /--amount goes with one ticket/],
  [['approve', '7', '--amount', '1,000'], /"1,000" is not a sum/],
])('`deskbridge %s` is wrong usage', async (args, words) => {
  const { code, err } = await cli(...args);
  expect(code).toBe(2);
  expect(err).toMatch(words);
});

test('nothing that waits cannot be approved', async () => {
  expect(await cli('approve', '4711')).toMatchObject({ code: 1, err: expect.stringContaining('4711') });
  expect(await cli('approve', '--all')).toMatchObject({ code: 0, out: 'No ticket waits for an approval.\n' });
  expect((await cli('approve', '--all', '--json')).json()).toEqual({ count: 0, sum: 0, items: [] });
  expect(await api('dispatches/4711/approve', { amount: 5 })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  });
});

/** A run that shows what a dispatch shows while money waits for a yes; its workers are stopped. */
async function waitingFor(ticketId: number, amount: number | null): Promise<void> {
  await stack.client.workflow.start('ticketDispatch', {
    ...{ workflowId: stack.workflowId(ticketId), taskQueue: taskQueues(stack.account).workflows, args: [] },
    searchAttributes: { DeskbridgeAttention: ['approval'], DeskbridgeTicketId: [ticketId] },
    memo: {
      dispatch: {
        ...{ ticketId, approval: { amount }, attention: { reason: 'approval', detail: 'above the limit', remedy: '' } },
        times: { triggeredAt: null, orderedAt: null, endedAt: null, waitingSince: '2026-03-01T08:00:00.000Z' },
      },
    },
  });
}
const approvalsOf = async (ticketId: number): Promise<unknown[]> => {
  const { events } = await stack.client.workflow.getHandle(stack.workflowId(ticketId)).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal?.signalName === 'approve'
      ? [JSON.parse(Buffer.from(signal.input?.payloads?.[0]?.data ?? []).toString())]
      : [],
  );
};

test('`approve --all` lists count and sum, and with --yes approves each with its listed sum', async () => {
  await stack.stopWorkers();
  await Promise.all([waitingFor(901, 1250.5), waitingFor(902, 2000), waitingFor(903, null)]);
  await until('the index', async () => (await cli('approve', '--all', '--json')).json<{ count: number }>().count === 3);
  const shown = await cli('approve', '--all');
  expect(shown).toMatchObject({ code: 1, err: expect.stringContaining('Add --yes') });
  expect(shown.out).toContain('3 tickets wait: 3250.50 USD, and 1 without a bound.');
  expect(await approvalsOf(901)).toEqual([]);

  expect(await cli('approve', '902', '--amount', '1999')).toMatchObject({ code: 1 });
  expect(await api('dispatches/902/approve', { amount: 1999 })).toMatchObject({ status: 409 });
  expect(await approvalsOf(902)).toEqual([]);

  const done = await cli('approve', '--all', '--yes', '--json');
  expect(done.code).toBe(0);
  expect(done.json()).toMatchObject({ count: 3, sum: 3250.5 });
  expect(await approvalsOf(901)).toEqual([{ by: null, amount: 1250.5 }]);
  expect(await approvalsOf(902)).toEqual([{ by: null, amount: 2000 }]);
  expect(await approvalsOf(903)).toEqual([{ by: null, amount: null }]);
  expect(await api('dispatches/902/approve', { amount: 2000, by: 'ann' })).toMatchObject({ status: 202 });
});
