/**
 * Puts a backup in the place of the data dir's files. Promise: it is checked before anything is touched, what was there is
 * kept aside, and a restore that is cut short is noticed by the next start.
 */
import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readyDataDir } from '../src/config/data-dir';
import { unpackBackup, type Backup } from './backup-file';
import { engineLock } from './embedded-engine';
import { readEngineRecord, restoringPath } from './engine-record';
import { withFileLock } from './file-lock';
import { findTemporalProgram } from './find-program';
import { openRunsOf } from './open-copy';
import { checkProgram } from './program-version';
import { isServerOf } from './server-identity';

export interface RestoreOptions {
  dataDir: string;
  file: string;
  /** Of the settings: runs of another account would never go on. */
  account: string;
  /** Ids of the encryption keys that are set. */
  encryptionKeys: string[];
  /** Check it only. */
  checkOnly: boolean;
  report: (line: string) => void;
}

/** `aside`: the folder of what was there before; null: nothing was, or it was only checked. */
export type Restored = Backup & { aside: string | null };

/** Files that belong to nobody's data, but to who runs. */
const STAYS = /\.lock(\.|$)/;

/** @throws BackupFileError, and Error that says what to do */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { checkOnly, report } = options;
  const dataDir = resolve(options.dataDir);
  if (!checkOnly) await refuseRunning(dataDir);
  readyDataDir(dataDir);
  // Inside, so that its files only have to be renamed.
  const folder = await mkdtemp(join(dataDir, 'restore-'));
  try {
    const backup = await unpackBackup(resolve(options.file), folder);
    const program = await findTemporalProgram({ env: process.env, report });
    await refuseOthers(backup, options, program);
    report('Opening a copy of it, to see that it is whole …');
    await openRunsOf(folder, program, backup.namespace);
    if (checkOnly) return { ...backup, aside: null };
    const took = (pid: number): void => report(`Process ${pid} starts or ends the Temporal server; waiting for it.`);
    return await withFileLock(
      engineLock(dataDir),
      async () => {
        await refuseRunning(dataDir);
        return { ...backup, aside: exchange(dataDir, folder, backup) };
      },
      took,
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function refuseRunning(dataDir: string): Promise<void> {
  const record = readEngineRecord(dataDir);
  if (!record || !(await isServerOf(dataDir, record.pid))) return;
  throw new Error(
    `Deskbridge runs on ${dataDir} (Temporal server: process ${record.pid}). Stop it, then restore. Nothing was changed.`,
  );
}

async function refuseOthers(
  backup: Backup,
  { account, encryptionKeys }: RestoreOptions,
  program: string,
): Promise<void> {
  const check = await checkProgram(program);
  if (!check.usable || check.server !== backup.server) {
    throw new Error(
      `The backup was made with Temporal Server ${backup.server}, but ${program} is ${check.usable ? `Server ${check.server}` : 'not usable'}. ` +
        `Set TEMPORAL_CLI_PATH to a temporal program of Server ${backup.server}.`,
    );
  }
  if (backup.account !== account) {
    throw new Error(
      `The backup is of the account ${backup.account}, and the settings name ${account}: its work would never go on. Set FRESHDESK_DOMAIN.`,
    );
  }
  const missing = backup.encryptionKeys.filter((id) => !encryptionKeys.includes(id));
  if (missing.length > 0) {
    throw new Error(
      `The backup is encrypted with the keys ${missing.join(', ')}, which DESKBRIDGE_ENCRYPTION_KEYS does not name. Set them first.`,
    );
  }
}

/** A few renames; gives the folder of what was there. */
function exchange(dataDir: string, folder: string, { files, takenAt }: Backup): string | null {
  const stamp = new Date().toISOString().replace(/[:.]/g, '-');
  writeFileSync(restoringPath(dataDir), JSON.stringify({ takenAt }), { mode: 0o600 });
  const old = readdirSync(dataDir).filter(
    (name) =>
      lstatSync(join(dataDir, name)).isFile() && !STAYS.test(name) && join(dataDir, name) !== restoringPath(dataDir),
  );
  const aside = join(dataDir, `before-restore-${stamp}`);
  if (old.length > 0) mkdirSync(aside, { mode: 0o700 });
  for (const name of old) renameSync(join(dataDir, name), join(aside, name));
  for (const { name } of files) renameSync(join(folder, name), join(dataDir, name));
  rmSync(restoringPath(dataDir));
  readyDataDir(dataDir);
  return old.length > 0 ? aside : null;
}
