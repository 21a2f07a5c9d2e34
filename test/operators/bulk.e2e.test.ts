/** Many tickets at once, as a person dispatches them from a shell, against a running service. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BatchItem } from '../../src/cli/bulk/list';
import type { BatchCounts } from '../../src/contract/dispatch-batch';
import { DEFAULT_BATCH_POLICY } from '../../src/contract/policy';
import { createDispatchBatches, type DispatchBatches } from '../../src/temporal/dispatch-batches';
import { runCli, settingsOf, type CliRun } from '../helpers/cli';
import { DEADLINE_MS, DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

const CONFIG = DEFAULT_TEST_CONFIG.replace('400ms', '400ms, approval: { payAbove: 1000, ordersPerHour: 1 }');
const PROGRAM = resolve(__dirname, '../../scripts/deskbridge.js');

interface Answer {
  batch: string;
  stage: string;
  dryRun: boolean;
  counts: BatchCounts;
  count: number;
  sum: number;
  next: string | null;
  items: BatchItem[];
  badRows: { line: number; problem: string }[];
  repeatedRows: number;
}

let stack: Stack;
let desk: TicketDesk;
let batches: DispatchBatches;
let folder: string;
useStack(
  (...made) => {
    [stack, desk] = made;
    batches = createDispatchBatches({ ...stack, deadlineMs: DEADLINE_MS });
  },
  { config: CONFIG },
);
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-bulk-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cli = (...args: string[]): Promise<CliRun> => runCli(['dispatch', ...args], settingsOf(stack, folder));
const fileOf = (...lines: (string | number)[]): string => {
  const path = join(folder, 'tickets.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
};
const asked = async (...args: string[]): Promise<Answer & { code: number; err: string }> => {
  const run = await cli(...args, '--json');
  return { ...run.json<Answer>(), code: run.code, err: run.err };
};
const some = (count: number): number[] => Array.from({ length: count }, () => desk.newTicket());
const of = ({ items }: Answer, id: number) => items.find(({ ticketId }) => ticketId === id);
const batchRun = (name: string) => stack.client.workflow.getHandle(`dispatch-batch-${stack.account}-${name}`);

test('lists what it would do and dispatches nothing, then exactly the list, without asking about the hour', async () => {
  const [plain, other, costly, unmapped, done, gone] = [
    ...some(2),
    desk.newTicket({ custom_fields: { cf_pay_amount: 1250 } }),
    desk.newTicket({ custom_fields: { cf_site_address: null } }),
    (await desk.inTheField()).id,
    999_999,
  ] as [number, number, number, number, number, number];
  const file = fileOf(
    'Subject;Ticket ID',
    `a;${plain}`,
    `b;#${other}`,
    `c;${costly}`,
    `d;${unmapped}`,
    `e;${done}`,
    `f;${gone}`,
    'g;soon',
    `h;${plain}`,
  );
  const plan = await asked('--file', file);
  expect(plan.code).toBe(1);
  expect(plan.badRows).toEqual([{ line: 8, problem: '"soon" is not a ticket number' }]);
  expect(plan.repeatedRows).toBe(1);
  expect(plan).toMatchObject({ stage: 'listed', counts: { ready: 2, asks: 1, problem: 1, 'left-out': 2 }, count: 4 });
  expect(of(plan, costly)).toMatchObject({ stage: 'asks', cost: 1250 });
  expect(plan.sum).toBe(1250 + 2 * (of(plan, plain)?.cost ?? 0));
  expect(of(plan, unmapped)?.why).toContain('location.address1');
  expect(of(plan, done)?.why).toBe('Visit 1 is under way.');
  expect(of(plan, gone)?.why).toContain('does not show');
  for (const id of [plain, other, costly, unmapped]) expect(await stack.dispatches.view(id)).toBeNull();
  expect(plan.next).toBe(`npx deskbridge dispatch --batch ${plan.batch} --yes`);
  const good = await asked('--file', fileOf(plain, costly));
  expect(good).toMatchObject({ code: 0, dryRun: true, counts: { ready: 1, asks: 1 } });

  const shown = await cli('--batch', plan.batch);
  expect([shown.code, shown.err]).toEqual([1, expect.stringContaining('cannot be mapped: 1. Correct')]);
  expect(shown.out).toMatch(/4 tickets to dispatch: at most [\d.]+ USD\.[\s\S]*Nothing is dispatched yet[\s\S]*--yes/);

  const late = desk.newTicket();
  const ran = await asked('--batch', plan.batch, '--yes');
  expect([ran.code, ran.stage]).toEqual([1, 'done']);
  expect(ran.counts).toMatchObject({ dispatched: 2, attention: 2, 'left-out': 2 });
  expect(of(ran, costly)).toMatchObject({ stage: 'attention', why: expect.stringContaining('approval') as string });
  expect(of(ran, unmapped)).toMatchObject({ stage: 'attention', why: expect.stringContaining('mapping') as string });
  for (const id of [plain, other]) expect(desk.publishedOrdersOf(id)).toHaveLength(1);
  for (const id of [costly, unmapped]) expect(desk.ordersOf(id)).toHaveLength(0);
  expect(await stack.dispatches.view(late)).toBeNull();
  expect((await stack.dispatches.view(plain))?.timeline).toContainEqual(
    expect.objectContaining({ what: 'Visit 1', detail: expect.stringContaining(plan.batch) as string }),
  );

  await stack.starter.approve(costly, {});
  await desk.dispatched(costly);
  expect(await asked('--batch', plan.batch, '--yes')).toMatchObject({ code: 1, stage: 'done' });
  expect(desk.ordersOf(plain)).toHaveLength(1);
});

test('goes on where it was when the command and the workers are killed, with no ticket twice', async () => {
  const ids = some(10);
  const file = fileOf(...ids);
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'slow', delayMs: 50 });
  const child = spawn(process.execPath, [PROGRAM, 'dispatch', '--file', file, '--yes'], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...settingsOf(stack, folder) },
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  child.stderr.on('data', (chunk) => (said += chunk));
  const published = (): number => stack.calls('POST /workorders/:id/publish');
  const before = published();
  await until(
    'the first of them',
    () => published() > before,
    () => said,
  );
  child.kill('SIGKILL');
  await stack.stopWorkers();
  const [name = ''] = /batch-\w+/.exec(said) ?? [];
  await stack.startWorkers();
  const ran = await asked('--batch', name, '--yes');
  expect([ran.code, ran.counts.dispatched]).toEqual([0, ids.length]);
  for (const id of ids) expect([id, desk.ordersOf(id).length]).toEqual([id, 1]);
});

test('is stopped by a person, and gone on with later', async () => {
  const ids = some(20);
  stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'slow', delayMs: 100 });
  const { batch } = await asked('--file', fileOf(...ids));
  await batches.run(batch);
  await until('some to be under way', async () => (await begun(ids)) > 2);
  const stopped = await asked('--batch', batch, '--stop');
  expect(stopped).toMatchObject({ code: 0, stage: 'stopped', next: `npx deskbridge dispatch --batch ${batch} --yes` });
  stack.sandbox.control.clearFaults();
  await until('those under way to end', async () => (await batches.view(batch)).counts.begun === 0);
  const left = (await batches.view(batch)).counts.ready;
  expect(left).toBeGreaterThan(0);
  expect(await begun(ids)).toBe(ids.length - left);
  expect(await asked('--batch', batch, '--yes')).toMatchObject({ code: 0, counts: { dispatched: ids.length } });
  for (const id of ids) expect([id, desk.ordersOf(id).length]).toEqual([id, 1]);
});

const begun = async (ids: number[]): Promise<number> => {
  const views = await Promise.all(ids.map((id) => stack.dispatches.view(id)));
  return views.filter((view) => view !== null).length;
};

test('Ctrl-C leaves it running, and says how to go on', async () => {
  const [id] = some(1) as [number];
  await stack.dispatching.pause({ reason: 'prices change' });
  const { batch } = await asked('--file', fileOf(id));
  const watching = cli('--batch', batch, '--yes');
  await until('the pause to be seen', async () => (await batches.view(batch)).paused === 'prices change');
  process.emit('SIGINT');
  const { code, err } = await watching.finally(() => stack.dispatching.resume(null));
  expect([code, err]).toEqual([1, expect.stringContaining(`${batch} goes on in the background`)]);
  expect(await asked('--batch', batch, '--yes')).toMatchObject({ code: 0, counts: { dispatched: 1 } });
});

test('tickets that have had a visit are left out, or get the next one with --next-visit, never beside an open one', async () => {
  stack.setConfig(DEFAULT_TEST_CONFIG);
  const over = await desk.inTheField();
  await desk.finish(over.id, over.workOrderId);
  const open = await desk.inTheField();
  const query = `"tag:'again'"`;
  for (const { id } of [over, open]) stack.sandbox.control.updateTicket(id, { tags: ['again'] });
  const first = await asked('--query', query);
  expect(of(first, over.id)?.why).toBe('It has had visit 1. To send somebody again, add --next-visit.');
  expect(first).toMatchObject({ code: 0, count: 0, next: null });
  const again = await asked('--query', query, '--next-visit', '--yes');
  expect(again).toMatchObject({ code: 0, counts: { dispatched: 1, 'left-out': 1 } });
  expect(of(again, over.id)).toMatchObject({ stage: 'dispatched', visit: 2 });
  expect([desk.ordersOf(over.id).length, desk.ordersOf(open.id).length]).toEqual([2, 1]);
});

test('a run that goes on as a new one forgets nothing, and asks for no ticket twice', async () => {
  const ids = some(10);
  const policy = { ...DEFAULT_BATCH_POLICY, look: { first: 20, most: 100 }, turnsPerRun: 3 };
  const quick = createDispatchBatches({ ...stack, policy, deadlineMs: DEADLINE_MS });
  const name = await quick.start({ tickets: ids }, false);
  // Between two runs nobody answers.
  const isAt = (stage: string) => (): Promise<boolean> =>
    quick.view(name).then(
      (view) => view.stage === stage,
      () => false,
    );
  await until('the list', isAt('listed'));
  await quick.run(name);
  await until('its end', isAt('done'));
  const { runId, raw } = await batchRun(name).describe();
  expect(raw.workflowExecutionInfo?.firstRunId).not.toBe(runId);
  expect((await quick.list(name)).tickets.map(([ticketId, , stage]) => [ticketId, stage])).toEqual(
    ids.map((id) => [id, 'dispatched']),
  );
  for (const id of ids) expect([id, desk.ordersOf(id).length]).toEqual([id, 1]);
});

test('a word that is said twice begins one visit', async () => {
  const [id] = some(1) as [number];
  const word = { after: 0, first: true };
  await Promise.all([1, 2, 3].map(() => stack.starter.dispatchInBulk(id, 'batch-a23456', word)));
  const workOrderId = await desk.dispatched(id);
  await desk.finish(id, workOrderId);
  await stack.starter.dispatchInBulk(id, 'batch-a23456', word);
  const view = await stack.view(id, 'the word', (v) =>
    v.timeline.some(({ what }) => what === 'Dispatch in bulk ignored'),
  );
  await desk.settled(id);
  expect([view.visit, desk.ordersOf(id).length]).toEqual([1, 1]);
});

test('a search that finds more than Freshdesk shows is refused', async () => {
  for (let n = 0; n < 301; n += 1) stack.sandbox.control.createTicket({ tags: ['roll-out'] });
  expect(await cli('--query', "tag:'roll-out'", '--yes')).toMatchObject({
    ...{ code: 2, err: expect.stringContaining('The query finds 301 tickets') as string },
  });
});

test.each([
  [[], 'Give either a ticket number, or one of'],
  [['7', '--yes'], 'Give either a ticket number, or one of'],
  [['--query', "tag:'a'", '--file', 'b.csv'], 'Give one of --query, --file and --batch.'],
  [['--yes'], 'Give one of --query, --file and --batch.'],
  [['--query', 'nonsense'], 'Freshdesk does not take the query'],
  [['--query', 'x'.repeat(600)], '512'],
  [['--file', 'nowhere.csv'], 'there is no such file'],
  [['--batch', '4711', '--yes'], 'is not the name of a batch'],
  [['--file', 'b.csv', '--stop'], '--stop goes with --batch.'],
])('%j ends with 2 and says why', async (args, words) => {
  expect(await cli(...args)).toMatchObject({ code: 2, err: expect.stringContaining(words) as string });
});

test('a batch that is not there ends with 1', async () => {
  const { code, err } = await cli('--batch', 'batch-zzzzzz', '--yes');
  expect([code, err]).toEqual([1, expect.stringContaining('There is no batch batch-zzzzzz')]);
});

test('the run of a batch shows no ticket’s words, and its id names its account', async () => {
  const { batch } = await asked('--file', fileOf(...some(1)));
  const { memo, searchAttributes } = await batchRun(batch).describe();
  expect([memo ?? {}, searchAttributes]).toEqual([
    {},
    expect.not.objectContaining({ DeskbridgeTicketId: expect.anything() as unknown }),
  ]);
});
