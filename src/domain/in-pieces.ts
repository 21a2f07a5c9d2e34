/** The items in their order, so many to a piece; the last one holds the rest. */
export function inPieces<T>(items: readonly T[], size: number): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < items.length; at += size) pieces.push(items.slice(at, at + size));
  return pieces;
}

/** As {@link inPieces}, and none of them heavier than `most`, but for a single item that is. */
export function inLightPieces<T>(
  items: readonly T[],
  { size = Infinity, most, weigh }: { size?: number; most: number; weigh: (item: T) => number },
): T[][] {
  const pieces: T[][] = [];
  let weight = 0;
  for (const item of items) {
    const more = weigh(item);
    const piece = pieces.at(-1);
    if (piece && piece.length < size && weight + more <= most) {
      piece.push(item);
      weight += more;
    } else {
      pieces.push([item]);
      weight = more;
    }
  }
  return pieces;
}
