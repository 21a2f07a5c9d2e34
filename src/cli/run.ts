/** One run of the command line: parses, runs, and tells the exit code of the interface, section 2. */
import { CommanderError } from 'commander';
import { jsonText } from './plain';
import { buildProgram } from './program';

const DONE = 0;
const USAGE = 2;

/** @param args without the program's name. Gives the exit code; what there is to say has been said. */
export async function run(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  try {
    await buildProgram(json).parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? DONE);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what it had to say, help included.
      if (error.exitCode === 0) return DONE;
      if (json) sayJson(error.message.replace(/^error: /, ''), USAGE);
      return USAGE;
    }
    // Loads all that can fail; help must not wait for it.
    const { exitCodeOf, explain } = await import('./exit');
    const [text, code] = [explain(error), exitCodeOf(error)];
    if (json) sayJson(text, code);
    else process.stderr.write(`${text}\n`);
    return code;
  }
}

/** Not to standard output: what is read there is the answer that was asked for. */
const sayJson = (error: string, exitCode: number): void =>
  void process.stderr.write(`${jsonText({ error, exitCode })}\n`);
