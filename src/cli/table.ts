/** Columns without lines, as wide as the terminal is; elsewhere, such as in a pipe, as wide as they are. */
import Table from 'cli-table3';

const NO_LINES = [
  ...['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right'],
  ...['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'],
];
const GAP = '  ';
const CHARS = { ...Object.fromEntries(NO_LINES.map((name) => [name, ''])), middle: GAP };

/** Narrower columns tell nothing: a line that is still too long is left to the terminal. */
const LEAST = 8;

/** `columns`: of the terminal; undefined: it is none, so there are no colours either. */
export function tableText(
  head: string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined,
): string {
  const style = { 'padding-left': 0, 'padding-right': 0, head: columns === undefined ? [] : ['bold'], border: [] };
  const fitted = columns === undefined ? [] : fit([head, ...rows], columns);
  const widths = fitted.length === 0 ? {} : { colWidths: fitted, wordWrap: true, wrapOnWordBoundary: true };
  const table = new Table({ chars: CHARS, style, head, ...widths });
  for (const row of rows) table.push([...row]);
  return table.toString();
}

/** The widest columns give way to each other; nothing where all have room. */
function fit(rows: readonly (readonly string[])[], columns: number): number[] {
  const widths = (rows[0] ?? []).map((_, index) => Math.max(...rows.map((row) => shownLength(row[index] ?? ''))));
  const sum = (most: number): number =>
    widths.reduce((all, width) => all + Math.min(width, most), GAP.length * (widths.length - 1));
  if (sum(Infinity) <= columns) return [];
  let most = Math.max(...widths);
  while (most > LEAST && sum(most) > columns) most -= 1;
  return widths.map((width) => Math.min(width, most));
}

const COLOUR = /\u001b\[\d+m/g;
const shownLength = (text: string): number => Array.from(text.replace(COLOUR, '')).length;
