/**
 * `npm run simulate -- --lives 100000 [--kind dispatch|conversation|contact|sweep] [--seed N] [--path P]`: the lives of this folder, as many as
 * wanted, of all kinds in turn. Ends with 1 when a promise was broken; then the shortest such life is told, and how to see it
 * again.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { KIND_NAMES, KINDS, type KindName } from './lives';

const OPTIONS = {
  kind: { type: 'string' },
  lives: { type: 'string', default: '10000' },
  seed: { type: 'string' },
  path: { type: 'string' },
} as const;

/** So many at once, between two lines that say how far it is. */
const BATCH = 5_000;

export async function main(): Promise<void> {
  process.exitCode = await simulate(process.argv.slice(2), (text) => process.stdout.write(text));
}

/** Gives the exit code. */
export async function simulate(args: string[], say: (text: string) => void): Promise<number> {
  const { values } = parseArgs({ args, options: OPTIONS });
  const lives = Number(values.lives);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  const kinds = KIND_NAMES.filter((name) => name === (values.kind ?? name));
  if (!(lives > 0) || !Number.isInteger(seed)) {
    say('--lives and --seed take whole numbers\n');
    return 2;
  }
  if (kinds.length === 0) {
    say(`--kind takes ${KIND_NAMES.join(', ')}\n`);
    return 2;
  }
  const most = Math.min(BATCH, Math.ceil(lives / kinds.length));
  for (let done = 0, turn = 0; done < lives; turn++) {
    const kind = kinds[turn % kinds.length] as KindName;
    const numRuns = Math.min(most, lives - done);
    const of = seed + done;
    const path = values.path === undefined ? {} : { path: values.path };
    const begun = performance.now();
    const result = await fc.check(KINDS[kind].property, { numRuns, seed: of, ...path });
    if (result.failed) {
      const story = await KINDS[kind].story(result.counterexample?.[0] ?? []);
      say(`${story.join('\n')}\n`);
      say(`Again: npm run simulate -- --kind ${kind} --seed ${of} --path ${result.counterexamplePath ?? ''}\n`);
      return 1;
    }
    done += numRuns;
    const perSecond = Math.round((numRuns / (performance.now() - begun)) * 1000);
    say(`${done} lives, no promise broken, ${perSecond} a second of a ${kind}\n`);
  }
  return 0;
}
