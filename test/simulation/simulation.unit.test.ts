import fc from 'fast-check';
import { live } from './life';
import { LIVES } from './lives';

/** `npm run simulate` lives as many as one likes. */
it('spends nothing without a yes, sends one order a visit, and comes to rest, in 2,000 lives', () => {
  fc.assert(
    fc.property(LIVES, (choices) => void live(choices)),
    { numRuns: 2_000 },
  );
});
