/** A real Temporal server on PostgreSQL with a replica, without containers: schemas, configuration, namespace. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { withEngineConnection } from '../../engine/engine-connection';
import { LOOPBACK, portOrFree } from '../../engine/free-port';
import { moduleFolder } from '../../engine/go-build';
import { until } from '../helpers/until';
import { clusterPrograms, type ClusterPrograms } from './programs';
import { startPostgres, type Postgres } from './postgres';

const run = promisify(execFile);
const NAMESPACE = 'default';
const START_MS = 60_000;
const RESTART_MS = 1_000;
const RETENTION_SECONDS = 30 * 24 * 60 * 60;

export interface TemporalCluster {
  address: string;
  namespace: string;
  postgres: Postgres;
  /** How often the server ended by itself and was begun again, as an operator's unit does. */
  restarts: () => number;
  /** `kill -9` of the server; PostgreSQL stays. */
  kill: () => Promise<void>;
  /** The server again, on the same database and port. */
  start: () => Promise<void>;
  /** Ends all and removes the data. */
  stop: () => Promise<void>;
  /** For an exit hook, which cannot wait. */
  tellToEnd: () => void;
}

/** Takes seconds, or ten minutes when the server has yet to be built. */
export async function startTemporalCluster(report: (line: string) => void): Promise<TemporalCluster> {
  const programs = await clusterPrograms(report);
  const folder = await mkdtemp(join(tmpdir(), 'deskbridge-cluster-'));
  // The user that PostgreSQL runs as has to pass.
  await chmod(folder, 0o711);
  let postgres: Postgres | null = null;
  let server: Server | null = null;
  let restarts = 0;
  const letGo = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server;
    server = null;
    ending?.child.kill(signal);
    await ending?.ended;
  };
  const stop = async (): Promise<void> => {
    await letGo('SIGTERM');
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    postgres = await startPostgres(programs.postgres, folder);
    await makeSchemas(programs, postgres);
    const address = `${LOOPBACK}:${await writeConfig(folder, postgres)}`;
    const supervise = async (begun: Server): Promise<void> => {
      await begun.ended;
      await delay(RESTART_MS);
      if (server !== begun) return;
      restarts += 1;
      server = startServer(programs, folder);
      void supervise(server);
    };
    const begin = async (): Promise<void> => {
      const begun = (server = startServer(programs, folder));
      await answers(address, begun);
      void supervise(begun);
    };
    await begin();
    await makeNamespace(address);
    return {
      address,
      namespace: NAMESPACE,
      postgres,
      restarts: () => restarts,
      start: begin,
      kill: () => letGo('SIGKILL'),
      stop,
      tellToEnd: () => {
        server?.child.kill('SIGTERM');
        postgres?.tellToEnd();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function makeSchemas({ sqlTool, schemas }: ClusterPrograms, { relay: { port } }: Postgres): Promise<void> {
  for (const [database, schema] of Object.entries({ temporal: 'temporal', temporal_visibility: 'visibility' })) {
    const tool = (...args: string[]) =>
      run(sqlTool, [
        '--plugin',
        'postgres12',
        '--ep',
        LOOPBACK,
        '-p',
        String(port),
        '-u',
        'temporal',
        '--db',
        database,
        ...args,
      ]);
    await tool('create');
    await tool('setup-schema', '-v', '0.0');
    await tool('update-schema', '-d', join(schemas, schema, 'versioned'));
  }
}

/** One process with all four services; gives the frontend's port. */
async function writeConfig(folder: string, postgres: Postgres): Promise<number> {
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      ...{
        pluginName: 'postgres12',
        databaseName,
        connectAddr: `${LOOPBACK}:${postgres.relay.port}`,
        connectProtocol: 'tcp',
      },
      ...{ user: 'temporal', maxConns, maxIdleConns: maxConns, maxConnLifetime: '1h' },
    },
  });
  const services: Record<string, { rpc: { grpcPort: number; membershipPort: number; bindOnLocalHost: true } }> = {};
  for (const name of ['frontend', 'matching', 'history', 'worker'])
    services[name] = {
      rpc: { grpcPort: await lowPort(), membershipPort: await lowPort(), bindOnLocalHost: true },
    };
  const grpcPort = services.frontend?.rpc.grpcPort ?? 0;
  await copyFile(join(moduleFolder(), 'dynamic-config.yaml'), join(folder, 'dynamic.yaml'));
  await mkdir(join(folder, 'config'));
  const config = {
    log: { stdout: true, level: 'warn' },
    persistence: {
      ...{ defaultStore: 'main', visibilityStore: 'visibility', numHistoryShards: 16 },
      datastores: { main: store('temporal', 40), visibility: store('temporal_visibility', 10) },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: LOOPBACK } },
    services,
    clusterMetadata: {
      ...{ enableGlobalNamespace: false, failoverVersionIncrement: 10 },
      ...{ masterClusterName: 'active', currentClusterName: 'active' },
      clusterInformation: {
        active: {
          ...{ enabled: true, initialFailoverVersion: 1, rpcName: 'frontend' },
          rpcAddress: `${LOOPBACK}:${grpcPort}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(folder, 'dynamic.yaml'), pollInterval: '60s' },
  };
  await writeFile(join(folder, 'config', 'cluster.yaml'), stringify(config));
  return grpcPort;
}

/** The schema keeps ports of members in two signed bytes. */
async function lowPort(): Promise<number> {
  for (;;) {
    const wanted = 15_000 + (lastPort++ % 15_000);
    if ((await portOrFree(wanted)) === wanted) return wanted;
  }
}
let lastPort = process.pid * 10;

interface Server {
  child: ChildProcess;
  ended: Promise<void>;
  said: () => string;
}

function startServer({ server }: ClusterPrograms, folder: string): Server {
  const child = spawn(server, ['--root', folder, '--config', 'config', '--env', 'cluster', 'start'], {
    ...{ cwd: folder, env: { PATH: process.env.PATH, HOME: folder } },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const hear = (text: string): void => void (said = (said + text).slice(-8000));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
  return { child, said: () => said, ended: new Promise((resolve) => child.once('close', () => resolve())) };
}

const answers = (address: string, { ended, said }: Server): Promise<void> =>
  withEngineConnection(
    address,
    START_MS,
    async () => undefined,
    ended.then(() => Promise.reject(new Error(`The Temporal server ended:\n${said()}`))),
  );

async function makeNamespace(address: string): Promise<void> {
  await withEngineConnection(address, START_MS, async (connection) => {
    await connection.workflowService.registerNamespace({
      namespace: NAMESPACE,
      workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
    });
    const known = (): Promise<boolean> =>
      connection.workflowService.describeNamespace({ namespace: NAMESPACE }).then(
        () => true,
        () => false,
      );
    await until('the namespace', known, () => '', START_MS);
  });
}
