/** Rows on lines. Single words are told apart by a blank, whatever is longer by a bar. */
export function tableText(rows: readonly string[][]): string {
  // Columns without any text only make room.
  const isColumn = (index: number): boolean => rows.some((row) => (row[index] ?? '') !== '');
  const filled = rows
    .map((row) => row.filter((_, index) => isColumn(index)))
    .filter((row) => row.some((cell) => cell !== ''));
  const isPlain = filled.every((row) => row.every((cell) => !/\s/.test(cell)));
  return filled
    .map((row) => {
      const cells = row.filter((cell) => cell !== '');
      if (cells.some((cell) => cell.includes('\n'))) return cells.join('\n');
      if (isPlain) return row.map((cell) => cell || '-').join(' ');
      return cells.length === 1 ? cells.join('') : row.join(' | ');
    })
    .join('\n');
}
