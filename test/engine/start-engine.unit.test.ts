import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningEngine, startEmbeddedEngine } from '../../engine';
import { checkDataVersion } from '../../engine/engine-record';
import { openServerLog } from '../../engine/server-log';

let dataDir: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'deskbridge-data-'));
});

afterEach(() => rm(dataDir, { recursive: true, force: true }));

describe('the data dir of the embedded engine', () => {
  it('is refused by another version of the server, with the ways to move', async () => {
    const program = join(dataDir, 'temporal');
    await writeFile(program, '#!/bin/sh\necho "temporal version 1.9.0 (Server 1.32.0, UI 2.53.0)"\n');
    await chmod(program, 0o755);
    await checkDataVersion(dataDir, 'an earlier program', '1.31.2');
    await writeFile(join(dataDir, 'temporal.db'), '');
    const started = startEmbeddedEngine({
      dataDir,
      env: { ...process.env, TEMPORAL_CLI_PATH: program },
      report: () => undefined,
    });
    await expect(started).rejects.toThrow(
      /written by Temporal Server 1\.31\.2, but .* is Server 1\.32\.0.*TEMPORAL_CLI_PATH.*move .*temporal\.db.*TEMPORAL_ADDRESS/s,
    );
  });

  it('shows why the server ended early, and has handed it none of our secrets', async () => {
    const program = join(dataDir, 'temporal');
    const script =
      '#!/bin/sh\n[ "$1" = --version ] && echo "Server 1.31.2" && exit\nenv; echo "cannot go on"; exit 3\n';
    await writeFile(program, script);
    await chmod(program, 0o755);
    const env = { PATH: process.env.PATH, TEMPORAL_CLI_PATH: program, FRESHDESK_API_KEY: 'a-secret' };
    const started = startEmbeddedEngine({ dataDir, env, report: () => undefined, port: 0 });
    await expect(started).rejects.toThrow(/ended early \(code 3\).*cannot go on/s);
    const log = await readFile(join(dataDir, 'temporal.log'), 'utf8');
    expect(log).toContain('PATH=');
    expect(log).not.toMatch(/a-secret|TEMPORAL_/);
    expect(existsSync(join(dataDir, 'engine.json'))).toBe(false);
  });

  it('takes any version while it holds no data', async () => {
    await checkDataVersion(dataDir, 'an earlier program', '1.31.2');
    await checkDataVersion(dataDir, 'a later program', '1.32.0');
    expect(JSON.parse(await readFile(join(dataDir, 'engine-version.json'), 'utf8'))).toEqual({ server: '1.32.0' });
  });

  it('has no running engine without a record, with a broken one, or with one of a process that is gone', async () => {
    expect(await runningEngine(dataDir)).toBeNull();
    await writeFile(join(dataDir, 'engine.json'), '{ "pid": ');
    expect(await runningEngine(dataDir)).toBeNull();
    const record = {
      pid: 2 ** 22 + 1,
      owner: 1,
      address: '127.0.0.1:1',
      namespace: 'default',
      program: '',
      api: { port: 1, host: '' },
    };
    await writeFile(join(dataDir, 'engine.json'), JSON.stringify(record));
    expect(await runningEngine(dataDir)).toBeNull();
  });

  it('puts a log aside that has grown over 10 MB', async () => {
    await writeFile(join(dataDir, 'temporal.log'), Buffer.alloc(11 * 1024 * 1024));
    await (await openServerLog(dataDir)).close();
    expect(await readFile(join(dataDir, 'temporal.log'), 'utf8')).toBe('');
    expect((await readFile(join(dataDir, 'temporal.log.1'))).length).toBe(11 * 1024 * 1024);
  });
});
