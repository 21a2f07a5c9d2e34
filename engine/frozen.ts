/**
 * Holds a server still while its files are copied. Promise: nothing is written meanwhile, so the copy is what a power cut at
 * that moment would leave, which SQLite recovers from; and the server goes on whatever becomes of us.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { signalAtOurEnd } from './helper-process';

const STANDS_WITHIN_MS = 5_000;
const POLL_MS = 5;

/** @throws Error where a process cannot be held still, or does not stand still in time */
export async function whileFrozen<T>(pid: number, work: () => Promise<T>): Promise<T> {
  if (process.platform === 'win32') {
    throw new Error('On Windows the Temporal server cannot be held still. Stop Deskbridge, then make the backup.');
  }
  const callOff = signalAtOurEnd(pid, 'CONT');
  try {
    process.kill(pid, 'SIGSTOP');
    const deadline = Date.now() + STANDS_WITHIN_MS;
    while (!(await standsStill(pid))) {
      if (Date.now() > deadline) throw new Error(`The Temporal server (process ${pid}) does not stand still.`);
      await delay(POLL_MS);
    }
    return await work();
  } finally {
    process.kill(pid, 'SIGCONT');
    callOff();
  }
}

/** Every thread of it: one may still be in the middle of a write. */
async function standsStill(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => null);
  if (threads === null) {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'state=', '-p', String(pid)]);
    return stdout.trim().startsWith('T');
  }
  const stats = await Promise.all(
    threads.map((id) => readFile(`/proc/${pid}/task/${id}/stat`, 'utf8').catch(() => '')),
  );
  return stats.every((stat) => stat === '' || /\) [TtZX] /.test(stat));
}
