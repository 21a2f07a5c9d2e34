/** `npm run faults`: one run, its figures printed, everything removed. Exit code 1 when anything was lost, doubled or stuck. */
import { readOptions } from './options';
import { play } from './play';
import { isSound, reportOf } from './report';
import { runFaults } from './run';

export async function main(): Promise<void> {
  const { json, ...options } = readOptions(process.argv);
  await play(options.seed, async (tell, stopped) => {
    const result = await runFaults(options, tell, stopped);
    return { text: json ? JSON.stringify(result) : reportOf(result), isSound: isSound(result) };
  });
}
