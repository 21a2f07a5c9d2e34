/**
 * `npm run simulate -- --lives 100000 [--seed N] [--path P]`: the lives of test/simulation/life.ts and conversation-life.ts, as
 * many as wanted. Ends with 1 when a promise was broken; then the shortest such life is told, and how to see it again.
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { converse } from './conversation-life';
import { Life, live } from './life';
import { LIVES } from './lives';

const OPTIONS = {
  lives: { type: 'string', default: '10000' },
  seed: { type: 'string' },
  path: { type: 'string' },
} as const;

/** So many at once, between two lines that say how far it is. */
const BATCH = 5_000;

export function main(): void {
  process.exitCode = simulate(process.argv.slice(2), (text) => process.stdout.write(text));
}

/** Gives the exit code. */
export function simulate(args: string[], say: (text: string) => void): number {
  const { values } = parseArgs({ args, options: OPTIONS });
  const lives = Number(values.lives);
  const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
  if (!(lives > 0) || !Number.isInteger(seed)) {
    say('--lives and --seed take whole numbers\n');
    return 2;
  }
  const begun = performance.now();
  for (let done = 0; done < lives;) {
    const numRuns = Math.min(BATCH, lives - done);
    const of = seed + done;
    const path = values.path === undefined ? {} : { path: values.path };
    const result = fc.check(
      fc.property(LIVES, (choices) => {
        live(choices);
        converse(choices);
      }),
      { numRuns, seed: of, ...path },
    );
    if (result.failed) {
      say(storyOf(result.counterexample?.[0] ?? [], of, result.counterexamplePath ?? ''));
      return 1;
    }
    done += numRuns;
    const seconds = (performance.now() - begun) / 1000;
    say(`${done} lives, no promise broken, ${Math.round(done / seconds)} a second\n`);
  }
  return 0;
}

function storyOf(choices: readonly number[], seed: number, path: string): string {
  const again = `Again: npm run simulate -- --seed ${seed} --path ${path}\n`;
  const life = new Life(choices, true);
  try {
    life.play();
    life.comeToRest();
    life.checkEnd();
  } catch (error) {
    return [
      ...life.story,
      "\nThe last run's own timeline:",
      ...life.run.memory.timeline.map(({ at, what, detail }) => `${at}  ${what}: ${detail}`),
      `\nWork orders: ${JSON.stringify(life.world.orders)}`,
      `\nBroken: ${wordsOf(error)}`,
      again,
    ].join('\n');
  }
  try {
    converse(choices);
  } catch (error) {
    return `${wordsOf(error)}\n${again}`;
  }
  return `Broken: it did not fail again\n${again}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
