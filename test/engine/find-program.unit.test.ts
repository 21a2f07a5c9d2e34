import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cachedProgramPath } from '../../engine/cache-folder';
import { findProgram } from '../../engine/find-program';
import type { Makers } from '../../engine/find-program';
import { EXIT, exitCodeOf } from '../../src/cli/exit';
import { SettingsError } from '../../src/config/settings-reader';

let folder: string;
let env: NodeJS.ProcessEnv;
let lines: string[];
const report = (line: string) => void lines.push(line);

const fakeProgram = async (path: string, version = 'temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)') => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho "${version}"\n`);
  await chmod(path, 0o755);
  return path;
};

const neverMade: Makers = {
  download: () => Promise.reject(new Error('no answer in time')),
  installedGo: async () => undefined,
  build: () => Promise.reject(new Error('not asked for')),
};

const find = (makers: Partial<Makers> = {}) =>
  findProgram({ env, report, isTerminal: false }, { ...neverMade, ...makers });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-find-'));
  await mkdir(join(folder, 'bin'));
  // The fakes are shell scripts, so a shell must be found, but no temporal program of this machine.
  await symlink('/bin/sh', join(folder, 'bin', 'sh'));
  env = { PATH: join(folder, 'bin'), HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  lines = [];
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('finding the temporal program', () => {
  it('takes the one that TEMPORAL_CLI_PATH names before any other', async () => {
    env.TEMPORAL_CLI_PATH = await fakeProgram(join(folder, 'named', 'temporal'));
    await fakeProgram(join(folder, 'bin', 'temporal'));
    await fakeProgram(cachedProgramPath(env));
    expect(await find()).toBe(env.TEMPORAL_CLI_PATH);
  });

  it('does not look elsewhere when the named one cannot be used', async () => {
    env.TEMPORAL_CLI_PATH = join(folder, 'nothing-here');
    await fakeProgram(cachedProgramPath(env));
    const refused = await find().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(SettingsError);
    expect((refused as Error).message).toMatch(/TEMPORAL_CLI_PATH: names .*nothing-here.*does not run/);
    expect(exitCodeOf(refused)).toBe(EXIT.usage);
  });

  it('takes the one on the PATH before the cached copy', async () => {
    const onPath = await fakeProgram(join(folder, 'bin', 'temporal'));
    await fakeProgram(cachedProgramPath(env));
    expect(await find()).toBe(onPath);
  });

  it('passes over one on the PATH that is too old, and says which it was', async () => {
    const onPath = await fakeProgram(join(folder, 'bin', 'temporal'), 'temporal version 1.1.0 (Server 1.25.0)');
    const cached = await fakeProgram(cachedProgramPath(env));
    expect(await find()).toBe(cached);
    expect(lines).toEqual([`Passing over ${onPath}: it is Server 1.25.0, older than 1.29.0.`]);
  });

  it('downloads when none is there, and keeps the result for the next time', async () => {
    const download = jest.fn(async (path: string) => void (await fakeProgram(path)));
    const found = await find({ download });
    expect(found).toBe(cachedProgramPath(env));
    expect(await find({ download })).toBe(found);
    expect(download).toHaveBeenCalledTimes(1);
  });

  it('builds it by Go when the download fails', async () => {
    const build = async (path: string) => void (await fakeProgram(path));
    expect(await find({ installedGo: async () => 'go1.26.8', build })).toBe(cachedProgramPath(env));
    expect(lines.join('\n')).toMatch(/download failed \(no answer in time\)\. Building it with go1\.26\.8/);
  });

  it('names every way to get one, and what became of each, when there is none', async () => {
    const failure = await find().catch((error: Error) => error.message);
    for (const words of [
      'TEMPORAL_CLI_PATH=',
      'on the PATH: not found',
      cachedProgramPath(env),
      'official download: no answer in time',
      'Go is not on the PATH',
      'TEMPORAL_ADDRESS',
    ]) {
      expect(failure).toContain(words);
    }
  });

  it('never uses a cached copy that is torn, and replaces it', async () => {
    const cached = await fakeProgram(cachedProgramPath(env));
    await writeFile(cached, 'half of a program');
    const found = await find({ download: async (path) => void (await fakeProgram(path)) });
    expect(found).toBe(cached);
    expect(lines.join('\n')).toContain('Download done');
  });

  it('keeps nothing of a download that broke off or gave something else', async () => {
    const download = async (path: string) => writeFile(path, 'half of a program');
    await expect(find({ download })).rejects.toThrow(/official download: what came out cannot be used/);
    await expect(find()).rejects.toThrow(/temporal: not there/);
  });

  it('makes it once when two processes ask at the same time', async () => {
    const download = jest.fn(async (path: string) => void (await fakeProgram(path)));
    const found = await Promise.all([find({ download }), find({ download })]);
    expect(found[0]).toBe(found[1]);
    expect(download).toHaveBeenCalledTimes(1);
  });
});
