/**
 * The files of the Temporal UI. The `temporal` program serves them together with the whole API, to whoever names the port
 * and under any host name. So they come from a server of their own: it holds nothing, and runs only while somebody looks.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { request, type Dispatcher } from 'undici';
import { LOOPBACK, portOrFree } from './free-port';
import { serverEnv } from './server-process';

const IDLE_MS = 120_000;
const START_MS = 60_000;
const POLL_MS = 50;

/** Ends the program when its input ends, which is when the process that began it is gone, however that ended. */
const KEEPER = `
  const child = require('node:child_process').spawn(process.argv[1], process.argv.slice(2), { stdio: 'ignore' });
  child.once('exit', () => process.exit());
  process.stdin.once('end', () => child.kill('SIGKILL')).resume();`;

export interface UiPages {
  /** `GET` of a path of the UI. @throws Error when the program does not serve it within a minute. */
  get(path: string): Promise<Dispatcher.ResponseData>;
  stop(): Promise<void>;
}

interface Running {
  child: ChildProcess;
  url: string;
}

export function createUiPages(program: string, env: NodeJS.ProcessEnv): UiPages {
  let running: Promise<Running> | null = null;
  let idle: NodeJS.Timeout | undefined;

  const stop = async (): Promise<void> => {
    clearTimeout(idle);
    const ending = running;
    running = null;
    const found = await ending?.catch(() => null);
    if (found) await end(found.child);
  };
  return {
    async get(path) {
      clearTimeout(idle);
      running ??= start(program, env, () => (running = null)).catch((error: unknown) => {
        running = null;
        throw error;
      });
      const { url } = await running;
      idle = setTimeout(() => void stop(), IDLE_MS);
      idle.unref();
      return request(`${url}${path}`);
    },
    stop,
  };
}

async function start(program: string, env: NodeJS.ProcessEnv, onEnd: () => void): Promise<Running> {
  const [grpc, ui] = [await portOrFree(0), await portOrFree(0)];
  const args = [
    ...['server', 'start-dev', '--disable-config-file', '--log-level', 'never'],
    ...['--ip', LOOPBACK, '--port', String(grpc), '--ui-port', String(ui)],
  ];
  const child = spawn(process.execPath, ['-e', KEEPER, program, ...args], {
    env: serverEnv(env),
    cwd: tmpdir(),
    windowsHide: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.once('exit', onEnd);
  child.unref();
  const url = `http://${LOOPBACK}:${ui}`;
  const deadline = Date.now() + START_MS;
  while (!(await answers(url))) {
    if (child.exitCode === null && Date.now() < deadline) await delay(POLL_MS);
    else {
      await end(child);
      throw new Error('The Temporal UI did not start');
    }
  }
  return { child, url };
}

const answers = (url: string): Promise<boolean> =>
  request(`${url}/healthz`).then(
    async ({ body }) => body.dump().then(() => true),
    () => false,
  );

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  await ended;
}
