/** Input of a size or kind that nobody should send. */
import { batchesOf } from '../../src/cli/import/batches';
import type { SourceRow } from '../../src/cli/import/rows';
import { boundedIds } from '../../src/domain/contacts/bounded-ids';
import { inLightPieces } from '../../src/domain/in-pieces';
import { serveApp } from '../edge/app-server';

it('cuts a batch of an import before it is too large to be stored', async () => {
  async function* rows(): AsyncGenerator<SourceRow> {
    for (let line = 1; line <= 200; line++) yield { line, cells: ['ä'.repeat(8_000)], invalid: 'none' };
  }
  const sizes: number[] = [];
  for await (const batch of batchesOf(rows(), () => ({ dropped: 'anonymous' }))) sizes.push(batch.rows.length);
  expect(sizes).toEqual([32, 32, 32, 32, 32, 32, 8]);
});

it('lets others have their turn while it judges a huge batch', async () => {
  const app = await serveApp();
  const identify = { type: 'identify', userId: 'u', traits: { marketing_consent: true, phone: '07700 900123' } };
  const batch = Array.from({ length: 5_000 }, () => identify);
  /** The longest that nobody else had a turn, as a part of the whole. */
  const heldUp = async (): Promise<number> => {
    let longest = 0;
    const began = performance.now();
    let last = began;
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await app.events('batch', { batch });
    clearInterval(watch);
    return longest / (performance.now() - began);
  };
  const parts: number[] = [];
  for (let n = 0; n < 5; n++) parts.push(await heldUp());
  await app.close();
  // A machine that stands still makes one long, hardly all of them.
  expect(Math.min(...parts)).toBeLessThan(1 / 3);
});

it('cuts by weight and by number, in order, and never leaves an item out', () => {
  const cut = (items: number[]): number[][] => inLightPieces(items, { size: 3, most: 10, weigh: (item) => item });
  expect(cut([1, 1, 1, 1, 9, 2, 20, 1])).toEqual([[1, 1, 1], [1, 9], [2], [20], [1]]);
  expect(cut([])).toEqual([]);
});

it('keeps the first id and the newest', () => {
  const ids = Array.from({ length: 50 }, (_, i) => `id${i}`);
  expect(boundedIds([])).toEqual([]);
  expect(boundedIds(['a', 'b', 'a'])).toEqual(['a', 'b']);
  expect(boundedIds(ids)).toEqual(['id0', ...ids.slice(-19)]);
  expect(boundedIds([...boundedIds(ids.slice(0, 30)), ...ids.slice(30)])).toEqual(boundedIds(ids));
});
