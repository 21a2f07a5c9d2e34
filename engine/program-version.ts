/** Asks a `temporal` program what it is, and judges whether Deskbridge can use it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compareVersions, OLDEST_SERVER_VERSION } from './versions';

const TIMEOUT_MS = 15_000;

export type ProgramCheck = { usable: true; server: string } | { usable: false; problem: string };

/** Runs `<path> --version`; a program that is missing, torn, foreign or too old is not usable, and the problem says which. */
export async function checkProgram(path: string): Promise<ProgramCheck> {
  let output: string;
  try {
    output = (await promisify(execFile)(path, ['--version'], { timeout: TIMEOUT_MS })).stdout.trim();
  } catch (error) {
    return { usable: false, problem: `it does not run (${firstLine((error as Error).message)})` };
  }
  const server = /\bServer v?(\d+\.\d+\.\d+)/.exec(output)?.[1];
  if (server === undefined) {
    return { usable: false, problem: `its --version names no server: "${firstLine(output)}"` };
  }
  if (compareVersions(server, OLDEST_SERVER_VERSION) < 0) {
    return { usable: false, problem: `it is Server ${server}, older than ${OLDEST_SERVER_VERSION}` };
  }
  return { usable: true, server };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
