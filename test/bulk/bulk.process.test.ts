/** The short form of `npm run bulk`: a batch at a strict quota, stopped and killed at seeded moments. */
import { tmpdir } from 'node:os';
import { buildOnce } from '../helpers/process';
import { SHORT } from './options';
import { isSound, reportOf } from './report';
import { runBulk } from './run';

beforeAll(buildOnce);

// The seed that kills everything with the command, and both workers.
it('dispatches each ticket once, and others meanwhile, though the batch is stopped and its processes are killed', async () => {
  const result = await runBulk({ ...SHORT, seed: 7, dir: tmpdir() }, () => undefined);
  if (!isSound(result)) throw new Error(reportOf(result));
  // Enough happened for that to say something.
  expect([result.stops, result.downs.length]).toEqual([SHORT.kills, SHORT.kills]);
  expect(Math.min(result.others, result.looks)).toBeGreaterThan(3);
});
