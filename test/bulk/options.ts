/** What `npm run bulk -- …` takes. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import type { BulkOptions } from './run';

const MINUTE = 60_000;

/** A form for every test run: about a minute, and no word about how fast a busy machine is. */
export const SHORT: Omit<BulkOptions, 'seed' | 'dir'> = {
  ...{ tickets: 40, quota: 500, kills: 2, everyMs: 4_000, publishedWithin: Infinity, withinMs: 8 * MINUTE },
};

const FULL: Omit<BulkOptions, 'seed' | 'dir'> = {
  ...{ tickets: 2_000, quota: 700, kills: 5, everyMs: 20_000, publishedWithin: 10, withinMs: 90 * MINUTE },
};

const OPTIONS = {
  seed: { type: 'string' },
  tickets: { type: 'string' },
  quota: { type: 'string' },
  kills: { type: 'string' },
  short: { type: 'boolean', default: false },
  dir: { type: 'string', default: tmpdir() },
} as const;

export function readOptions(args: string[]): BulkOptions {
  const { short, dir, ...given } = parseArgs({ args, options: OPTIONS }).values;
  const numbers = Object.entries(given).map(([name, text]) => [name, natural(name, text)]);
  // Of its own, so that no two runs are the same; it is printed, so that each can be run again.
  return { seed: Date.now() % 1_000_000, ...(short ? SHORT : FULL), ...Object.fromEntries(numbers), dir };
}

export function natural(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number.`);
  return Number(text);
}
