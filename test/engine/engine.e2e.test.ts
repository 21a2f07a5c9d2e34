import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { once } from 'node:events';
import { Connection } from '@temporalio/client';
import { request } from 'undici';
import { SEARCH_ATTRIBUTES } from '../../src/contract/search-attributes';
import { registerSearchAttributes, runningEngine, startEmbeddedEngine } from '../../engine';
import type { EmbeddedEngine } from '../../engine';
import { processTree } from '../helpers/listening-ports';
import { findTemporalProgram } from '../../engine/find-program';
import { createUiPages } from '../../engine/ui-pages';
import { endProcess, processRuns, waitForEnd } from '../../engine/process-state';

let dataDir: string;
let started: EmbeddedEngine[];
let children: ChildProcess[];
let servers: number[];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-engine-'));
  started = [];
  children = [];
  servers = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const engine of started) await engine.stop();
  for (const pid of servers) await endProcess(pid, 10_000);
  await rm(dataDir, { recursive: true, force: true });
});

const start = async (options: { env?: NodeJS.ProcessEnv } = {}) => {
  const engine = await startEmbeddedEngine({
    dataDir,
    env: options.env ?? process.env,
    report: () => undefined,
    port: 0,
  });
  started.push(engine);
  return engine;
};

/** Another process that starts the engine of the same data dir and then lives on until it is killed or told to exit. */
const startInOtherProcess = async () => {
  const script = `
    const swc = require('@swc/core');
    const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } };
    require.extensions['.ts'] = (module, file) => module._compile(swc.transformFileSync(file, options).code, file);
    const { startEmbeddedEngine } = require('./engine/index.ts');
    const report = () => undefined;
    startEmbeddedEngine({ dataDir: process.env.DATA_DIR, env: process.env, report, port: 0 })
      .then((engine) => process.send(engine.pid));
    process.on('message', () => process.exit(0));
  `;
  const child = spawn(process.execPath, ['-e', script], {
    cwd: resolve(__dirname, '../..'),
    env: { ...process.env, DATA_DIR: dataDir },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  children.push(child);
  const [serverPid] = (await once(child, 'message')) as [number];
  servers.push(serverPid);
  return { child, serverPid };
};

const withConnection = async <T>(address: string, work: (connection: Connection) => Promise<T>): Promise<T> => {
  const connection = await Connection.connect({ address });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
};

describe('the embedded engine', () => {
  it('keeps its data in a write-ahead log, closed workflows for 30 days, and knows our search attributes', async () => {
    const engine = await start();
    expect(existsSync(join(dataDir, 'temporal.db-wal'))).toBe(true);
    await withConnection(engine.address, async (connection) => {
      const { config } = await connection.workflowService.describeNamespace({ namespace: engine.namespace });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 24 * 3600);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({
        namespace: engine.namespace,
      });
      for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) {
        expect({ name, type: customAttributes[name] }).toEqual({
          name,
          type: { Keyword: 2, Int: 3, Datetime: 6, KeywordList: 7 }[type],
        });
      }
    });
  });

  it('registers search attributes again without complaint', async () => {
    const engine = await start();
    await withConnection(engine.address, (connection) => registerSearchAttributes(connection, engine.namespace));
  });

  it('answers over HTTP under one host name alone, which nobody can guess', async () => {
    const { api } = await start();
    const ask = async (headers: Record<string, string>) => {
      const { statusCode, body } = await request(`http://127.0.0.1:${api.port}/api/v1/namespaces`, { headers });
      return { statusCode, text: await body.text() };
    };
    expect((await ask({ host: api.host })).statusCode).toBe(200);
    for (const headers of [{}, { host: 'localhost' }, { host: 'evil.example' }]) {
      expect(await ask(headers)).toEqual({ statusCode: 403, text: expect.stringContaining('Host not allowed') });
    }
  });

  it('keeps its files from other users, those of an earlier start too', async () => {
    await chmod(dataDir, 0o755);
    await writeFile(join(dataDir, 'temporal.log'), 'of an earlier start', { mode: 0o644 });
    await start();
    for (const name of ['.', 'temporal.db', 'temporal.db-wal', 'temporal.log']) {
      expect({ name, others: (await stat(join(dataDir, name))).mode & 0o077 }).toEqual({ name, others: 0 });
    }
  });

  it('serves the files of the Temporal UI from a server that holds nothing and ends with it', async () => {
    const engine = await start();
    const before = processTree(process.pid);
    const pages = createUiPages(engine.program, process.env);
    const { statusCode, body } = await pages.get('/');
    expect(statusCode).toBe(200);
    expect(await body.text()).toContain('base: ""');
    const begun = processTree(process.pid).filter((pid) => !before.includes(pid));
    expect(begun.length).toBeGreaterThan(0);
    await pages.stop();
    for (const pid of begun) expect(await waitForEnd(pid, 60_000)).toBe(true);
  });

  it('leaves no process and no record behind when it is stopped', async () => {
    const engine = await start();
    await engine.stop();
    expect(await processRuns(engine.pid)).toBe(false);
    expect(existsSync(join(dataDir, 'engine.json'))).toBe(false);
    expect(await runningEngine(dataDir)).toBeNull();
  });

  it('adopts the server that a killed process left behind, and ends it', async () => {
    const { child, serverPid } = await startInOtherProcess();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await processRuns(serverPid)).toBe(true);

    const engine = await start();
    expect(engine).toMatchObject({ pid: serverPid, adopted: true });
    await engine.stop();
    expect(await processRuns(serverPid)).toBe(false);
  });

  it('shares the server of a sibling and leaves it running', async () => {
    const { serverPid } = await startInOtherProcess();
    const engine = await start();
    expect(engine).toMatchObject({ pid: serverPid, adopted: true });
    await engine.stop();
    expect((await runningEngine(dataDir))?.pid).toBe(serverPid);
  });

  it('ends with the process that began it, even when that does not stop it', async () => {
    const { child, serverPid } = await startInOtherProcess();
    child.send('exit');
    await once(child, 'exit');
    expect(await waitForEnd(serverPid, 60_000)).toBe(true);
  });

  it('does not take a stranger for its server when the recorded process id is used again', async () => {
    const first = await start();
    const record: object = JSON.parse(await readFile(join(dataDir, 'engine.json'), 'utf8'));
    await first.stop();
    await writeFile(join(dataDir, 'engine.json'), JSON.stringify({ ...record, pid: process.pid }));
    const second = await start();
    expect(second.adopted).toBe(false);
  });

  it('starts once when two ask at the same time', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    expect(one?.pid).toBe(two?.pid);
  });

  it.each([
    ['before it looks', (program: string, port: number) => `exec ${program} "$@" --port ${port}`],
    [
      'after it has looked',
      (_: string, port: number) => `echo "listen tcp 127.0.0.1:${port}: bind: address already in use" >&2; exit 1`,
    ],
  ])('takes other ports when somebody is faster at one that was free, %s', async (_, lose) => {
    const somebody = createServer().listen(0, '127.0.0.1');
    await once(somebody, 'listening');
    const { port } = somebody.address() as AddressInfo;
    const program =
      process.env.TEMPORAL_CLI_PATH ?? (await findTemporalProgram({ env: process.env, report: () => undefined }));
    const late = join(dataDir, 'temporal');
    const firstTime = `[ "$1" = server ] && mkdir ${join(dataDir, 'begun')} 2>/dev/null`;
    await writeFile(late, `#!/bin/sh\nif ${firstTime}; then ${lose(program, port)}; fi\nexec ${program} "$@"\n`);
    await chmod(late, 0o700);
    try {
      const engine = await start({ env: { ...process.env, TEMPORAL_CLI_PATH: late } });
      expect(existsSync(join(dataDir, 'begun'))).toBe(true);
      expect(engine.adopted).toBe(false);
      await expect(runningEngine(dataDir)).resolves.toMatchObject({ address: engine.address });
    } finally {
      somebody.close();
    }
  });

  it('shows the end of the log when the server ends early', async () => {
    await writeFile(join(dataDir, 'temporal.db'), 'this is no database, and long enough to be looked at'.repeat(100));
    await expect(start()).rejects.toThrow(/did not start.*ended early.*\n.*file is not a database/s);
    expect(existsSync(join(dataDir, 'engine.json'))).toBe(false);
  });
});
