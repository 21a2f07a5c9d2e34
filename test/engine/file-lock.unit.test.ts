import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFileLock } from '../../engine/file-lock';

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-lock-'));
  lock = join(folder, 'a.lock');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;
const heldBy = (pid: number, host = hostname()) => writeFile(lock, JSON.stringify({ pid, host, id: 'other' }));

describe('the lock', () => {
  it('lets one in at a time and tells the other who holds it', async () => {
    let inside = 0;
    let most = 0;
    const holders: number[] = [];
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([1, 2, 3].map(() => withFileLock(lock, work, (pid) => holders.push(pid))));
    expect(most).toBe(1);
    expect(holders).toContain(process.pid);
  });

  it('is free again after a failure', async () => {
    await expect(withFileLock(lock, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(existsSync(lock)).toBe(false);
  });

  it('is taken over when its holder has died', async () => {
    await heldBy(deadPid());
    expect(await withFileLock(lock, async () => 'mine')).toBe('mine');
  });

  it('is taken over by one only when several wait for a dead holder', async () => {
    await heldBy(deadPid());
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withFileLock(lock, work)));
    expect(most).toBe(1);
  });

  it('is taken over from another machine that gave no sign of life for long', async () => {
    await heldBy(process.pid, 'another-machine');
    const longAgo = new Date(Date.now() - 10 * 60_000);
    await utimes(lock, longAgo, longAgo);
    expect(await withFileLock(lock, async () => 'mine')).toBe('mine');
  });
});
