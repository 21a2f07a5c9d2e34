/** `npm run bulk`: one drill, its figures printed, everything removed. Exit code 1 when a ticket or a number was wrong. */
import { play } from '../faults/play';
import { readOptions } from './options';
import { isSound, reportOf } from './report';
import { runBulk } from './run';

export async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  await play(options.seed, async (tell, stopped) => {
    const result = await runBulk(options, tell, stopped);
    return { text: reportOf(result), isSound: isSound(result) };
  });
}
