/** A running embedded server as its users see it. */
import { removeEngineRecord, markEnding, readEngineRecord } from './engine-record';
import type { EngineRecord } from './engine-record';
import { engineAnswers } from './engine-connection';
import { endProcess, processRuns } from './process-state';
import { isServerOf } from './server-identity';

/** The server flushes and closes its database in one to two seconds. */
const STOP_GRACE_MS = 10_000;

export interface EmbeddedEngine {
  /** `host:port` of gRPC. */
  address: string;
  namespace: string;
  /** Empty when the server runs without its UI. */
  uiUrl: string;
  pid: number;
  /** True when it ran before this process asked for it. */
  adopted: boolean;
  /** Ends the server when this process began it, or when the process that began it has died; else leaves it running. */
  stop(): Promise<void>;
}

/** The engine of a record that this process owns or shares. When this process exits without `stop`, its server is still told to end. */
export function embeddedEngine(dataDir: string, record: EngineRecord, adopted: boolean): EmbeddedEngine {
  const { pid, address, namespace, uiUrl } = record;
  const endAtExit = () => {
    if (readEngineRecord(dataDir)?.owner !== process.pid) return;
    markEnding(dataDir, pid);
    try {
      process.kill(pid, 'SIGTERM');
    } catch {
      // It has ended already.
    }
  };
  process.once('exit', endAtExit);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    process.removeListener('exit', endAtExit);
    const current = readEngineRecord(dataDir);
    if (current?.pid !== pid) return;
    if (current.owner !== process.pid && (await processRuns(current.owner))) return;
    markEnding(dataDir, pid);
    await endProcess(pid, STOP_GRACE_MS);
    removeEngineRecord(dataDir, pid);
  };
  return { address, namespace, uiUrl, pid, adopted, stop: () => (stopping ??= stop()) };
}

/** The engine that runs on this data dir, from its record and only when it really answers; its `stop` ends nothing. */
export async function runningEngine(dataDir: string): Promise<EmbeddedEngine | null> {
  const record = readEngineRecord(dataDir);
  if (!record || record.ending || !(await isServerOf(dataDir, record.pid))) return null;
  if (!(await engineAnswers(record.address))) return null;
  const { address, namespace, uiUrl, pid } = record;
  return { address, namespace, uiUrl, pid, adopted: true, stop: () => Promise.resolve() };
}
