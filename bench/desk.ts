/**
 * Deskbridge as an operator runs it, on data of its own: sandbox, web server and worker as processes, and the Temporal
 * server that they begin. Promise: `remove` leaves neither process nor file behind.
 */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { databasePath, readEngineRecord } from '../src/temporal/engine/engine-record';
import { endProcess } from '../src/temporal/engine/process-state';
import { isServerOf } from '../src/temporal/engine/server-identity';
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
const WITHOUT_QUOTA = '1000000';

export interface Desk {
  webUrl: string;
  sandbox: SandboxClient;
  /** Process ids of `sandbox`, `web`, `worker` and `engine`. */
  processes: Record<string, number>;
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

export function openDesk({ dir, config }: { dir: string; config: string }): DeskHolder {
  const dataDir = mkdtempSync(join(resolve(dir), 'deskbridge-bench-'));
  const configFile = join(dataDir, 'bench.yaml');
  writeFileSync(configFile, config);
  const env = {
    ...cleanEnv,
    DESKBRIDGE_DATA_DIR: dataDir,
    DESKBRIDGE_CONFIG: configFile,
    PORT: '0',
    EVENTS_WRITE_KEY: WRITE_KEY,
    FRESHDESK_CALLS_PER_MINUTE: WITHOUT_QUOTA,
    FIELD_NATION_CALLS_PER_MINUTE: WITHOUT_QUOTA,
    LOG_LEVEL: 'warn',
    // Makes it end by itself when the bench is killed: a child of npm follows its parent.
    npm_lifecycle_event: 'bench',
  };
  const children: { part: string; child: Child }[] = [];
  const tellAll = (): void => children.forEach(({ child }) => child.tellToEnd());
  process.once('exit', tellAll);
  let ending: Promise<void> | undefined;

  const begin = (part: 'sandbox' | 'web' | 'worker'): Child => {
    if (ending) throw new Error('The bench is ending.');
    const child = startChild(process.execPath, ['dist/src/cli/main.js', 'start', `--${part}`], ROOT, env);
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
      // First: the worker waits for it, and looks only once a second.
      await begin('sandbox').says(/^Deskbridge runs: sandbox$/m);
      const [web, worker] = [begin('web'), begin('worker')];
      const [, webUrl = ''] = await web.says(/^Deskbridge is ready: (http:\S+)$/m);
      await worker.says(/^Deskbridge runs: worker$/m);
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
        sandbox: sandboxClient(json<{ url: string }>('sandbox.json').url),
        processes: { ...Object.fromEntries(children.map(({ part, child }) => [part, child.pid])), engine: engine.pid },
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

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
