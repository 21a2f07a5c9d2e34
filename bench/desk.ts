/**
 * What a phase is measured on: a sandbox, a web server and a worker as processes, and a Temporal server, on data of their
 * own. Promise: `remove` leaves neither process nor file behind.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databasePath, readEngineRecord } from '../engine/engine-record';
import { endProcess } from '../engine/process-state';
import { isServerOf } from '../engine/server-identity';
import { startChild, type Child } from './child';
import { WRITE_KEY } from './phases/events';
import { sandboxClient, type SandboxClient } from './sandbox';

export const ROOT = resolve(__dirname, '..');
const ENGINE_GRACE_MS = 10_000;

/** What the shell has set must not steer the service; where the Temporal program is may be told. */
const OURS =
  /^(TEMPORAL(?!_CLI_PATH)|FRESHDESK|FIELD_NATION|DESKBRIDGE|EVENTS|ADMIN|npm_)|^(PORT|HOST|LOG_LEVEL|RECONCILE_INTERVAL)/i;
const cleanEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

/** Upstream quotas are not what is measured. */
export const WITHOUT_QUOTA = 1_000_000;

export interface Desk {
  webUrl: string;
  sandbox: SandboxClient;
  /** What webhooks prove themselves with. */
  secrets: { freshdeskWebhookSecret: string; fieldNationWebhookSecret: string };
  /** Process ids of `sandbox`, `web`, `worker` and `engine`. */
  processes: Record<string, number>;
  temporalAddress: string;
  temporalVersion: string;
  /** Rejects when a process ends before its time. */
  failed: Promise<never>;
  /** Size of the engine's database with what is not yet merged into it. */
  databaseBytes(): number;
  /** Ends all processes; the data stays. */
  end(): Promise<void>;
}

export interface DeskHolder {
  start(): Promise<Desk>;
  remove(): Promise<void>;
}

/** What a desk is built with. */
export interface Place {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  /** Starts a Node program, after the arguments for Node itself. */
  begin: (part: string, args: string[]) => Child;
}

/** A desk whose processes `build` starts; `build` gives the web server's address once all accept work. */
export function deskHolder(dir: string, build: (place: Place) => Promise<string>): DeskHolder {
  const dataDir = mkdtempSync(join(resolve(dir), 'deskbridge-bench-'));
  const env = {
    ...cleanEnv,
    DESKBRIDGE_DATA_DIR: dataDir,
    PORT: '0',
    EVENTS_WRITE_KEY: WRITE_KEY,
    FRESHDESK_CALLS_PER_MINUTE: String(WITHOUT_QUOTA),
    FIELD_NATION_CALLS_PER_MINUTE: String(WITHOUT_QUOTA),
    LOG_LEVEL: 'warn',
    // Makes it end by itself when the bench is killed: a child of npm follows its parent.
    npm_lifecycle_event: 'bench',
  };
  const children: { part: string; child: Child }[] = [];
  const tellAll = (): void => children.forEach(({ child }) => child.tellToEnd());
  process.once('exit', tellAll);
  let ending: Promise<void> | undefined;

  const begin = (part: string, args: string[]): Child => {
    if (ending) throw new Error('The bench is ending.');
    const child = startChild(process.execPath, args, ROOT, env);
    children.push({ part, child });
    return child;
  };
  const endAll = async (): Promise<void> => {
    for (const { child } of [...children].reverse()) await child.end();
    const server = readEngineRecord(dataDir);
    if (server && (await isServerOf(dataDir, server.pid))) await endProcess(server.pid, ENGINE_GRACE_MS);
  };
  const end = (): Promise<void> => (ending ??= endAll());

  return {
    async start() {
      const webUrl = await build({ dataDir, env, begin });
      const engine = readEngineRecord(dataDir);
      if (!engine) throw new Error('The web server and the worker run, but no Temporal server is recorded.');
      const json = <T>(name: string): T => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as T;
      const failed = Promise.race(
        children.map(async ({ part, child }): Promise<never> => {
          const how = await child.ended;
          if (ending) return new Promise(() => undefined);
          throw new Error(`The ${part} process ended early (${how}):\n${child.said()}`);
        }),
      );
      failed.catch(() => undefined);
      return {
        webUrl,
        sandbox: sandboxClient(json('sandbox.json'), json('secrets.json')),
        secrets: json('secrets.json'),
        processes: { ...Object.fromEntries(children.map(({ part, child }) => [part, child.pid])), engine: engine.pid },
        temporalAddress: engine.address,
        temporalVersion: json<{ server: string }>('engine-version.json').server,
        failed,
        databaseBytes: () => sizeOf(databasePath(dataDir)) + sizeOf(`${databasePath(dataDir)}-wal`),
        end,
      };
    },
    async remove() {
      await end();
      process.removeListener('exit', tellAll);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A phase sends more work orders within an hour than one may without a person's yes. */
const UNLIMITED_ORDERS = 'dispatch: { approval: { ordersPerHour: null } }\n';

export interface DeskOptions {
  dir: string;
  /** The setting; null: it never counts. */
  freshdeskCallsPerMinute?: number | null;
  /** Worker processes; one when left out. */
  workers?: number;
  /** The text of the config file, but for its `dispatch`. */
  config: string;
  /** Where web server and worker leave a profile of their processor time; null: they make none. */
  profile: string | null;
}

/** Deskbridge as an operator runs it. */
export const openDesk = ({ dir, config, profile, freshdeskCallsPerMinute, workers = 1 }: DeskOptions): DeskHolder =>
  deskHolder(dir, async ({ dataDir, env, begin }) => {
    if (freshdeskCallsPerMinute) env.FRESHDESK_CALLS_PER_MINUTE = String(freshdeskCallsPerMinute);
    env.DESKBRIDGE_CONFIG = join(dataDir, 'bench.yaml');
    writeFileSync(env.DESKBRIDGE_CONFIG, UNLIMITED_ORDERS + config);
    // First: the worker waits for it, and looks only once a second.
    await beginSandbox(begin);
    const profiled = (part: string): string[] =>
      profile === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${join(resolve(profile), part)}`];
    const web = begin('web', [...profiled('web'), ...startArgs('web')]);
    const worker = begin('worker', [...profiled('worker'), ...startArgs('worker')]);
    const [, webUrl = ''] = await web.says(/^Deskbridge is ready: (http:\S+)$/m);
    await worker.says(/^Deskbridge runs: worker$/m);
    for (let nth = 2; nth <= workers; nth++)
      await begin(`worker ${nth}`, startArgs('worker')).says(/^Deskbridge runs: worker$/m);
    return webUrl;
  });

const startArgs = (part: string): string[] => ['dist/src/cli/main.js', 'start', `--${part}`];

export const beginSandbox = (begin: Place['begin']): Promise<unknown> =>
  begin('sandbox', startArgs('sandbox')).says(/^Deskbridge runs: sandbox$/m);

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
