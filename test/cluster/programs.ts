/** The programs of a real Temporal cluster: its server and its schema tool built from the pinned Go module, PostgreSQL from the system. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cachedProgramPath } from '../../engine/cache-folder';
import { moduleFolder } from '../../engine/go-build';
import { PINNED_SERVER_VERSION } from '../../engine/versions';

const run = promisify(execFile);
const SERVER = 'go.temporal.io/server/cmd/server';
const SQL_TOOL = 'go.temporal.io/server/cmd/tools/sql';
const FLAGS = ['-mod=readonly', '-trimpath', '-buildvcs=false'];
const POSTGRES_FOLDERS = '/usr/lib/postgresql';

export interface ClusterPrograms {
  server: string;
  sqlTool: string;
  /** Folder with the versioned schemas `temporal` and `visibility`. */
  schemas: string;
  /** Folder of `initdb` and `postgres`. */
  postgres: string;
}

/** Builds what is missing into the user's cache folder: minutes when nothing of the server has been built before. */
export async function clusterPrograms(report: (line: string) => void): Promise<ClusterPrograms> {
  const postgres = postgresFolder();
  if (!postgres) throw new Error(`No PostgreSQL under ${POSTGRES_FOLDERS}. Install it: apt-get install postgresql`);
  const folder = join(dirname(dirname(cachedProgramPath(process.env))), `server-${PINNED_SERVER_VERSION}`);
  const options = { cwd: moduleFolder(), env: { ...process.env, GOWORK: 'off' }, maxBuffer: 1 << 24 };
  if (!existsSync(join(folder, 'server'))) {
    report(`Building the Temporal server ${PINNED_SERVER_VERSION} and its schema tool (up to 10 minutes, once).`);
    await mkdir(dirname(folder), { recursive: true });
    const making = await mkdtemp(`${folder}.making-`);
    await run('go', ['build', ...FLAGS, '-ldflags', '-s -w', '-o', `${making}/`, SERVER, SQL_TOOL], options);
    await rename(making, folder).catch(() => rm(making, { recursive: true, force: true }));
  }
  const { stdout } = await run(
    'go',
    ['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', 'go.temporal.io/server'],
    options,
  );
  return {
    server: join(folder, 'server'),
    sqlTool: join(folder, 'sql'),
    schemas: join(stdout.trim(), 'schema/postgresql/v12'),
    postgres,
  };
}

/** The newest of the system's versions, which is not on the PATH of Debian and Ubuntu; null: there is none. */
export function postgresFolder(): string | null {
  const versions = existsSync(POSTGRES_FOLDERS) ? readdirSync(POSTGRES_FOLDERS) : [];
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest ? join(POSTGRES_FOLDERS, newest, 'bin') : null;
}
