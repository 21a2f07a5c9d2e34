/** Where a downloaded or built Temporal program is kept: per user, per version, per platform. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { PINNED_CLI_VERSION } from './versions';

export const PROGRAM_NAME = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

function userCacheFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(env.HOME || homedir(), 'Library', 'Caches');
  return env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
}

/** The one path at which the cached copy of the pinned version lies, whether or not it is there. */
export function cachedProgramPath(env: NodeJS.ProcessEnv): string {
  const folder = `${PINNED_CLI_VERSION}-${process.platform}-${process.arch}`;
  return join(userCacheFolder(env), 'deskbridge', 'temporal', folder, PROGRAM_NAME);
}
