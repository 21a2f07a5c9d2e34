/** Lives as numbers: what fast-check draws, shrinks and draws again from a seed. */
import fc from 'fast-check';

export const LIVES = fc.array(fc.nat(1 << 16), { maxLength: 60, size: 'max' });
