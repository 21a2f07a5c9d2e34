/** What changes between two texts, line by line. Pure. */

export interface ChangedLine {
  sign: '+' | '-';
  /** Counted from 1, in the text that holds the line. */
  line: number;
  text: string;
}

/** The lines that go and those that come, in their order; a line that stays is left out. */
export function changedLines(before: string, after: string): ChangedLine[] {
  const [a, b] = [before.split('\n'), after.split('\n')];
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from++;
  let tail = 0;
  while (tail < a.length - from && tail < b.length - from && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  return middle(a.slice(from, a.length - tail), b.slice(from, b.length - tail)).map((one) => ({
    ...one,
    line: one.line + from,
  }));
}

/** By the longest common sequence: a file of settings has some hundred lines. */
function middle(a: readonly string[], b: readonly string[]): ChangedLine[] {
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      (common[i] as number[])[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const changed: ChangedLine[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      changed.push({ sign: '-', line: i + 1, text: a[i++] ?? '' });
    } else changed.push({ sign: '+', line: j + 1, text: b[j++] ?? '' });
  }
  return changed;
}
