/** Puts a new program into the cache folder so that no one ever runs half of it. */
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROGRAM_NAME } from './cache-folder';
import { checkProgram } from './program-version';

const WORK_PREFIX = '.making-';

/**
 * `make` writes the program to the path it is given; it is moved to `target` only when it is whole and runs.
 * The caller holds the lock of the folder, so left-overs of makers that were killed are swept away.
 */
export async function installProgram(target: string, make: (path: string) => Promise<void>): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (name.startsWith(WORK_PREFIX)) await rm(join(folder, name), { recursive: true, force: true });
  }
  const work = await mkdtemp(join(folder, WORK_PREFIX));
  try {
    const made = join(work, PROGRAM_NAME);
    await make(made);
    await chmod(made, 0o755);
    const check = await checkProgram(made);
    if (!check.usable) throw new Error(`what came out cannot be used: ${check.problem}`);
    await rename(made, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
