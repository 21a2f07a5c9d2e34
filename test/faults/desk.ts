/**
 * Deskbridge against the world of a run: a web server, two workers and a file-backed Temporal server, each a process of
 * its own that may be killed at any moment. Promise: `remove` leaves neither process nor file behind.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findTemporalProgram } from '../../src/temporal/engine/find-program';
import { portOrFree, LOOPBACK } from '../../src/temporal/engine/free-port';
import { withEngineConnection } from '../../src/temporal/engine/engine-connection';
import { waitForEnd } from '../../src/temporal/engine/process-state';
import { serverLogTail } from '../../src/temporal/engine/server-log';
import { registerSearchAttributes } from '../../src/temporal/engine';
import { spawnServer } from '../../src/temporal/engine/server-process';
import { createPart, type Part } from './part';
import { CONFIG } from './config';
import { SECRETS, type World } from './world';

export const ROOT = resolve(__dirname, '../..');
const NAMESPACE = 'default';
const START_MS = 90_000;
const END_MS = 10_000;

/** What the shell has set must not steer the service; where the Temporal program is may be told. */
const OURS =
  /^(TEMPORAL(?!_CLI_PATH)|FRESHDESK|FIELD_NATION|DESKBRIDGE|EVENTS|ADMIN|npm_)|^(PORT|HOST|LOG_LEVEL|RECONCILE_INTERVAL)/i;
const cleanEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

export interface Desk {
  webUrl: string;
  client: Client;
  web: Part;
  workers: Part[];
  temporal: Pick<Part, 'start' | 'kill'>;
  /** Processes that ended although nobody asked them to. */
  crashes: string[];
  /** Used by workers that begin from now on. */
  setQuota(perMinute: { freshdesk: number; fieldNation: number }): void;
  remove(): Promise<void>;
}

/** Quotas so high that they never count. */
export const WITHOUT_QUOTA = { freshdesk: 1_000_000, fieldNation: 1_000_000 };

export async function openDesk(world: World, dir: string): Promise<Desk> {
  const dataDir = mkdtempSync(join(resolve(dir), 'deskbridge-faults-'));
  const configFile = join(dataDir, 'faults.yaml');
  writeFileSync(configFile, CONFIG);
  const [grpcPort, webPort] = [await portOrFree(0), await portOrFree(0)];
  const address = `${LOOPBACK}:${grpcPort}`;
  let quota = WITHOUT_QUOTA;
  const crashes: string[] = [];
  const onCrash = (what: string): void => void crashes.push(what);

  const deskbridge = (part: 'web' | 'worker') => () => ({
    program: process.execPath,
    args: ['dist/src/cli/main.js', 'start', `--${part}`],
    cwd: ROOT,
    env: {
      ...cleanEnv,
      ...{ DESKBRIDGE_DATA_DIR: dataDir, DESKBRIDGE_CONFIG: configFile, PORT: String(webPort), LOG_LEVEL: 'error' },
      ...{ TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: NAMESPACE, RECONCILE_INTERVAL: '2m' },
      FRESHDESK_DOMAIN: 'acme',
      FRESHDESK_API_KEY: SECRETS.freshdeskKey,
      FRESHDESK_BASE_URL: world.sandbox.freshdeskUrl,
      FRESHDESK_WEBHOOK_SECRET: SECRETS.freshdesk,
      FRESHDESK_CALLS_PER_MINUTE: String(quota.freshdesk),
      FIELD_NATION_BASE_URL: world.sandbox.fieldNationUrl,
      FIELD_NATION_CLIENT_ID: SECRETS.credentials.clientId,
      FIELD_NATION_CLIENT_SECRET: SECRETS.credentials.clientSecret,
      FIELD_NATION_USERNAME: SECRETS.credentials.username,
      FIELD_NATION_PASSWORD: SECRETS.credentials.password,
      FIELD_NATION_WEBHOOK_SECRET: SECRETS.fieldNation,
      FIELD_NATION_CALLS_PER_MINUTE: String(quota.fieldNation),
      EVENTS_WRITE_KEY: SECRETS.writeKey,
      // Makes it end by itself when the run is killed: a child of npm follows its parent.
      npm_lifecycle_event: 'faults',
    },
  });
  const web = createPart({
    ...{ name: 'web', command: deskbridge('web'), onCrash },
    ready: /^Deskbridge is ready: (http:\S+)$/m,
  });
  const workers = ['worker 1', 'worker 2'].map((name) =>
    createPart({ name, command: deskbridge('worker'), ready: /^Deskbridge runs: worker$/m, onCrash }),
  );
  const temporal = await temporalPart(dataDir, grpcPort, onCrash);
  const tellAll = (): void => {
    for (const pid of [web, ...workers, temporal].map((part) => part.pid()))
      if (pid !== null) process.kill(pid, 'SIGTERM');
  };
  process.once('exit', tellAll);
  const connection = Connection.lazy({ address, connectTimeout: 5_000 });
  const desk: Desk = {
    webUrl: `http://${LOOPBACK}:${webPort}`,
    client: new Client({ connection, namespace: NAMESPACE }),
    ...{ web, workers, temporal, crashes },
    setQuota: (perMinute) => void (quota = perMinute),
    remove: async () => {
      await Promise.all([web, ...workers].map((part) => part.end()));
      await temporal.kill();
      await connection.close();
      process.removeListener('exit', tellAll);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await temporal.start();
    world.sandbox.setDeskbridgeUrl(desk.webUrl);
    await Promise.all([web, ...workers].map((part) => part.start()));
    return desk;
  } catch (error) {
    await desk.remove();
    throw error;
  }
}

/** The server by itself, as an operator's cluster: nobody of ours begins or adopts it. */
async function temporalPart(dataDir: string, grpcPort: number, onCrash: (what: string) => void) {
  const program = await findTemporalProgram({ env: process.env, report: (line) => process.stderr.write(`${line}\n`) });
  let pid: number | null = null;
  const address = `${LOOPBACK}:${grpcPort}`;
  return {
    name: 'temporal',
    pid: () => pid,
    async start() {
      const server = await spawnServer({
        ...{ program, dataDir, env: process.env, namespace: NAMESPACE, grpcPort, uiPort: undefined, codecEndpoint: null },
      });
      pid = server.pid;
      void server.ended.then((how) => {
        if (pid !== server.pid) return;
        pid = null;
        void serverLogTail(dataDir).then((tail) => onCrash(`The Temporal server ended by itself (${how}):\n${tail}`));
      });
      await withEngineConnection(address, START_MS, (connection) => registerSearchAttributes(connection, NAMESPACE));
    },
    async kill() {
      const killed = pid;
      pid = null;
      if (killed === null) return;
      process.kill(killed, 'SIGKILL');
      await waitForEnd(killed, END_MS);
    },
  };
}
