/**
 * A copy of the embedded engine's data dir, while it runs or not. Promise: what was acknowledged before the backup began is
 * in it, it was opened once before it is called done, and the running service is held up for no longer than the copy takes.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readyDataDir } from '../src/config/data-dir';
import { BESIDE, DATABASE, filesOf, packBackup, WAL, type Backup } from './backup-file';
import { engineLock } from './embedded-engine';
import { databasePath, readEngineRecord, recordedServer } from './engine-record';
import { withFileLock } from './file-lock';
import { findTemporalProgram } from './find-program';
import { whileFrozen } from './frozen';
import { copyQuickly, openRunsOf } from './open-copy';
import { isServerOf } from './server-identity';

export interface BackupOptions {
  dataDir: string;
  /** Where the backup goes; must not exist. */
  file: string;
  account: string;
  /** Ids of the encryption keys that are set. */
  encryptionKeys: string[];
  report: (line: string) => void;
}

export type BackupMade = Backup & {
  bytes: number;
  /** For so long a running server was held still, in ms; null: none ran. */
  heldMs: number | null;
};

/** @throws Error that says what to do when there is nothing to back up, or it cannot be done */
export async function createBackup(options: BackupOptions): Promise<BackupMade> {
  const { account, encryptionKeys, report } = options;
  const dataDir = resolve(options.dataDir);
  const file = resolve(options.file);
  if (!existsSync(databasePath(dataDir))) {
    throw new Error(`There is nothing to back up: ${dataDir} holds no database. DESKBRIDGE_DATA_DIR names the folder.`);
  }
  readyDataDir(dataDir);
  // Beside the file, so that there is room for it where the backup shall be, and others cannot look inside.
  const folder = await mkdtemp(join(dirname(file), `.${basename(file)}-`));
  try {
    await chmod(folder, 0o700);
    const took = (pid: number): void => report(`Process ${pid} starts or ends the Temporal server; waiting for it.`);
    const copied = await withFileLock(engineLock(dataDir), () => copyFiles(dataDir, folder), took);
    const server = await recordedServer(dataDir);
    if (server === undefined) throw new Error(`${dataDir} does not say which Temporal Server wrote its database.`);
    const program = copied.program ?? (await findTemporalProgram({ env: process.env, report }));
    report('Opening a copy of it, to see that it is whole …');
    const namespace = copied.namespace ?? (process.env.TEMPORAL_NAMESPACE || 'default');
    const open = await openRunsOf(folder, program, namespace);
    const files = await filesOf(folder, copied.names);
    const backup: Backup = {
      ...{ format: 1, takenAt: copied.takenAt, account, server, namespace, encryptionKeys, open, files },
    };
    await packBackup(folder, backup, file);
    return { ...backup, bytes: (await stat(file)).size, heldMs: copied.heldMs };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

interface Copied {
  names: string[];
  takenAt: string;
  heldMs: number | null;
  /** Of the server that runs; null: none does. */
  program: string | null;
  namespace: string | null;
}

async function copyFiles(dataDir: string, folder: string): Promise<Copied> {
  const record = readEngineRecord(dataDir);
  const running = record && (await isServerOf(dataDir, record.pid)) ? record : null;
  const copyAll = async (names: readonly string[]): Promise<string[]> => {
    const there = names.filter((name) => existsSync(join(dataDir, name)));
    for (const name of there) await copyQuickly(join(dataDir, name), join(folder, name));
    return there;
  };
  const takenAt = new Date().toISOString();
  let heldMs: number | null = null;
  const copyDatabase = (): Promise<string[]> => copyAll([DATABASE, WAL]);
  const copyHeld = async (): Promise<string[]> => {
    const began = performance.now();
    const names = await copyDatabase();
    heldMs = Math.ceil(performance.now() - began);
    return names;
  };
  const database = running ? await whileFrozen(running.pid, copyHeld) : await copyDatabase();
  // After it: the world may be ahead of what the engine remembers, never behind.
  const beside = await copyAll(BESIDE);
  const { program = null, namespace = null } = running ?? {};
  return { names: [...database, ...beside], takenAt, heldMs, program, namespace };
}
