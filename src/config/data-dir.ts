/** The data directory. Promise: it and what lies in it are its owner's alone, whoever made it and whatever made them. */
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, parse, resolve } from 'node:path';

const FOR_OTHERS = 0o077;

/** Makes it when it is not there, and takes away the rights that others have in one that is. @throws Error of the file system */
export function readyDataDir(dataDir: string): void {
  const folder = resolve(dataDir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  takeRights(folder);
  // Somebody may have named a folder that is not Deskbridge's own.
  if ([process.cwd(), homedir(), parse(folder).root].includes(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isFile()) takeRights(join(folder, entry.name));
  }
}

function takeRights(path: string): void {
  try {
    const { mode } = statSync(path);
    // What the owner may do stays: a program that lies there is still to be run.
    if ((mode & FOR_OTHERS) !== 0) chmodSync(path, mode & 0o700);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    // Gone meanwhile; or another user's, such as the folder of a mounted volume: its owner decides.
    if (!['ENOENT', 'EPERM', 'EROFS'].includes(code)) throw error;
  }
}
