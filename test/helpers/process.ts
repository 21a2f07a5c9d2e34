/** Deskbridge as an operator runs it: real processes on a data dir of their own, of which none outlives its test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { DispatchView } from '../../src/contract/dispatch';
import { processRuns } from '../../engine/process-state';
import { isServerOf } from '../../engine/server-identity';
import { until } from './until';

export const ROOT = resolve(__dirname, '../..');
/** Starts share two processors with everything else that is tested. */
const PATIENCE_MS = 300_000;

/** What the shell of the tester has set must not steer the service. */
const OURS =
  /^(TEMPORAL|FRESHDESK|FIELD_NATION|DESKBRIDGE|EVENTS|ALERTS|CONTACTS|ADMIN|npm_)|^(PORT|HOST|LOG_LEVEL|RECONCILE_INTERVAL)$/i;
const cleanEnv = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));

export interface Run {
  pid: number;
  out: () => string;
  err: () => string;
  /** The exit code; null after a signal. */
  ended: Promise<number | null>;
  /** Waits for a text on either output; gives the match. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  /** To the process alone. */
  kill(signal: NodeJS.Signals): void;
  /** To its whole group, as a terminal does on Ctrl-C; the Temporal server has a session of its own. */
  killGroup(signal: NodeJS.Signals): void;
}

