/** The `deskbridge` command. */
import { run } from './run';

// What it writes, and what the processes that it begins write, is its user's alone.
process.umask(0o077);
void run(process.argv.slice(2)).then((code) => (process.exitCode = code));
