import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { converse } from './conversation-life';
import { live } from './life';
import { LIVES } from './lives';
import { simulate } from './main';

const PATCHES = join(__dirname, 'put-backs');

/** `npm run simulate` lives as many as one likes. */
it('spends nothing without a yes, sends one order a visit, and comes to rest, in 2,000 lives', () => {
  fc.assert(
    fc.property(LIVES, (choices) => void live(choices)),
    { numRuns: 2_000 },
  );
});

it('carries each note, message and file over once, and none to an order that is over, in 2,000 lives', () => {
  fc.assert(
    fc.property(LIVES, (choices) => void converse(choices)),
    { numRuns: 2_000 },
  );
});

it('says how many lives it has seen, and takes no number that is none', () => {
  let said = '';
  const say = (text: string): void => void (said += text);
  expect(simulate(['--lives', '20', '--seed', '7'], say)).toBe(0);
  expect(said).toMatch(/^20 lives, no promise broken/);
  expect(simulate(['--lives', 'many'], say)).toBe(2);
});

it.each(readdirSync(PATCHES))('%s still fits the code that it spoils', (patch) => {
  execFileSync('git', ['apply', '--check', join(PATCHES, patch)], { cwd: resolve(__dirname, '../..') });
});
