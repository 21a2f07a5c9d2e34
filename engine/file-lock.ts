/** A lock that processes share through a file; one whose holder died is taken over. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processRuns } from './process-state';

const POLL_MS = 200;
const HEARTBEAT_MS = 5_000;
/** Without a sign of life for this long the holder counts as dead, also where its id means nothing (another machine). */
const STALE_MS = 60_000;

interface Holder {
  pid: number;
  host: string;
  id: string;
}

/** Runs `work` while no other process holds the lock; `onWait` is called once, with the holder's pid, when it must wait. */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  onWait: (holderPid: number) => void = () => undefined,
): Promise<T> {
  const mine: Holder = { pid: process.pid, host: hostname(), id: randomUUID() };
  await mkdir(dirname(path), { recursive: true });
  for (let waits = 0; !(await create(path, mine)); waits++) {
    const holder = await readHolder(path);
    if (holder && !(await isStale(path, holder))) {
      if (waits === 0) onWait(holder.pid);
      await delay(POLL_MS);
    } else if (holder) {
      await removeStale(path, holder);
    }
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if ((await readHolder(path))?.id === mine.id) await rm(path, { force: true });
  }
}

/** Linking a complete file is atomic: no reader ever sees a lock without its holder. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = `${path}.${holder.id}`;
  await writeFile(draft, JSON.stringify(holder));
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return { pid: 0, host: '', id: text };
  }
}

async function isStale(path: string, holder: Holder): Promise<boolean> {
  if (holder.pid === 0) return true;
  if (holder.host === hostname() && !(await processRuns(holder.pid))) return true;
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
  return Date.now() - mtimeMs > STALE_MS;
}

/** Two may see the same stale lock; the slower one could move away the faster one's new lock, so it puts that back. */
async function removeStale(path: string, seen: Holder): Promise<void> {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await readHolder(aside))?.id !== seen.id) await link(aside, path).catch(() => undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  } finally {
    await rm(aside, { force: true });
  }
}
