/** Finds the `temporal` program that the embedded engine runs, and makes it when there is none. */
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { SettingsError } from '../src/config/settings-reader';
import { cachedProgramPath, PROGRAM_NAME } from './cache-folder';
import { downloadProgram } from './download-program';
import { withFileLock } from './file-lock';
import { buildProgram, installedGo } from './go-build';
import { installProgram } from './install-program';
import { checkProgram } from './program-version';
import { formatElapsed } from './progress';
import { OLDEST_SERVER_VERSION, PINNED_CLI_VERSION, PINNED_SERVER_VERSION } from './versions';

export interface FindOptions {
  env: NodeJS.ProcessEnv;
  report: (line: string) => void;
  isTerminal?: boolean;
}

type Maker = (path: string, options: Required<FindOptions>) => Promise<void>;

/** How a program is made when none is there; tests put their own in. */
export interface Makers {
  download: Maker;
  installedGo: (env: NodeJS.ProcessEnv) => Promise<string | undefined>;
  build: Maker;
}

/** Thrown when there is no usable program; the message lists every way to get one and what became of it. */
export class TemporalProgramError extends Error {
  override name = 'TemporalProgramError';
}

/**
 * Absolute path of a usable `temporal` program: `TEMPORAL_CLI_PATH`, the PATH, the cached copy, the official download,
 * a build by Go; the first that is there. What is made is cached; concurrent callers make it once.
 */
export function findTemporalProgram(options: FindOptions): Promise<string> {
  return findProgram(options, { download: downloadProgram, installedGo, build: buildProgram });
}

/** As `findTemporalProgram`, with the ways of making a program passed in. */
export async function findProgram(options: FindOptions, makers: Makers): Promise<string> {
  const { env, report } = options;
  if (env.TEMPORAL_CLI_PATH) return namedProgram(env.TEMPORAL_CLI_PATH);

  const onPath = programOnPath(env);
  let pathOutcome = 'not found';
  if (onPath) {
    const check = await checkProgram(onPath);
    if (check.usable) return onPath;
    pathOutcome = `${onPath}: ${check.problem}`;
    report(`Passing over ${pathOutcome}.`);
  }

  const cached = cachedProgramPath(env);
  if (await isUsable(cached)) return cached;
  const waiting = (pid: number) => report(`Process ${pid} is already getting the Temporal server; waiting for it.`);
  return withFileLock(`${cached}.lock`, () => makeProgram(cached, pathOutcome, options, makers), waiting);
}

async function namedProgram(path: string): Promise<string> {
  const absolute = resolve(path);
  const check = await checkProgram(absolute);
  if (check.usable) return absolute;
  const problem = `names ${absolute}, but ${check.problem}`;
  const remedy = 'Name a usable program, or unset it to have one found.';
  throw new SettingsError([{ name: 'TEMPORAL_CLI_PATH', problem, remedy }]);
}

async function makeProgram(cached: string, pathOutcome: string, options: FindOptions, makers: Makers): Promise<string> {
  if (await isUsable(cached)) return cached;
  const { env, report, isTerminal = process.stderr.isTTY === true } = options;
  const make = async (how: string, maker: Maker) => {
    const startedAt = Date.now();
    try {
      await installProgram(cached, (path) => maker(path, { env, report, isTerminal }));
      report(`${how} done in ${formatElapsed(Date.now() - startedAt)}; kept as ${cached}.`);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  };

  report(`No Temporal program is here yet; downloading version ${PINNED_CLI_VERSION}.`);
  const downloadProblem = await make('Download', makers.download);
  if (downloadProblem === undefined) return cached;

  const go = await makers.installedGo(env);
  let buildProblem: string | undefined = 'Go is not on the PATH';
  if (go) {
    report(`The download failed (${downloadProblem}). Building it with ${go} instead, once.`);
    buildProblem = await make('Build', makers.build);
    if (buildProblem === undefined) return cached;
  }
  throw new TemporalProgramError(
    [
      'No usable `temporal` program was found, and none could be made. Any one of these fixes it:',
      `  1. TEMPORAL_CLI_PATH=<path of a temporal program, Server ${OLDEST_SERVER_VERSION} or newer>: not set`,
      `  2. \`temporal\` on the PATH: ${pathOutcome}`,
      `  3. a cached copy (version ${PINNED_CLI_VERSION}, Server ${PINNED_SERVER_VERSION}) at ${cached}: ${existsSync(cached) ? 'not usable' : 'not there'}`,
      `  4. the official download: ${downloadProblem}`,
      `  5. a build from the Go module in tools/temporal: ${buildProblem}`,
      'Or set TEMPORAL_ADDRESS to use a Temporal server that runs elsewhere.',
    ].join('\n'),
  );
}

async function isUsable(path: string): Promise<boolean> {
  return existsSync(path) && (await checkProgram(path)).usable;
}

function programOnPath(env: NodeJS.ProcessEnv): string | undefined {
  return (env.PATH ?? env.Path ?? '')
    .split(delimiter)
    .filter((folder) => isAbsolute(folder))
    .map((folder) => join(folder, PROGRAM_NAME))
    .find((path) => existsSync(path));
}
