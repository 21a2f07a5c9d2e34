/** A backup as one file: what goes in comes out, and anything else is refused before a file of the data dir is touched. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf, packBackup, unpackBackup, type Backup } from '../../engine/backup-file';
import { restoringPath } from '../../engine/engine-record';
import { startEmbeddedEngine } from '../../engine';

let folder: string;
let from: string;
let to: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deskbridge-backup-file-'));
  [from, to, file] = [join(folder, 'from'), join(folder, 'to'), join(folder, 'b.tar.gz')];
  for (const path of [from, to]) await mkdir(path);
  await writeFile(join(from, 'temporal.db'), 'a database');
  await writeFile(join(from, 'secrets.json'), '{}');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function pack(change: (backup: Backup) => void = () => undefined): Promise<Backup> {
  const backup: Backup = {
    ...{ format: 1, takenAt: '2027-01-01T00:00:00.000Z', account: 'acme', server: '1.31.2', namespace: 'default' },
    ...{ encryptionKeys: ['k1'], open: { runs: 3, dispatches: 2 } },
    files: await filesOf(from, ['temporal.db', 'secrets.json']),
  };
  change(backup);
  await packBackup(from, backup, file);
  return backup;
}

test('what was packed comes out byte for byte, and only its owner may read the file', async () => {
  const backup = await pack();
  expect(await unpackBackup(file, to)).toEqual(backup);
  expect((await readdir(to)).sort()).toEqual(['secrets.json', 'temporal.db']);
  expect(await readFile(join(to, 'temporal.db'), 'utf8')).toBe('a database');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await readdir(folder)).sort()).toEqual(['b.tar.gz', 'from', 'to']);
});

test('a file that is cut off, changed or foreign is refused with what is wrong', async () => {
  await pack((backup) => (backup.files[0]!.sha256 = 'another'));
  await expect(unpackBackup(file, to)).rejects.toThrow(/damaged: temporal\.db in it is not what was backed up/);
  await truncate(file, 100);
  await expect(unpackBackup(file, to)).rejects.toThrow(/not a backup of Deskbridge, or is cut off/);
  await writeFile(file, 'a letter');
  await expect(unpackBackup(file, to)).rejects.toThrow(/not a backup of Deskbridge/);
});

test.each([
  ['a path that leads out of the folder', ['-P', '../outside']],
  ['a file that no backup has', ['engine.json']],
])('an archive with %s is refused before it is unpacked', async (_, args) => {
  const backup = await pack();
  await writeFile(join(from, 'backup.json'), JSON.stringify(backup));
  await writeFile(join(from, 'engine.json'), '{}');
  await writeFile(join(folder, 'outside'), 'x');
  execFileSync('tar', ['-czf', file, '-C', from, 'backup.json', 'temporal.db', 'secrets.json', ...args], {
    stdio: 'ignore',
  });
  await expect(unpackBackup(file, to)).rejects.toThrow(/holds other files/);
  expect(await readdir(to)).toEqual([]);
});

test('a link in the place of the database is refused', async () => {
  const backup = await pack();
  await writeFile(join(from, 'backup.json'), JSON.stringify(backup));
  await rm(join(from, 'temporal.db'));
  execFileSync('ln', ['-s', '/etc/hostname', join(from, 'temporal.db')]);
  execFileSync('tar', ['-czf', file, '-C', from, 'backup.json', 'temporal.db', 'secrets.json']);
  await expect(unpackBackup(file, to)).rejects.toThrow(/damaged: temporal\.db/);
});

test('a restore that was cut short is noticed by the next start', async () => {
  await writeFile(restoringPath(to), '{}');
  const starting = startEmbeddedEngine({ dataDir: to, env: process.env, report: () => undefined });
  await expect(starting).rejects.toThrow(/cut short.*deskbridge restore/);
});
