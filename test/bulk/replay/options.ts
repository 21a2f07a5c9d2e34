/** What `npm run bulk:replay -- …` takes. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { natural } from '../options';
import type { ReplayOptions } from './run';

const MINUTE = 60_000;

/** A form for every test run. */
export const SHORT: Omit<ReplayOptions, 'seed' | 'dir'> = { people: 100, kills: 2, withinMs: 8 * MINUTE };

const FULL: Omit<ReplayOptions, 'seed' | 'dir'> = { people: 10_000, kills: 5, withinMs: 90 * MINUTE };

const OPTIONS = {
  seed: { type: 'string' },
  people: { type: 'string' },
  kills: { type: 'string' },
  short: { type: 'boolean', default: false },
  dir: { type: 'string', default: tmpdir() },
} as const;

export function readOptions(args: string[]): ReplayOptions {
  const { short, dir, ...given } = parseArgs({ args, options: OPTIONS }).values;
  const numbers = Object.entries(given).map(([name, text]) => [name, natural(name, text)]);
  // Of its own, so that no two runs are the same; it is printed, so that each can be run again.
  return { seed: Date.now() % 1_000_000, ...(short ? SHORT : FULL), ...Object.fromEntries(numbers), dir };
}
