/**
 * Deskbridge against the world of a run: a web server, two workers and a file-backed Temporal server, or two web servers,
 * three workers and a Temporal server on PostgreSQL, with lines between them that may be cut; each a process of its own that
 * may be killed at any moment.
 * Promise: `remove` leaves neither process nor file behind.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { findTemporalProgram } from '../../engine/find-program';
import { portOrFree, LOOPBACK } from '../../engine/free-port';
import { withEngineConnection } from '../../engine/engine-connection';
import { waitForEnd } from '../../engine/process-state';
import { serverLogTail } from '../../engine/server-log';
import { registerSearchAttributes } from '../../engine';
import { spawnServer } from '../../engine/server-process';
import { startChild, type Child } from '../../bench/child';
import { startRelay, type Relay } from '../cluster/relay';
import { startTemporalCluster, type TemporalCluster } from '../cluster/temporal-cluster';
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
  webs: Part[];
  workers: Part[];
  temporal: Pick<Part, 'start' | 'kill'>;
  /** null: all runs on one machine. */
  cluster: Cluster | null;
  /** Processes that ended although nobody asked them to. */
  crashes: string[];
  /** A command of an operator, as a process of its own. */
  command(args: string[]): Child;
  /** Used by workers that begin from now on. */
  setQuota(perMinute: { freshdesk: number; fieldNation: number }): void;
  /** The text of the config file, read by processes that begin from now on. */
  setConfig(text: string): void;
  remove(): Promise<void>;
}

export interface Cluster {
  /** The primary is killed; at its start the replica takes its place, and another replica is made. */
  database: Pick<Part, 'start' | 'kill'>;
  /** What leads from each web server and worker to the Temporal server, and from that to its database. */
  lines: { webs: Relay[]; workers: Relay[]; database: Relay };
  /** Bytes of all databases. */
  storeSize(): Promise<number>;
  /** How often the Temporal server ended by itself and was begun again. */
  restarts(): number;
}

export interface DeskOptions {
  dir: string;
  cluster: boolean;
  /** Calls a minute that the settings name. */
  quota: { freshdesk: number; fieldNation: number };
  sweepEvery: string;
  /** The text of the config file; that of the faults when left out. */
  config?: string;
}

/** Quotas so high that they never count. */
export const WITHOUT_QUOTA = { freshdesk: 1_000_000, fieldNation: 1_000_000 };

/** What runs: on one machine, or as beyond one. */
const SIZES = { embedded: { webs: 1, workers: 2 }, cluster: { webs: 2, workers: 3 } };

/** The Temporal server by itself, as an operator's: nobody of ours begins or adopts it. */
interface Engine extends Pick<Part, 'start' | 'kill'> {
  address: string;
  cluster: TemporalCluster | null;
  /** For an exit hook, which cannot wait. */
  tellToEnd(): void;
  remove(): Promise<void>;
}