export interface Desk {
  dataDir: string;
  /** The header of the generated admin token, which a service with real accounts asks for. */
  operator(): Record<string, string>;
  /** `program` with arguments in the project folder, in a process group of its own. */
  run(program: string, args: string[], env?: Record<string, string>): Run;
  /** `deskbridge` with arguments. */
  deskbridge(args: string[], env?: Record<string, string>): Run;
  /** Starts the service, all parts; resolves when it is ready, with its address. */
  start(env?: Record<string, string>): Promise<{ run: Run; url: string }>;
  engine(): { pid: number; address: string };
  /** Where the web server listens, ready or not. */
  webUrl(): string;
  freshdeskWebhook(url: string, ticketId: number): Promise<Response>;
  /** The sandbox's control. */
  sandbox<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Waits until the dispatch's view, asked at `url`, fulfils a condition. */
  view(url: string, ticketId: number, what: string, holds: (view: DispatchView) => boolean): Promise<DispatchView>;
  /** Does the technician's whole job; waits for the resolved ticket. */
  finish(ticketId: number, workOrderId: number): Promise<void>;
  /** What came of a ticket. */
  counts(ticketId: number): Promise<{ status: number; orders: number; privateNotes: number }>;
  /** Ends, by force, what still runs, and removes the data. */
  cleanUp(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-process-'));
  const children: ChildProcess[] = [];
  const json = <T>(name: string): T => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as T;

  const run: Desk['run'] = (program, args, env = {}) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      detached: true,
      env: {
        ...cleanEnv,
        ...{ DESKBRIDGE_DATA_DIR: dataDir, PORT: '0' },
        // The upstreams' quotas would be most of a test's time.
        ...{ FRESHDESK_CALLS_PER_MINUTE: '100000', FIELD_NATION_CALLS_PER_MINUTE: '100000' },
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return watch(child);
  };
  const deskbridge: Desk['deskbridge'] = (args, env) => run(process.execPath, ['scripts/deskbridge.js', ...args], env);
  const engine = (): { pid: number; address: string } => json('engine.json');
  const sandbox: Desk['sandbox'] = async <T>(method: string, path: string, body?: unknown) => {
    const { url, controlKey } = json<{ url: string; controlKey: string }>('sandbox.json');
    const answer = await fetch(`${url}/sandbox/api${path}`, {
      method,
      headers: { authorization: `Bearer ${controlKey}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const counts: Desk['counts'] = async (ticketId) => {
    const { status } = await sandbox<{ status: number }>('GET', `/tickets/${ticketId}`);
    const notes = await sandbox<{ private: boolean }[]>('GET', `/tickets/${ticketId}/conversations`);
    const orders = await sandbox<object[]>('GET', '/work-orders');
    return {
      status,
      orders: orders.filter((order) => JSON.stringify(order).includes(`FD-acme-${ticketId}-`)).length,
      privateNotes: notes.filter((note) => note.private).length,
    };
  };

  const operator = (): Record<string, string> => ({
    authorization: `Bearer ${json<{ adminToken: string }>('secrets.json').adminToken}`,
  });

  return {
    dataDir,
    operator,
    run,
    deskbridge,
    start: async (env) => {
      const started = deskbridge(['start'], env);
      const [, url = ''] = await started.says(/^Deskbridge is ready: (http:\S+)$/m);
      return { run: started, url };
    },
    engine,
    webUrl: () => json<{ url: string }>('web.json').url,
    freshdeskWebhook: (url, ticketId) =>
      fetch(`${url}/webhooks/freshdesk`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-webhook-secret': json<{ freshdeskWebhookSecret: string }>('secrets.json').freshdeskWebhookSecret,
        },
        body: JSON.stringify({ ticket_id: ticketId }),
      }),
    sandbox,
    view: async (url, ticketId, what, holds) => {
      let last: DispatchView | null = null;
      const look = async (): Promise<boolean> => {
        const answer = await fetch(`${url}/api/dispatches/${ticketId}`, { headers: operator() });
        last = answer.ok ? ((await answer.json()) as DispatchView) : null;
        return last !== null && holds(last);
      };
      await until(what, look, () => JSON.stringify(last), PATIENCE_MS);
      return last as unknown as DispatchView;
    },
    finish: async (ticketId, workOrderId) => {
      for (const action of ['assign', 'check-in', 'check-out', 'work-done']) {
        await sandbox('POST', `/work-orders/${workOrderId}/actions`, { action });
      }
      const resolved = async (): Promise<boolean> => {
        const { status, privateNotes } = await counts(ticketId);
        return status === 4 && privateNotes > 0;
      };
      await until('the ticket to be resolved with a note', resolved, () => '', PATIENCE_MS);
    },
    counts,
    cleanUp: async () => {
      for (const child of children) signalGroup(child, 'SIGKILL');
      const server = await Promise.resolve()
        .then(engine)
        .catch(() => null);
      if (server && (await isServerOf(dataDir, server.pid))) process.kill(server.pid, 'SIGKILL');
      for (const { pid } of server ? [server] : [])
        await until('the server to end', async () => !(await processRuns(pid)));
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // Nobody of it is left.
  }
}

function watch(child: ChildProcess): Run {
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
  // `close`: both outputs are read to their ends, so no process of the tree holds them any more.
  const ended = new Promise<number | null>((done) => child.once('close', done));
  let over = false;
  void ended.then(() => (over = true));
  return {
    pid: child.pid as number,
    out: () => out,
    err: () => err,
    ended,
    says: async (pattern) => {
      const found = (): RegExpMatchArray | null => pattern.exec(out) ?? pattern.exec(err);
      const told = (): string => `\n--- stdout\n${out}\n--- stderr\n${err}`;
      await until(`${pattern}`, () => found() !== null || over, told, PATIENCE_MS);
      const match = found();
      if (!match) throw new Error(`It ended without ${pattern}. ${told()}`);
      return match;
    },
    kill: (signal) => void child.kill(signal),
    killGroup: (signal) => signalGroup(child, signal),
  };
}

/** Resolves when no process of these runs any more; whether it took no longer than promised is asked by the test of the drain. */
export const allEnd = (...pids: number[]): Promise<void> =>
  until(`processes ${pids.join(', ')} to end`, async () =>
    (await Promise.all(pids.map(processRuns))).every((runs) => !runs),
  );

/** Compiles once, so that no test waits for it. */
export async function buildOnce(): Promise<void> {
  const child = spawn(process.execPath, ['scripts/ready.js'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const built = watch(child);
  if ((await built.ended) !== 0) throw new Error(built.err());
}

/** A ticket that an agent sends to the field; gives its number. */
export async function ticketForTheField(desk: Desk, patch: object = {}): Promise<number> {
  const { id } = await desk.sandbox<{ id: number }>('POST', '/tickets', patch);
  await desk.sandbox('PATCH', `/tickets/${id}`, { patch: { tags: ['on-site'] }, performer: 'agent' });
  return id;
}
