/** `npm run bulk:replay`: one replay, its figures printed, everything removed. Exit code 1 when a contact was wrong. */
import { play } from '../../faults/play';
import { isSound, reportOf } from './report';
import { readOptions } from './options';
import { runReplay } from './run';

export async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  await play(options.seed, async (tell, stopped) => {
    const result = await runReplay(options, tell, stopped);
    return { text: reportOf(result), isSound: isSound(result) };
  });
}
