/** The walk over the open work orders of all dispatches, on rows that nobody had to make. */
import { nextRows, WALK_BEGIN, type KeyIndex } from '../../src/temporal/index/order-walk';

/** Sorted keys, found by bisection. */
function indexOf(keys: Float64Array): KeyIndex<number> & { questions: number } {
  const above = (key: number): number => {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as number) > key) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  return {
    questions: 0,
    list(after, upTo, most) {
      this.questions += 1;
      const [from, to] = [above(after), above(upTo)];
      return Promise.resolve({ rows: [...keys.subarray(from, Math.min(to, from + most))], more: to - from > most });
    },
    count(after, upTo) {
      this.questions += 1;
      return Promise.resolve((upTo === null ? keys.length : above(upTo)) - above(after));
    },
  };
}

async function walk(index: KeyIndex<number>): Promise<{ seen: number[]; steps: number; largest: number }> {
  const seen: number[] = [];
  let [mark, steps, largest] = [WALK_BEGIN, 0, 0];
  for (;;) {
    const step = await nextRows(index, mark, 100);
    steps += 1;
    largest = Math.max(largest, step.rows.length);
    for (const row of step.rows) seen.push(row);
    if (step.end) return { seen, steps, largest };
    mark = { after: step.after, width: step.width };
  }
}

/** The same numbers in each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

test('a million open orders come once each, in pages of a hundred, with less than two questions a page', async () => {
  const next = random(7);
  const keys = new Float64Array(1_000_000);
  let key = 900_000;
  for (let i = 0; i < keys.length; i++) {
    // Other companies' orders lie between, and whole years without any of ours.
    key += i % 200_000 === 0 ? 5_000_000 : i % 1000 < 500 ? 1 : 1 + Math.floor(next() * 40);
    keys[i] = key;
  }
  const index = indexOf(keys);
  const { seen, steps, largest } = await walk(index);
  expect(seen.length).toBe(keys.length);
  seen.sort((a, b) => a - b);
  expect(seen.every((found, i) => found === keys[i])).toBe(true);
  expect(largest).toBeLessThanOrEqual(100);
  expect(steps).toBeLessThan(30_000);
  expect(index.questions).toBeLessThan(2 * steps);
});

test.each([
  ['no order', []],
  ['one order far away', [9_000_000_000]],
  ['the greatest number', [1, Number.MAX_SAFE_INTEGER]],
  ['many runs that hold one order', Array.from({ length: 300 }, () => 42)],
  ['a crowd behind a desert', [5, ...Array.from({ length: 500 }, (_, i) => 80_000_000 + i)]],
])('%s: each row once', async (_, keys) => {
  const { seen } = await walk(indexOf(Float64Array.from(keys)));
  expect(seen.sort((a, b) => a - b)).toEqual(keys);
});
