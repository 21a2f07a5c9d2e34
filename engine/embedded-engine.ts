/** A running embedded server as its users see it. */
import { join } from 'node:path';
import { removeEngineRecord, markEnding, readEngineRecord, writeEngineRecord } from './engine-record';
import type { EngineRecord } from './engine-record';
import { engineAnswers } from './engine-connection';
import { withFileLock } from './file-lock';
import { endProcess, processRuns } from './process-state';
import { isServerOf } from './server-identity';
import type { EngineApi } from './server-process';

/** The server flushes and closes its database in one to two seconds. */
const STOP_GRACE_MS = 10_000;

export interface EmbeddedEngine {
  /** `host:port` of gRPC. */
  address: string;
  namespace: string;
  program: string;
  api: EngineApi;
  pid: number;
  /** True when it ran before this process asked for it. */
  adopted: boolean;
  /** Ends the server, unless another living process uses it: then that one's stop does. */
  stop(): Promise<void>;
}

/** Held while a server begins, is adopted or ends. */
export const engineLock = (dataDir: string): string => join(dataDir, 'engine.lock');

/** The living processes, other than this one, that use the recorded server. */
export async function otherUsers({ users }: EngineRecord): Promise<number[]> {
  const running = await Promise.all(users.map(async (user) => user !== process.pid && (await processRuns(user))));
  return users.filter((_, index) => running[index]);
}

/** Ends the recorded server and forgets it. */
export async function endEngine(dataDir: string, pid: number): Promise<void> {
  markEnding(dataDir, pid);
  await endProcess(pid, STOP_GRACE_MS);
  removeEngineRecord(dataDir, pid);
}

/** The engine of a record that this process uses. When this process exits without `stop`, its server is still told to end. */
export function embeddedEngine(dataDir: string, record: EngineRecord, adopted: boolean): EmbeddedEngine {
  const { pid, address, namespace, program, api } = record;
  const endAtExit = () => {
    const current = readEngineRecord(dataDir);
    if (current?.pid !== pid || current.users.some((user) => user !== process.pid && isThere(user))) return;
    markEnding(dataDir, pid);
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended already.
    }
  };
  process.once('exit', endAtExit);
  const stop = async () => {
    await withFileLock(engineLock(dataDir), async () => {
      const current = readEngineRecord(dataDir);
      if (current?.pid !== pid) return;
      const users = await otherUsers(current);
      if (users.length > 0) await writeEngineRecord(dataDir, { ...current, users });
      else await endEngine(dataDir, pid);
    });
    process.removeListener('exit', endAtExit);
  };
  let stopping: Promise<void> | undefined;
  return { address, namespace, program, api, pid, adopted, stop: () => (stopping ??= stop()) };
}

/** Synchronous, for the exit of the process; a process that waits for its parent still counts. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The engine that runs on this data dir, from its record and only when it really answers; its `stop` ends nothing. */
export async function runningEngine(dataDir: string, patienceMs?: number): Promise<EmbeddedEngine | null> {
  const record = readEngineRecord(dataDir);
  if (!record || record.ending || !(await isServerOf(dataDir, record.pid))) return null;
  if (!(await engineAnswers(record.address, patienceMs))) return null;
  const { address, namespace, program, api, pid } = record;
  return { address, namespace, program, api, pid, adopted: true, stop: () => Promise.resolve() };
}
