/**
 * How the open work orders of all dispatches are walked by their number. Promise: the index cannot sort, so it is asked for
 * ranges that are made to fit; every row comes once in a round, however many there are, and one step asks few questions.
 */

/** What an index can say of keys in `(after, upTo]`. */
export interface KeyIndex<Row> {
  /** At most `most` rows, in no order. */
  list(after: number, upTo: number, most: number): Promise<{ rows: Row[]; more: boolean }>;
  /** `upTo` null: all above. */
  count(after: number, upTo: number | null): Promise<number>;
}

/** Where a walk goes on: all keys up to `after` are done, and `width` is the range that fitted last. */
export interface WalkMark {
  after: number;
  width: number;
}

export interface WalkStep<Row> extends WalkMark {
  rows: Row[];
  /** There is nothing above. */
  end: boolean;
}

export const WALK_BEGIN: WalkMark = { after: 0, width: 1000 };

/** A step that finds nothing within so many questions goes on in the next one. */
const MOST_QUESTIONS = 40;
/** Aimed below a page, so that an uneven stretch still fits. */
const FILL = 0.75;
const MOST_OF_ONE_KEY = 1000;

/** The next rows in the order of their keys' ranges: at most `most`, but all of one key. */
export async function nextRows<Row>(index: KeyIndex<Row>, mark: WalkMark, most: number): Promise<WalkStep<Row>> {
  let { after, width } = mark;
  for (let questions = 0; questions < MOST_QUESTIONS; questions += 2) {
    const upTo = Math.min(after + width, Number.MAX_SAFE_INTEGER);
    const { rows, more } = await index.list(after, upTo, width === 1 ? MOST_OF_ONE_KEY : most);
    if (more && width > 1) {
      const count = Math.max(await index.count(after, upTo), most + 1);
      width = Math.max(1, Math.min(width - 1, Math.floor((width * most * FILL) / count)));
    } else if (rows.length > 0) {
      return { rows, after: upTo, width: rows.length * 2 < most ? width * 2 : width, end: false };
    } else {
      after = upTo;
      if ((await index.count(after, null)) === 0) return { rows: [], after, width, end: true };
      width = Math.min(width * 4, Number.MAX_SAFE_INTEGER);
    }
  }
  return { rows: [], after, width, end: false };
}
