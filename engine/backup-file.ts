/** A backup as one file: a `tar.gz` with a first entry that says what is in it and what it must come to. */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { serverEnv } from './server-process';

export const DATABASE = 'temporal.db';
/** What was committed and is not yet in the database file itself. */
export const WAL = 'temporal.db-wal';
/** Beside the database: secrets, the audit trail, and the sandbox with its address. */
export const BESIDE = [
  ...['engine-version.json', 'secrets.json', 'field-nation-webhook-secret', 'audit.jsonl', 'audit.jsonl.1'],
  ...['sandbox.json', 'sandbox.jsonl'],
];
const MANIFEST = 'backup.json';
const NAMES: readonly string[] = [MANIFEST, DATABASE, WAL, ...BESIDE];

const manifest = z.object({
  format: z.literal(1),
  /** ISO 8601. */
  takenAt: z.string(),
  account: z.string(),
  /** Version of the Temporal server that wrote the database. */
  server: z.string(),
  namespace: z.string(),
  /** Ids of the encryption keys that were set; the keys themselves are not in it. */
  encryptionKeys: z.array(z.string()),
  /** Runs that were open, and how many of them are dispatches. */
  open: z.object({ runs: z.number(), dispatches: z.number() }),
  files: z.array(z.object({ name: z.enum(NAMES as [string, ...string[]]), bytes: z.number(), sha256: z.string() })),
});

export type Backup = z.infer<typeof manifest>;

/** Thrown for a file that is no backup, or is damaged; the message says which. */
export class BackupFileError extends Error {
  override name = 'BackupFileError';
}

export async function sumOf(path: string): Promise<string> {
  const sum = createHash('sha256');
  for await (const piece of createReadStream(path)) sum.update(piece as Buffer);
  return sum.digest('hex');
}

/** The named files of the folder, as the manifest lists them. */
export const filesOf = (folder: string, names: readonly string[]): Promise<Backup['files']> =>
  Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, bytes: (await lstat(path)).size, sha256: await sumOf(path) };
    }),
  );

/** Writes the folder's files into `file`, which only its owner may read; it appears whole or not at all. */
export async function packBackup(folder: string, backup: Backup, file: string): Promise<void> {
  await writeFile(join(folder, MANIFEST), JSON.stringify(backup, null, 2), { mode: 0o600 });
  const draft = `${file}.part`;
  const out = await open(draft, 'w', 0o600);
  try {
    await out.chmod(0o600);
    const names = [MANIFEST, ...backup.files.map(({ name }) => name)];
    const tar = spawn('tar', ['-czf', '-', '-C', folder, '--', ...names], {
      stdio: ['ignore', out.fd, 'pipe'],
      // No files of macOS's own beside ours.
      env: { ...serverEnv(process.env), COPYFILE_DISABLE: '1' },
    });
    let said = '';
    tar.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
    const code = await new Promise<number | null>((done, fail) => tar.once('close', done).once('error', fail));
    if (code !== 0) throw new Error(`${file} could not be written: ${said.trim().slice(0, 300)}`);
    await out.sync();
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await out.close();
  }
}

/** Unpacks `file` into the empty folder and compares each entry with what the manifest says. @throws BackupFileError */
export async function unpackBackup(file: string, folder: string): Promise<Backup> {
  const env = serverEnv(process.env);
  const tar = (args: string[]) => promisify(execFile)('tar', args, { env, maxBuffer: 1024 * 1024 });
  const { stdout } = await tar(['-tzf', file]).catch(() => {
    throw new BackupFileError(`${file} is not a backup of Deskbridge, or is cut off.`);
  });
  const names = stdout.split('\n').filter((name) => name !== '');
  const foreign = names.find((name, index) => !NAMES.includes(name) || names.indexOf(name) !== index);
  if (names[0] !== MANIFEST || foreign !== undefined) {
    throw new BackupFileError(`${file} is not a backup of Deskbridge: it holds other files.`);
  }
  await tar(['-xzf', file, '-C', folder, '--no-same-owner', '--', ...names]).catch(() => {
    throw new BackupFileError(`${file} is damaged: it cannot be unpacked.`);
  });
  const backup = manifest.safeParse(await readManifest(folder)).data;
  if (!backup) throw new BackupFileError(`${file} was made by another version of Deskbridge, or is damaged.`);
  const listed = backup.files.map(({ name }) => name);
  if ([...listed, MANIFEST].sort().join() !== [...names].sort().join() || !listed.includes(DATABASE)) {
    throw new BackupFileError(`${file} is damaged: a file is missing in it.`);
  }
  for (const { name, sha256 } of backup.files) {
    const path = join(folder, name);
    if (!(await lstat(path)).isFile() || (await sumOf(path)) !== sha256) {
      throw new BackupFileError(`${file} is damaged: ${name} in it is not what was backed up.`);
    }
  }
  await rm(join(folder, MANIFEST));
  return backup;
}

async function readManifest(folder: string): Promise<unknown> {
  const path = join(folder, MANIFEST);
  if (!(await lstat(path)).isFile()) return null;
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch {
    return null;
  }
}
