/** One run of the command line: parses, runs, and tells the exit code of the interface, section 2. */
import { CommanderError } from 'commander';
import { buildProgram } from './program';

const DONE = 0;
const USAGE = 2;

/** @param args without the program's name. Gives the exit code; what there is to say has been said. */
export async function run(args: readonly string[]): Promise<number> {
  try {
    await buildProgram().parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? DONE);
  } catch (error) {
    // Commander has said what it had to say, help included.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : USAGE;
    // Loads all that can fail; help must not wait for it.
    const { exitCodeOf, explain } = await import('./exit');
    process.stderr.write(`${explain(error)}\n`);
    return exitCodeOf(error);
  }
}
