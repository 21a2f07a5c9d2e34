/** The `deskbridge` command: parses, runs, and ends with the exit codes of the interface, section 2. */
import { CommanderError } from 'commander';
import { buildProgram } from './program';

async function main(): Promise<void> {
  const program = buildProgram();
  try {
    await program.parseAsync(process.argv);
  } catch (error) {
    // Commander has said what it had to say, help included.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    // Loads all that can fail; help must not wait for it.
    const { exitCodeOf, explain } = await import('./exit');
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}

void main();
