/** Rows of the index on a real server: no row stops another, no account sees another's, and a page may be large. */
import { createSecretKey, randomBytes } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { taskQueues, WORKFLOW_TYPES } from '../../src/contract/names';
import { STATE, TICKET_ID, WORK_ORDER_ID } from '../../src/contract/search-attributes';
import { createBatchEngine } from '../../src/temporal/batch-engine';
import { createClient } from '../../src/temporal/connection';
import type { DispatchingState } from '../../src/temporal/dispatching';
import { createDispatches } from '../../src/temporal/dispatches';
import { createDataConverter } from '../../src/temporal/encryption';
import { queryOf } from '../../src/temporal/index/query';
import { CursorError, readPage, readRows, type Row } from '../../src/temporal/index/rows';
import { atMost } from '../../src/temporal/at-most';
import { createOverview } from '../../src/temporal/overview';
import { createSweepEngine } from '../../src/temporal/sweep-engine';
import { waitingRuns } from '../../src/temporal/waiting-runs';
import { DEADLINE_MS } from '../helpers/stack';
import { until } from '../helpers/until';

const account = `i${process.pid}x${Date.now().toString(36)}`;
const namespace = `test-${process.env.JEST_WORKER_ID ?? '1'}`;
const target = { options: { address: process.env.TEST_TEMPORAL_ADDRESS ?? '' }, namespace, uiUrl: null };
const client = createClient(target, createDataConverter([]));
const withKey = createClient(target, createDataConverter([{ id: 'gone', secret: createSecretKey(randomBytes(32)) }]));
const begun: string[] = [];
afterAll(async () => {
  await atMost(8, begun, async (id) => void (await client.workflow.getHandle(id).terminate('test is over')));
  await Promise.all([client.connection.close(), withKey.connection.close()]);
});

const memoOf = (ticketId: number, pad = '') => ({
  dispatch: {
    ...{ ticketId, account, visit: 1, state: 'attention', correlationId: `FD-${account}-${ticketId}-1` },
    ...{ workOrderId: 9000 + ticketId, workOrderStatus: null, waitingFor: pad, open: true },
    attention: { reason: 'rejected', detail: 'd', remedy: 'r' },
    times: { triggeredAt: null, orderedAt: null, endedAt: null, waitingSince: '2026-01-01T00:00:00.000Z' },
  },
  sync: {
    ...{ lookedAt: null, writtenAt: null, status: 8, matches: true, gone: false },
    orders: [{ id: 9000 + ticketId, key: 'published', at: null }],
  },
});

/** A run that no worker takes. */
async function begin(of: string, ticketId: number, by: Client = client, pad = ''): Promise<void> {
  const workflowId = `dispatch-${of}-${ticketId}`;
  await by.workflow.start(WORKFLOW_TYPES.ticketDispatch, {
    ...{ workflowId, taskQueue: taskQueues(of).workflows, args: [], memo: memoOf(ticketId, pad) },
    typedSearchAttributes: new TypedSearchAttributes([
      { key: TICKET_ID, value: ticketId },
      { key: WORK_ORDER_ID, value: 9000 + ticketId },
      { key: STATE, value: 'attention' },
    ]),
  });
  begun.push(workflowId);
}

async function rowsOf(of: string): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(client, queryOf(of, { kind: 'ticketDispatch' }), DEADLINE_MS)) rows.push(row);
  return rows;
}

test('a row that no key reads is one that says so, in every list, and other accounts are not seen', async () => {
  await begin(account, 1);
  await begin(account, 2, withKey);
  await begin(account, 3);
  await begin(`${account}-2`, 4);
  await until('the index', async () => (await rowsOf(account)).length === 3);
  const rows = await rowsOf(account);
  expect(rows.map(({ workflowId }) => workflowId)).toEqual([3, 2, 1].map((id) => `dispatch-${account}-${id}`));
  expect(await Promise.all(rows.map(async (row) => (await row.memo()).unreadable))).toEqual([false, true, false]);
  expect(rows[1]?.number(TICKET_ID)).toBe(2);

  const linksOf = () => ({ ticket: 't', workOrders: 'w/', workflow: null });
  const dispatches = createDispatches({ client, account, linksOf, deadlineMs: DEADLINE_MS });
  const { items } = await dispatches.list({ limit: 10 });
  expect(items.map(({ ticketId, state, workOrderId }) => [ticketId, state, workOrderId])).toEqual([
    [3, 'attention', 9003],
    [2, 'attention', 9002],
    [1, 'attention', 9001],
  ]);
  expect(items[1]?.waitingFor).toContain('encryption key is missing');
  expect(await dispatches.byWorkOrder(9002)).toBe(`dispatch-${account}-2`);

  const starter = { ticketChanged: () => Promise.reject(new Error('not asked')) };
  const sweeps = createSweepEngine({ client, account, starter, deadlineMs: DEADLINE_MS });
  expect(await sweeps.standings({ ticketIds: [1, 2, 3, 4] })).toEqual([
    expect.objectContaining({ ticketId: 3, running: true }),
    { ticketId: 2, running: true, sync: null },
    expect.objectContaining({ ticketId: 1, running: true }),
  ]);
  const bulk = { dispatchInBulk: () => Promise.reject(new Error('no visit may be asked for')) };
  const dispatching = { ensure: () => Promise.resolve({ pause: { paused: false } } as DispatchingState) };
  const batch = createBatchEngine({ client, account, starter: bulk, dispatching, deadlineMs: DEADLINE_MS });
  expect(await batch.standing(2)).toMatchObject({ is: 'unreadable' });
  const word = { after: 0, first: true };
  const asked = { begin: [{ ticketId: 2, word }], watch: [{ ticketId: 2, after: 0 }], by: 'A person' };
  const why = expect.stringContaining('encryption key is missing') as string;
  expect(await batch.step(asked, false)).toEqual({
    ...{ paused: null, begun: [] },
    ended: [
      { ticketId: 2, stage: 'left-out', why },
      { ticketId: 2, stage: 'failed', why },
    ],
  });
  const tiles = await createOverview({ client, account, deadlineMs: DEADLINE_MS }).tiles();
  expect(tiles.open).toBe(3);
  expect(await waitingRuns(client, account, {}, DEADLINE_MS)).toEqual([]);
});

test('a cursor that no list gave out is told from a server that is away', async () => {
  const query = queryOf(account, { kind: 'ticketDispatch' });
  for (const cursor of ['zzz', 'eyJ9', '_', Buffer.from('{"a":1}').toString('base64url')])
    await expect(readPage(client, { query, size: 1, cursor }, DEADLINE_MS)).rejects.toThrow(CursorError);
});

test('a page may be larger than the 4 MB that gRPC takes by itself', async () => {
  const large = `${account}-large`;
  await atMost(
    16,
    Array.from({ length: 120 }, (_, i) => i + 1),
    (id) => begin(large, id, client, 'x'.repeat(50_000)),
  );
  await until('the index', async () => (await rowsOf(large)).length === 120);
});
