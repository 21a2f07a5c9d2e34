/** Tells a data dir's server from a stranger that got its process id. */
import { resolve } from 'node:path';
import { databasePath } from './engine-record';
import { commandLine, processRuns } from './process-state';

/** True when the process runs and, where the platform shows command lines, has this data dir's database open by name. */
export async function isServerOf(dataDir: string, pid: number): Promise<boolean> {
  if (!(await processRuns(pid))) return false;
  const line = await commandLine(pid);
  return line === undefined || line.includes(databasePath(resolve(dataDir)));
}
