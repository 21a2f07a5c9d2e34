/** The short form of `npm run faults`: real processes killed and calls failing at the same moments each time. */
import { tmpdir } from 'node:os';
import { SHORT } from './options';
import { isSound, reportOf } from './report';
import { runFaults } from './run';
import { buildOnce } from '../helpers/process';

jest.setTimeout(900_000);

beforeAll(buildOnce);

// The seed whose workers die right after a create, before its answer.
it('loses nothing, doubles nothing and needs nobody while processes are killed and a quarter of all calls fails', async () => {
  const result = await runFaults({ ...SHORT, seed: 17, cluster: false, dir: tmpdir() }, () => undefined);
  if (!isSound(result)) throw new Error(reportOf(result));
  // Enough happened for that to say something.
  expect(result.kills).toBeGreaterThanOrEqual(SHORT.kills);
  expect(result.webhooks.accepted).toBeGreaterThan(10 * SHORT.tickets);
  expect(result.verdicts.filter(({ id, of }) => id !== 'L3' && of === 0)).toEqual([]);
});
