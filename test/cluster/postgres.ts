/** A PostgreSQL with a streaming replica on loopback, gone with its folder. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chown, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../helpers/until';
import { LOOPBACK, portOrFree } from '../../engine/free-port';
import { startRelay, type Relay } from './relay';

const run = promisify(execFile);
const START_MS = 60_000;

export interface Postgres {
  /** Its port leads to the primary, whichever server that is. */
  relay: Relay;
  /** `kill -9` of the primary. */
  kill: () => Promise<void>;
  /** After `kill`: the replica becomes the primary, and gets a replica of its own. */
  failOver: () => Promise<void>;
  /** Asks the primary; gives the value of a query of one. */
  ask: (sql: string) => Promise<string>;
  stop: () => Promise<void>;
  /** For an exit hook, which cannot wait. */
  tellToEnd: () => void;
}

/** One of the two servers. */
interface Node {
  data: string;
  port: number;
  child: ChildProcess;
  ended: Promise<void>;
}

/** PostgreSQL refuses to run as root: there, the system's user `postgres` runs it. */
async function owner(): Promise<{ uid: number; gid: number } | Record<string, never>> {
  if (process.getuid?.() !== 0) return {};
  const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'postgres'])));
  const [uid = 0, gid = 0] = ids.map(({ stdout }) => Number(stdout));
  return { uid, gid };
}

/**
 * Starts it with the superuser `temporal`, trusted on loopback. Promise: what a client was told to be committed is on both
 * disks, so a fail-over loses none of it. Only while a new replica is being made the primary answers for it alone.
 */
export async function startPostgres(programs: string, folder: string): Promise<Postgres> {
  const as = await owner();
  const options = { ...as, cwd: '/', env: { PATH: process.env.PATH, LANG: 'C' } };
  const call = async (program: string, ...args: string[]): Promise<string> =>
    (await run(join(programs, program), args, options)).stdout.trim();
  const server = (port: number): string[] => ['-h', LOOPBACK, '-p', String(port), '-U', 'temporal'];
  const ask = (port: number, sql: string): Promise<string> =>
    call('psql', ...server(port), '-d', 'postgres', '-Atc', sql);

  const emptyFolder = async (name: string): Promise<string> => {
    const data = join(folder, name);
    await mkdir(data, { mode: 0o700 });
    if (as.uid !== undefined) await chown(data, as.uid, as.gid);
    return data;
  };
  const begin = async (name: string, data: string): Promise<Node> => {
    const port = await portOrFree(0);
    const settings = {
      listen_addresses: LOOPBACK,
      port: String(port),
      unix_socket_directories: '',
      max_connections: '200',
      shared_buffers: '256MB',
      // By default a server that was killed leaves some of its memory behind.
      dynamic_shared_memory_type: 'mmap',
      // The name that the primary knows its replica by.
      cluster_name: name,
    };
    const args = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const child = spawn(join(programs, 'postgres'), ['-D', data, ...args], {
      ...options,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
    // The last of its processes closes what it says.
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const node = { data, port, child, ended };
    nodes.add(node);
    void ended.then(() => nodes.delete(node));
    const accepts = (): Promise<boolean> =>
      call('pg_isready', ...server(port)).then(
        () => true,
        () => false,
      );
    await until('PostgreSQL to accept connections', accepts, () => said, START_MS);
    return node;
  };

  let made = 1;
  const replicaOf = async (source: Node): Promise<Node> => {
    const name = `node${(made += 1)}`;
    const data = await emptyFolder(name);
    await call('pg_basebackup', ...server(source.port), '-D', data, '-R', '-X', 'stream', '-c', 'fast');
    const node = await begin(name, data);
    await ask(source.port, `ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
    await ask(source.port, 'SELECT pg_reload_conf()');
    const states = `SELECT sync_state FROM pg_stat_replication WHERE application_name = '${name}'`;
    await until(
      'the replica to be synchronous',
      async () => (await ask(source.port, states)) === 'sync',
      undefined,
      START_MS,
    );
    return node;
  };

  const nodes = new Set<Node>();
  // SIGINT: ends the connections and itself; SIGTERM would wait for the clients.
  const tellToEnd = (): void => nodes.forEach(({ child }) => child.kill('SIGINT'));
  let relay: Relay | null = null;
  const stop = async (): Promise<void> => {
    tellToEnd();
    await Promise.all([...nodes].map(({ ended }) => ended));
    await relay?.close();
  };
  try {
    const first = await emptyFolder('node1');
    await call('initdb', '-D', first, '-U', 'temporal', '-A', 'trust', '-E', 'UTF8', '--no-locale');
    let primary = await begin('node1', first);
    let replica = await replicaOf(primary);
    relay = await startRelay(0, [primary.port]);
    const { port, leadTo } = relay;
    return {
      relay,
      kill: async () => {
        primary.child.kill('SIGKILL');
        await primary.ended;
      },
      failOver: async () => {
        const dead = primary;
        await call('pg_ctl', 'promote', '-D', replica.data, '-w');
        primary = replica;
        leadTo([primary.port]);
        await rm(dead.data, { recursive: true, force: true });
        replica = await replicaOf(primary);
      },
      ask: (sql) => ask(port, sql),
      ...{ stop, tellToEnd },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
