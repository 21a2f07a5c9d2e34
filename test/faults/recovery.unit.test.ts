/** How the recoveries of a run are told. */
import { recoveryLines } from './recovery';

it('tells of each thing to recover from how long half of the times took at most, and 99 of 100', () => {
  const kills = Array.from({ length: 100 }, (_, nth) => ({
    ...{ after: 'kill of a worker', acknowledged: 10 * nth, worked: 1_000 * nth },
  }));
  const cut = { after: 'network cut of a worker', acknowledged: 100, worked: 2_040 };
  expect(recoveryLines([...kills, cut])).toEqual([
    '  after kill of a worker (N 100): 0.5 / 1.0, 49.0 / 98.0',
    '  after network cut of a worker (N 1): 0.1 / 0.1, 2.0 / 2.0',
    '  after any of them (N 101): 0.5 / 1.0, 49.0 / 98.0',
  ]);
});
