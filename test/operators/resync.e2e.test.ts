/** `resync` and the second yes of `cancel`, as a person types them, against a running service. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
let folder: string;
useStack((...made) => ([stack, desk] = made));
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-resync-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: string[]): Promise<CliRun> => runCli(args, settingsOf(stack, folder));
const webhooksLost = (lost: boolean): void => stack.sandbox.setDeskbridgeUrl(lost ? null : stack.webUrl);
afterEach(() => webhooksLost(false));

test('of a ticket finds what no webhook told of its order, and says when there is nothing', async () => {
  const { id, workOrderId } = await desk.inTheField();
  expect(await cli('resync', String(id))).toMatchObject({
    ...{ code: 0, out: expect.stringContaining(`Work order ${workOrderId} is as Deskbridge knows it.`) },
  });
  webhooksLost(true);
  stack.sandbox.control.act(workOrderId, 'assign');
  const told = await cli('resync', String(id), '--json');
  expect([told.code, told.json()]).toEqual([0, { ticketId: id, workOrderId, differs: true }]);
  await stack.view(id, 'the technician', ({ state }) => state === 'assigned');
});

test('since a moment finds tickets and orders that changed, and makes no second order', async () => {
  webhooksLost(true);
  const missed = desk.newTicket();
  desk.trigger(missed);
  const { code, out, err } = await cli('resync', '--since', '2h', '--json');
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toMatchObject({ unfinished: false });
  await stack.view(missed, 'the order', ({ state }) => state === 'dispatched');
  await cli('resync', '--since', '2h');
  await desk.settled(missed);
  expect(desk.ordersOf(missed)).toHaveLength(1);
});

test.each([
  [['resync'], 2, 'Give either a ticket number, or --since.'],
  [['resync', '7', '--since', '2h'], 2, 'Give either a ticket number, or --since.'],
  [['resync', '--since', 'soon'], 2, '"soon" is not a time'],
  [['resync', '999999'], 1, 'There is no dispatch for ticket 999999'],
])('%j ends with %i and says why', async (args, code, words) => {
  expect(await cli(...args)).toMatchObject({ code, err: expect.stringContaining(words) });
});

test('cancel asks for a second yes once a technician is there', async () => {
  const { id, workOrderId } = await desk.assigned();
  stack.sandbox.control.act(workOrderId, 'check-in');
  await stack.view(id, 'the technician on site', ({ state }) => state === 'on-site');
  const asked = await cli('cancel', String(id), '--reason', 'No longer needed');
  expect([asked.code, asked.err]).toEqual([
    1,
    expect.stringContaining('The technician is on site. Nothing was cancelled. Add --yes'),
  ]);
  expect((await stack.dispatches.view(id))?.state).toBe('on-site');
  expect(await cli('cancel', String(id), '--reason', 'No longer needed', '--yes')).toMatchObject({ code: 0 });
  await stack.view(id, 'the end', ({ state, attention }) => state === 'cancelled' || attention !== null);
});

test('cancel says that approved work cannot be cancelled, and asks for nothing', async () => {
  const { id, workOrderId } = await desk.inTheField();
  await desk.finish(id, workOrderId);
  stack.sandbox.control.act(workOrderId, 'approve');
  await stack.view(id, 'the approval', ({ workOrderStatus }) => workOrderStatus === 'approved');
  const told = await cli('cancel', String(id), '--reason', 'No longer needed', '--yes');
  expect([told.code, told.err]).toEqual([
    1,
    expect.stringContaining('The work is approved: Field Nation no longer cancels it.'),
  ]);
});
