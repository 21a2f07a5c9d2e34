/** Runs a program whose error output is read line by line while it works. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const KEPT_LINES = 15;
/** Compiling and linking are silent for a minute or two at the most; silence much longer is a dead network. */
const SILENCE_MS = 10 * 60_000;

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  onErrorLine: (line: string) => unknown;
}

/** Resolves with the standard output; rejects with the last lines of the error output. Ends with this process. */
export async function runWithLines(program: string, args: string[], options: RunOptions): Promise<string> {
  const { cwd, env, onErrorLine } = options;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const end = () => void child.kill('SIGTERM');
  process.once('exit', end);
  let silence = setTimeout(end, SILENCE_MS);
  const lastLines: string[] = [];
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  createInterface({ input: child.stderr }).on('line', (line) => {
    clearTimeout(silence);
    silence = setTimeout(end, SILENCE_MS);
    onErrorLine(line);
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
  });
  try {
    const how = await new Promise<string | undefined>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
    });
    if (how) throw new Error(`${program} ${args[0] ?? ''} ${how}:\n${lastLines.join('\n')}`);
    return output;
  } finally {
    clearTimeout(silence);
    process.removeListener('exit', end);
  }
}
