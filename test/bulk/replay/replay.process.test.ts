/** The short form of `npm run bulk:replay`: refused events are sent again while processes are killed. */
import { tmpdir } from 'node:os';
import { buildOnce } from '../../helpers/process';
import { SHORT } from './options';
import { isSound, reportOf } from './report';
import { runReplay } from './run';

beforeAll(buildOnce);

it('sends each refused event again once, though workers are killed, consent is withdrawn and newer events come', async () => {
  const result = await runReplay({ ...SHORT, seed: 7, dir: tmpdir() }, () => undefined);
  if (!isSound(result)) throw new Error(reportOf(result));
  expect(result.downs.map(({ what }) => what)).toContain('both workers');
});
