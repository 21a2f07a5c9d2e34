/** A real nginx in front of a web server, on ports of this machine alone; without one the tests are skipped, and it is said. */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { until } from './until';

/** As `NGINX_PATH` or the search path gives it; null when there is none. */
function findNginx(): string | null {
  const { NGINX_PATH, PATH = '' } = process.env;
  const places = [...PATH.split(delimiter), '/usr/sbin'].map((folder) => join(folder, 'nginx'));
  return (NGINX_PATH ? [NGINX_PATH] : places).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const program = findNginx();

/** `describe` with nginx; skipped, visibly, where there is none. */
export function describeBehindNginx(what: string, tests: () => void): void {
  if (program === null)
    process.stderr.write(`LEFT OUT: ${what} – no nginx here (scripts/install-nginx.sh, or set NGINX_PATH).\n`);
  (program === null ? describe.skip : describe)(what, tests);
}

export interface Nginx<Name extends string> {
  /** Where each of the servers listens. */
  urls: Record<Name, string>;
  stop(): Promise<void>;
}

/** Starts one nginx with a server for each block of directives; `UPSTREAM` in them is the address behind it. */
export async function startNginx<Name extends string>(
  upstream: string,
  servers: Record<Name, string>,
): Promise<Nginx<Name>> {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-nginx-'));
  const names = Object.keys(servers) as Name[];
  const ports = await freePorts(names.length);
  const blocks = names.map(
    (name, nth) => `server { listen 127.0.0.1:${ports[nth]}; ${servers[name].replaceAll('UPSTREAM', upstream)} }`,
  );
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const config = join(folder, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log stderr warn;
     events { worker_connections 256; }
     http { access_log off; ${temporary.join(' ')} ${blocks.join('\n')} }`,
  );
  const child = spawn(program ?? 'nginx', ['-p', folder, '-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const urls = Object.fromEntries(names.map((name, nth) => [name, `http://127.0.0.1:${ports[nth]}`]));
  const first = Object.values(urls)[0] ?? '';
  await until(
    'nginx to answer',
    async () =>
      child.exitCode !== null ||
      (await fetch(first).then(
        () => true,
        () => false,
      )),
    () => said,
  );
  if (child.exitCode !== null) throw new Error(`nginx ended: ${said}`);
  return {
    urls: urls as Record<Name, string>,
    stop: async () => {
      await ended(child);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    child.once('close', () => resolve());
    child.kill('SIGTERM');
  });

/** All at once, so that none is given twice. */
async function freePorts(count: number): Promise<number[]> {
  const holders = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    }),
  );
  const ports = holders.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(holders.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
