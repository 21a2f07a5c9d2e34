/** A backup of the embedded engine, made while it works, and what comes of it after everything else is lost. */
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allEnd, buildOnce, openDesk, ticketForTheField, type Desk } from '../helpers/process';
import { until } from '../helpers/until';

let desk: Desk;
let folder: string;
let file: string;
beforeAll(buildOnce);
beforeEach(async () => {
  [desk, folder] = [await openDesk(), await mkdtemp(join(tmpdir(), 'deskbridge-backup-'))];
  file = join(folder, 'monday.tar.gz');
});
afterEach(async () => {
  await desk.cleanUp();
  await rm(folder, { recursive: true, force: true });
});

interface Told {
  account: string;
  open: { runs: number; dispatches: number };
  heldMs: number | null;
  aside: string | null;
}

/** A command that ends well; what it prints. */
async function ask(...args: string[]): Promise<Told> {
  const run = desk.deskbridge([...args, '--json']);
  if ((await run.ended) !== 0) throw new Error(run.err());
  return JSON.parse(run.out()) as Told;
}

async function refused(code: number, ...args: string[]): Promise<string> {
  const run = desk.deskbridge(args);
  expect(await run.ended).toBe(code);
  return run.err();
}

it('brings back dispatches that go on with their orders, after the data was destroyed', async () => {
  const first = await desk.start();
  const known = await ticketForTheField(desk);
  const { workOrderId } = await desk.view(first.url, known, 'a work order', (v) => v.state === 'dispatched');
  // Under way at the moment of the backup: the world may be ahead of what it holds.
  const begun = [await ticketForTheField(desk), await ticketForTheField(desk), await ticketForTheField(desk)];
  for (const id of begun) await desk.view(first.url, id, 'its acceptance', () => true);

  const made = await ask('backup', file);
  expect(made).toMatchObject({ account: 'acme', open: { dispatches: 4 } });
  expect(made.heldMs).not.toBeNull();
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder)).toEqual(['monday.tar.gz']);
  expect(await refused(2, 'backup', file)).toMatch(/exists already/);
  // The service went on meanwhile.
  await desk.view(first.url, known, 'an answer', (v) => v.state === 'dispatched');
  expect(await refused(1, 'restore', file)).toMatch(/runs.*Stop.*Nothing was changed/s);

  const { pid } = desk.engine();
  first.run.kill('SIGTERM');
  await allEnd(first.run.pid, pid);
  for (const name of await readdir(desk.dataDir)) await rm(join(desk.dataDir, name), { recursive: true });

  expect(await ask('restore', file)).toMatchObject({ account: 'acme', open: { dispatches: 4 }, aside: null });
  expect((await stat(join(desk.dataDir, 'secrets.json'))).mode & 0o777).toBe(0o600);
  const second = await desk.start();
  for (const id of [known, ...begun]) {
    const { workOrderId: order } = await desk.view(second.url, id, 'a work order', (v) => v.state === 'dispatched');
    if (id === known) expect(order).toBe(workOrderId);
    await desk.finish(id, order ?? 0);
    const view = await desk.view(second.url, id, 'the end of the work', (v) => v.state === 'work-done');
    expect(view).toMatchObject({ visit: 1, workOrderId: order });
    expect(await desk.counts(id)).toEqual({ status: 4, orders: 1, privateNotes: 1 });
  }
});

it('keeps aside what it replaces, and touches nothing when the settings name another account', async () => {
  const first = await desk.start();
  const before = await ticketForTheField(desk);
  await desk.view(first.url, before, 'a work order', (v) => v.state === 'dispatched');
  first.run.kill('SIGTERM');
  await allEnd(first.run.pid, desk.engine().pid);
  // While nothing runs.
  expect(await ask('backup', file)).toMatchObject({ heldMs: null, open: { dispatches: 1 } });
  const there = (await readdir(desk.dataDir)).sort();

  const other = desk.deskbridge(['restore', file], {
    FRESHDESK_DOMAIN: 'globex',
    FRESHDESK_API_KEY: 'a-key-of-globex',
    FIELD_NATION_SANDBOX: 'true',
  });
  expect(await other.ended).toBe(1);
  expect(other.err()).toMatch(/account acme.*name globex.*FRESHDESK_DOMAIN/s);
  await ask('restore', file, '--check');
  expect((await readdir(desk.dataDir)).sort()).toEqual(there);

  const { aside } = await ask('restore', file);
  expect(await readdir(aside ?? '')).toEqual(expect.arrayContaining(['temporal.db', 'secrets.json', 'sandbox.jsonl']));
  const second = await desk.start();
  await desk.view(second.url, before, 'the dispatch', (v) => v.state === 'dispatched');
});

it('leaves no Temporal server standing still when the backup is killed in the middle of it', async () => {
  const sleeper = desk.run('sleep', ['1000']);
  const script = `require('./dist/engine/frozen').whileFrozen(${sleeper.pid}, () => {
    console.log('frozen');
    return new Promise(() => setInterval(() => undefined, 1000));
  })`;
  const holder = desk.run(process.execPath, ['-e', script]);
  await holder.says(/frozen/);
  const state = async (): Promise<string> =>
    /\) (\w)/.exec(await readFile(`/proc/${sleeper.pid}/stat`, 'utf8'))?.[1] ?? '';
  expect(await state()).toBe('T');
  holder.kill('SIGKILL');
  await until('the server to go on', async () => (await state()) !== 'T');
});