export async function openDesk(world: World, options: DeskOptions): Promise<Desk> {
  let { quota } = options;
  const dataDir = mkdtempSync(join(resolve(options.dir), 'deskbridge-faults-'));
  const configFile = join(dataDir, 'faults.yaml');
  writeFileSync(configFile, options.config ?? CONFIG);
  const size = options.cluster ? SIZES.cluster : SIZES.embedded;
  const webPort = await portOrFree(0);
  const crashes: string[] = [];
  const onCrash = (what: string): void => void crashes.push(what);

  const temporal = options.cluster ? await clusterEngine() : await embeddedEngine(dataDir, onCrash);
  const relays: Relay[] = [];
  const relay = async (port: number, targets: number[]): Promise<Relay> => {
    const made = await startRelay(port, targets);
    relays.push(made);
    return made;
  };
  const temporalPort = Number(temporal.address.split(':')[1]);
  const linesOf = (parts: number): Promise<Relay[]> =>
    Promise.all(Array.from({ length: temporal.cluster ? parts : 0 }, () => relay(0, [temporalPort])));
  const lines = { webs: await linesOf(size.webs), workers: await linesOf(size.workers) };

  const deskbridge =
    (args: string[], port = webPort, line?: Relay) =>
    () => ({
      program: process.execPath,
      args: ['dist/src/cli/main.js', ...args],
      cwd: ROOT,
      env: {
        ...cleanEnv,
        ...{ DESKBRIDGE_DATA_DIR: dataDir, DESKBRIDGE_CONFIG: configFile, PORT: String(port), LOG_LEVEL: 'error' },
        ...{
          TEMPORAL_ADDRESS: line ? `${LOOPBACK}:${line.port}` : temporal.address,
          TEMPORAL_NAMESPACE: NAMESPACE,
          RECONCILE_INTERVAL: options.sweepEvery,
        },
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
        CONTACTS_HASH_KEY: SECRETS.hashKey,
        ADMIN_TOKEN: SECRETS.adminToken,
        // Makes it end by itself when the run is killed: a child of npm follows its parent.
        npm_lifecycle_event: 'faults',
      },
    });
  const ports = size.webs === 1 ? [webPort] : await Promise.all(Array.from({ length: size.webs }, () => portOrFree(0)));
  if (size.webs > 1) await relay(webPort, ports);
  const webs = ports.map((port, nth) =>
    createPart({
      ...{ name: `web ${nth + 1}`, command: deskbridge(['start', '--web'], port, lines.webs[nth]), onCrash },
      ready: /^Deskbridge is ready: (http:\S+)$/m,
    }),
  );
  const workers = Array.from({ length: size.workers }, (_, nth) =>
    createPart({
      ...{
        name: `worker ${nth + 1}`,
        command: deskbridge(['start', '--worker'], webPort, lines.workers[nth]),
        onCrash,
      },
      ready: /^Deskbridge runs: worker$/m,
    }),
  );
  const commands: Child[] = [];
  const tellAll = (): void => {
    for (const child of commands) child.tellToEnd();
    for (const pid of [...webs, ...workers].map((part) => part.pid())) if (pid !== null) process.kill(pid, 'SIGTERM');
    temporal.tellToEnd();
  };
  process.once('exit', tellAll);
  const connection = Connection.lazy({ address: temporal.address, connectTimeout: 5_000 });
  const desk: Desk = {
    webUrl: `http://${LOOPBACK}:${webPort}`,
    client: new Client({ connection, namespace: NAMESPACE }),
    ...{ webs, workers, temporal, crashes },
    cluster: temporal.cluster && clusterOf(temporal.cluster, lines),
    command: (args) => {
      const { program, args: all, cwd, env } = deskbridge(args)();
      const child = startChild(program, all, cwd, env);
      commands.push(child);
      return child;
    },
    setQuota: (perMinute) => void (quota = perMinute),
    setConfig: (text) => writeFileSync(configFile, text),
    remove: async () => {
      await Promise.all([...webs, ...workers, ...commands].map((part) => part.end()));
      await Promise.all(relays.map((one) => one.close()));
      await connection.close();
      await temporal.remove();
      process.removeListener('exit', tellAll);
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  try {
    await temporal.start();
    world.sandbox.setDeskbridgeUrl(desk.webUrl);
    await Promise.all([...webs, ...workers].map((part) => part.start()));
    return desk;
  } catch (error) {
    await desk.remove();
    throw error;
  }
}

async function embeddedEngine(dataDir: string, onCrash: (what: string) => void): Promise<Engine> {
  const program = await findTemporalProgram({ env: process.env, report: (line) => process.stderr.write(`${line}\n`) });
  let pid: number | null = null;
  const grpcPort = await portOrFree(0);
  const apiPort = await portOrFree(0);
  const address = `${LOOPBACK}:${grpcPort}`;
  const kill = async (): Promise<void> => {
    const killed = pid;
    pid = null;
    if (killed === null) return;
    process.kill(killed, 'SIGKILL');
    await waitForEnd(killed, END_MS);
  };
  return {
    address,
    cluster: null,
    tellToEnd: () => void (pid !== null && process.kill(pid, 'SIGTERM')),
    async start() {
      const server = await spawnServer({
        ...{
          program,
          dataDir,
          env: process.env,
          namespace: NAMESPACE,
          grpcPort,
          api: { port: apiPort, host: 'nobody.invalid' },
        },
      });
      pid = server.pid;
      void server.ended.then((how) => {
        if (pid !== server.pid) return;
        pid = null;
        void serverLogTail(dataDir).then((tail) => onCrash(`The Temporal server ended by itself (${how}):\n${tail}`));
      });
      await withEngineConnection(address, START_MS, (connection) => registerSearchAttributes(connection, NAMESPACE));
    },
    kill,
    remove: kill,
  };
}

async function clusterEngine(): Promise<Engine> {
  const cluster = await startTemporalCluster((line) => process.stderr.write(`${line}\n`));
  // It runs already; the first start is that of the others.
  let isUp = true;
  return {
    address: cluster.address,
    cluster,
    tellToEnd: cluster.tellToEnd,
    start: async () => {
      if (!isUp) await cluster.start();
      isUp = true;
    },
    kill: async () => {
      isUp = false;
      await cluster.kill();
    },
    remove: cluster.stop,
  };
}

function clusterOf(
  { postgres, restarts }: TemporalCluster,
  lines: Pick<Cluster['lines'], 'webs' | 'workers'>,
): Cluster {
  const sizes = 'SELECT sum(pg_database_size(oid)) FROM pg_database';
  return {
    database: { kill: postgres.kill, start: postgres.failOver },
    lines: { ...lines, database: postgres.relay },
    storeSize: async () => Number(await postgres.ask(sizes)),
    restarts,
  };
}
