import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { KINDS } from './lives';
import { simulate } from './main';

const PATCHES = join(__dirname, 'put-backs');

/** `npm run simulate` lives as many as one likes. */
it('spends nothing without a yes, sends one order a visit, and comes to rest, in 2,000 lives', async () => {
  await fc.assert(KINDS.dispatch.property, { numRuns: 2_000 });
});

it('carries each note, message and file over once, and none to an order that is over, in 2,000 lives', async () => {
  await fc.assert(KINDS.conversation.property, { numRuns: 2_000 });
});

it('mixes nobody up, makes nobody twice, keeps no tag after a no, and loses nothing, in 1,000 lives', async () => {
  await fc.assert(KINDS.contact.property, { numRuns: 1_000 });
});

it('sees what no webhook told, tells nothing twice, begins no visit and keeps to its share, in 100 lives of sweeps', async () => {
  await fc.assert(KINDS.sweep.property, { numRuns: 100 });
});

it('says how many lives it has seen, and takes no number that is none', async () => {
  let said = '';
  const say = (text: string): void => void (said += text);
  expect(await simulate(['--lives', '40', '--seed', '7'], say)).toBe(0);
  const told = said.split('\n').map((line) => line.replace(/, no promise broken, \d+ a second of a /, ' '));
  expect(told).toEqual(['10 lives dispatch', '20 lives conversation', '30 lives contact', '40 lives sweep', '']);
  expect(await simulate(['--lives', 'many'], say)).toBe(2);
  expect(await simulate(['--kind', 'nobody'], say)).toBe(2);
});

it.each(readdirSync(PATCHES))('%s still fits the code that it spoils', (patch) => {
  execFileSync('git', ['apply', '--check', join(PATCHES, patch)], { cwd: resolve(__dirname, '../..') });
});
