/** Starts the Temporal server that Deskbridge brings along, or takes over the one that already runs on its data. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Connection } from '@temporalio/client';
import { readyDataDir } from '../src/config/data-dir';
import { embeddedEngine, endEngine, engineLock, otherUsers } from './embedded-engine';
import type { EmbeddedEngine } from './embedded-engine';
import { engineAnswers, withEngineConnection } from './engine-connection';
import {
  checkDataVersion,
  restoringPath,
  readEngineRecord,
  removeEngineRecord,
  writeEngineRecord,
} from './engine-record';
import type { EngineRecord } from './engine-record';
import { withFileLock } from './file-lock';
import { findTemporalProgram } from './find-program';
import { LOOPBACK, onFreePorts, portOrFree } from './free-port';
import { endProcess, waitForEnd } from './process-state';
import { checkProgram } from './program-version';
import { ensureRetention } from './retention';
import { registerSearchAttributes } from './search-attributes';
import { isServerOf } from './server-identity';
import { serverLogPath, serverLogTail } from './server-log';
import { spawnServer } from './server-process';

const DEFAULT_PORT = 7233;
/** A cold start takes half a second; recovering a large database on a busy machine takes longer. */
const START_MS = 60_000;
const END_MS = 15_000;

export interface EngineOptions {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  /** Wanted port of gRPC, 7233 by default; one that is taken is replaced by a free one. */
  port?: number;
}

/**
 * Resolves when the server answers, keeps closed workflows for 30 days and knows our search attributes. A server that
 * already runs on the data dir is adopted: there is never a second one on the same database.
 */
export async function startEmbeddedEngine(options: EngineOptions): Promise<EmbeddedEngine> {
  const dataDir = resolve(options.dataDir);
  readyDataDir(dataDir);
  return withFileLock(
    engineLock(dataDir),
    async () => (await adopt(dataDir, options)) ?? onFreePorts(() => start(dataDir, options)),
    (pid) => options.report(`Process ${pid} is starting the Temporal server of ${dataDir}; waiting for it.`),
  );
}

async function adopt(dataDir: string, { report }: EngineOptions): Promise<EmbeddedEngine | undefined> {
  const record = readEngineRecord(dataDir);
  if (!record) return undefined;
  if (!(await isServerOf(dataDir, record.pid))) {
    removeEngineRecord(dataDir, record.pid);
    return undefined;
  }
  if (record.ending) {
    if (!(await waitForEnd(record.pid, END_MS))) await endProcess(record.pid, 0);
    return undefined;
  }
  if (!(await engineAnswers(record.address, START_MS))) {
    throw new Error(
      `The Temporal server of ${dataDir} (process ${record.pid}) runs but does not answer at ${record.address}. ` +
        `End that process and start again; its log is ${serverLogPath(dataDir)}.`,
    );
  }
  const taken: EngineRecord = { ...record, users: [...(await otherUsers(record)), process.pid] };
  await writeEngineRecord(dataDir, taken);
  await prepare(taken);
  report(`Using the Temporal server that already runs at ${record.address} (process ${record.pid}).`);
  return embeddedEngine(dataDir, taken, true);
}

async function start(dataDir: string, options: EngineOptions): Promise<EmbeddedEngine> {
  const { env, report, port = DEFAULT_PORT } = options;
  const program = await findTemporalProgram({ env, report });
  if (existsSync(restoringPath(dataDir))) {
    throw new Error(`A restore of ${dataDir} was cut short. Run \`deskbridge restore FILE\` again.`);
  }
  const check = await checkProgram(program);
  if (!check.usable) throw new Error(`${program}: ${check.problem}`);
  await checkDataVersion(dataDir, program, check.server);

  const startedAt = Date.now();
  const namespace = env.TEMPORAL_NAMESPACE || 'default';
  const grpcPort = await portOrFree(port);
  const api = { port: await portOrFree(0), host: `${randomBytes(24).toString('hex')}.invalid` };
  const server = await spawnServer({ program, dataDir, env, namespace, grpcPort, api });
  const record: EngineRecord = {
    pid: server.pid,
    users: [process.pid],
    address: `${LOOPBACK}:${grpcPort}`,
    namespace,
    program,
    api,
    ending: false,
  };
  // Before it is ready: when this process is killed now, the next start finds the server all the same.
  await writeEngineRecord(dataDir, record);
  const engine = embeddedEngine(dataDir, record, false);
  try {
    const endedEarly = server.ended.then(async (how): Promise<never> => {
      throw new Error(`the server ended early (${how}). Last lines of its log:\n${await serverLogTail(dataDir)}`);
    });
    await prepare(record, endedEarly);
  } catch (error) {
    await endEngine(dataDir, server.pid);
    throw new Error(`The Temporal server ${program} did not start: ${(error as Error).message}`, { cause: error });
  }
  report(
    `Temporal Server ${check.server} runs at ${record.address} (started in ${Date.now() - startedAt} ms, ${program}).`,
  );
  return engine;
}

async function prepare({ address, namespace }: EngineRecord, endedEarly?: Promise<never>): Promise<void> {
  const settle = async (connection: Connection) => {
    await ensureRetention(connection, namespace);
    await registerSearchAttributes(connection, namespace);
  };
  await withEngineConnection(address, START_MS, settle, endedEarly);
}
