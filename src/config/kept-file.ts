/**
 * A file that people edit too. Promise: it is replaced as a whole or not at all, only while it is still what was read, and
 * the file before it stays beside it as `<name>.before`.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';

/** Somebody has changed the file since it was shown. */
export class FileChangedError extends Error {
  override readonly name = 'FileChangedError';
}

/** Null when there is no such file. */
export async function readKept(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * `was` is the text that was read, null for no file; `mode` are the rights of both files, those of the old one when left out.
 * @throws FileChangedError, or Error of the file system; either leaves the file as it was
 */
export async function replaceKept(path: string, was: string | null, text: string, mode?: number): Promise<void> {
  if ((await readKept(path)) !== was)
    throw new FileChangedError(`${path} was changed meanwhile. Look at the change again.`);
  // Where a link leads, so that it stays one.
  const target = was === null ? path : await realpath(path);
  const rights = mode ?? (was === null ? 0o600 : (await stat(target)).mode & 0o777);
  const drafts = { next: `${target}.${randomUUID()}`, before: `${target}.${randomUUID()}` };
  try {
    await writeWhole(drafts.next, text, rights);
    if (was !== null) {
      await writeWhole(drafts.before, was, rights);
      await rename(drafts.before, `${target}.before`);
    }
    await rename(drafts.next, target);
  } finally {
    await Promise.all(Object.values(drafts).map((draft) => rm(draft, { force: true })));
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
