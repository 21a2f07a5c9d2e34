/** A release takes over from the one before it while work goes on, with the lines of docs/operations.md. */
import { Client, Connection } from '@temporalio/client';
import { allEnd, buildOnce, openDesk, ticketForTheField, type Desk, type Run } from '../helpers/process';
import { documentedCommands, runnerOf } from '../helpers/documented';
import { startTemporalServer, type TemporalServer } from '../helpers/temporal-server';
import { until } from '../helpers/until';

// Twelve processes start, one after the other.
const [OLD, NEW] = ['1.4.0', '1.5.0'];
/** How often and how soon Temporal looks whether a release is drained; minutes by default. */
const SOON = {
  'matching.wv.VersionDrainageStatusRefreshInterval': '"1s"',
  'matching.wv.VersionDrainageStatusVisibilityGracePeriod': '"1s"',
};

let server: TemporalServer;
let connection: Connection;
let desk: Desk;
beforeAll(async () => {
  await buildOnce();
  server = await startTemporalServer(SOON);
  connection = await Connection.connect({ address: server.address });
});
beforeEach(async () => (desk = await openDesk()));
afterEach(() => desk.cleanUp());
afterAll(async () => {
  await connection.close();
  await server.stop();
});

const LINES = documentedCommands()
  .map(({ command }) => command)
  .filter((command) => runnerOf(command) === 'rolling restart');

/** Runs the one documented line that holds all of this; gives what it says. */
function asDocumented(command: string, buildId: string, ...more: string[]): Promise<string> {
  const found = LINES.filter((line) => line.includes(` ${command} `));
  const [line = ''] = [...found.filter((candidate) => candidate.includes(buildId)), ...found];
  expect(line).toMatch(command);
  return server.temporal(
    ...line
      .replace(/--build-id \S+/, `--build-id ${buildId}`)
      .split(' ')
      .slice(1),
    ...more,
  );
}

interface Version {
  taskQueuesInfos?: { name: string }[];
  drainageInfo?: { drainageStatus?: string };
}
const version = async (buildId: string): Promise<Version> =>
  JSON.parse(await asDocumented('describe-version', buildId, '--output', 'json')) as Version;

/** Resolves when Temporal knows all three queues of the release. */
async function polls(buildId: string): Promise<void> {
  let last = '';
  const holds = async (): Promise<boolean> => {
    const seen = await version(buildId).catch((error: Error) => (last = error.message));
    if (typeof seen !== 'string') last = JSON.stringify(seen);
    return typeof seen !== 'string' && new Set(seen.taskQueuesInfos?.map(({ name }) => name)).size === 3;
  };
  await until(`three queues of ${buildId}`, holds, () => last);
}

/** The release that did the dispatch's last step; null: one without a name. */
async function releaseOf(ticketId: number): Promise<string | null> {
  const client = new Client({ connection });
  const { raw } = await client.workflow.getHandle(`dispatch-acme-${ticketId}`).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? null;
}

it('goes from unnamed workers to one release and on to the next: open dispatches move, none is lost or doubled', async () => {
  const common = { TEMPORAL_ADDRESS: server.address };
  const worker = async (buildId: string | null): Promise<Run> => {
    const named = buildId === null ? {} : { TEMPORAL_DEPLOYMENT_NAME: 'deskbridge', TEMPORAL_WORKER_BUILD_ID: buildId };
    const run = desk.deskbridge(['start', '--worker'], { ...common, ...named });
    await run.says(/^Deskbridge runs: worker$/m);
    return run;
  };
  /** What the doctor says of the release that its settings name. */
  const doctor = async (buildId: string): Promise<unknown> => {
    const named = { TEMPORAL_DEPLOYMENT_NAME: 'deskbridge', TEMPORAL_WORKER_BUILD_ID: buildId };
    const run = desk.deskbridge(['doctor', '--json'], { ...common, ...named });
    await run.ended;
    const { checks } = JSON.parse(run.out()) as { checks: { what: string; level: string; detail: string }[] };
    const found = checks.find(({ what }) => what === 'worker deployment deskbridge');
    return [found?.level, found?.detail];
  };
  const ends = async (run: Run): Promise<void> => {
    run.kill('SIGTERM');
    await allEnd(run.pid);
    expect(await run.ended).toBe(0);
  };
  const sandbox = desk.deskbridge(['start', '--sandbox'], common);
  await sandbox.says(/^Deskbridge runs: sandbox$/m);
  const unnamed = await worker(null);
  const web = desk.deskbridge(['start', '--web'], common);
  const [, url = ''] = await web.says(/^Deskbridge is ready: (\S+)$/m);
  await sandbox.says(/webhooks of the sandbox go to this web server now/);
  const orders = new Map<number, number>();
  const dispatched = async (id: number): Promise<void> => {
    const { workOrderId } = await desk.view(url, id, 'a work order', (view) => view.state === 'dispatched');
    orders.set(id, workOrderId ?? 0);
  };
  const opened = async (): Promise<number> => {
    const id = await ticketForTheField(desk);
    await dispatched(id);
    return id;
  };

  const first = await opened();
  expect(await releaseOf(first)).toBeNull();
  const old = await worker(OLD);
  await polls(OLD);
  const beforeWord = await opened();
  expect(await releaseOf(beforeWord)).toBeNull();
  expect(await doctor(OLD)).toEqual(['red', 'no build is current: its workers get no work']);
  await asDocumented('set-current-version', OLD);
  await ends(unnamed);
  const second = await opened();
  expect(await releaseOf(second)).toBe(OLD);

  const next = await worker(NEW);
  await polls(NEW);
  expect(await releaseOf(await opened())).toBe(OLD);
  expect(await doctor(NEW)).toEqual(['yellow', 'build 1.4.0 is current, not 1.5.0']);
  await asDocumented('set-ramping-version', NEW);
  // In the middle of it: one before the word, one while it is given, one while the old workers end.
  const during = [await ticketForTheField(desk)];
  const word = asDocumented('set-current-version', NEW);
  during.push(await ticketForTheField(desk));
  await word;
  const ending = ends(old);
  during.push(await ticketForTheField(desk));
  await ending;
  for (const id of during) await dispatched(id);
  expect(await releaseOf(await opened())).toBe(NEW);

  await Promise.all([...orders].map(([id, order]) => desk.finish(id, order)));
  for (const [id] of orders) {
    expect(await desk.counts(id)).toEqual({ status: 4, orders: 1, privateNotes: 1 });
    expect(await releaseOf(id)).toBe(NEW);
  }
  expect(orders.size).toBe(8);
  const { workflow } = new Client({ connection });
  expect((await workflow.count("ExecutionStatus NOT IN ('Running', 'Completed')")).count).toBe(0);

  let drainage: string | undefined;
  await until(
    'the old release to be drained',
    async () => (drainage = (await version(OLD)).drainageInfo?.drainageStatus) === 'drained',
    () => String(drainage),
  );
  for (const run of [web, sandbox]) run.kill('SIGTERM');
  await ends(next);
});
