/** A PostgreSQL of its own on loopback, gone with its folder. */
import { execFile, spawn } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../helpers/until';
import { LOOPBACK, portOrFree } from '../../engine/free-port';

const run = promisify(execFile);
const START_MS = 30_000;

export interface Postgres {
  port: number;
  stop: () => Promise<void>;
  tellToEnd: () => void;
}

/** PostgreSQL refuses to run as root: there, the system's user `postgres` runs it. */
async function owner(): Promise<{ uid: number; gid: number } | Record<string, never>> {
  if (process.getuid?.() !== 0) return {};
  const ids = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'postgres'])));
  const [uid = 0, gid = 0] = ids.map(({ stdout }) => Number(stdout));
  return { uid, gid };
}

/** Starts it with the superuser `temporal`, trusted on loopback. `synchronous_commit` stays on: what is acknowledged is on disk. */
export async function startPostgres(programs: string, folder: string): Promise<Postgres> {
  const as = await owner();
  const data = join(folder, 'postgres');
  await mkdir(data, { mode: 0o700 });
  if (as.uid !== undefined) await chown(data, as.uid, as.gid);
  const options = { ...as, cwd: data, env: { PATH: process.env.PATH, LANG: 'C' } };
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-U', 'temporal', '-A', 'trust', '-E', 'UTF8', '--no-locale'],
    options,
  );
  const port = await portOrFree(0);
  const settings = {
    listen_addresses: LOOPBACK,
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '256MB',
  };
  const args = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const child = spawn(join(programs, 'postgres'), ['-D', data, ...args], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const accepts = (): Promise<boolean> =>
    run(join(programs, 'pg_isready'), ['-h', LOOPBACK, '-p', String(port)]).then(
      () => true,
      () => false,
    );
  await until('PostgreSQL to accept connections', accepts, () => said, START_MS);
  return {
    port,
    // SIGINT: ends the connections and itself; SIGTERM would wait for the clients.
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
    tellToEnd: () => void child.kill('SIGINT'),
  };
}
