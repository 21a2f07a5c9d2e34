/** What others wrote, on a terminal: values, errors and JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/command-errors';
import { explain } from '../../src/cli/exit';
import { previewMapping } from '../../src/cli/mapping-preview';
import { jsonText, plain, plainLines } from '../../src/cli/plain';
import { tableText } from '../../src/cli/table';

const HOSTILE = [
  ['an escape sequence', '\u001b]0;title\u0007'],
  ['C1', 'a\u009b2Jb\u0085'],
  ['a turned direction', 'invoice\u202efdp.exe'],
  ['isolates and marks', '\u2066a\u2069\u200e\u061c'],
  ['characters of no width', 'a\u200bb\ufeffc\u00ad'],
  ['tags beyond the first plane', 'a\u{e0001}b'],
  ['separators of lines', 'a\u2028b\u2029c'],
] as const;
const OBEYED = /[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}/u;

it.each(HOSTILE)('%s reaches a terminal neither in a value nor in an error nor in JSON', (_what, text) => {
  expect(plain(text)).not.toMatch(OBEYED);
  expect(plainLines(`first\n${text}`)).not.toMatch(OBEYED);
  expect(explain(new UsageError(`The file ${text}\n  is not JSON: ${text}`))).not.toMatch(OBEYED);
  const json = jsonText({ [text]: [text] });
  expect(json).not.toMatch(OBEYED);
  expect(JSON.parse(json)).toEqual({ [text]: [text] });
});

it('keeps the lines of a message, and every letter', () => {
  expect(plainLines('Zwei:\n  ä – 漢字 👩')).toBe('Zwei:\n  ä – 漢字 👩');
});

it('says what is wrong with a hostile file without obeying it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'deskbridge-terminal-'));
  const file = join(folder, 'ticket.json');
  writeFileSync(file, '\u001b]0;title\u0007\u001b[2J');
  try {
    const error: unknown = await previewMapping({ ticketId: undefined, file, json: false }).catch((e: unknown) => e);
    expect(explain(error)).toContain('is not JSON');
    expect(explain(error)).not.toMatch(OBEYED);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

describe('a table', () => {
  const cells = [
    ['title', 'ticket.subject', 'Card reader'],
    ['description.html', Array(9).fill('ticket.company.name').join(', '), 'The reader stays dark. '.repeat(6)],
  ];
  const linesOf = (columns: number | undefined): string[] =>
    tableText(['Target', 'From', 'Value'], cells, columns).split('\n');
  const shown = (line: string): string => line.replace(/\u001b\[\d+m/g, '');

  it.each([60, 80, 120])('of long values fits a terminal of %d columns, with every word', (columns) => {
    const lines = linesOf(columns).map(shown);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines.length).toBeGreaterThan(cells.length + 1);
    expect(lines.join(' ').match(/dark\./g)).toHaveLength(6);
  });

  it('has one line a row where there is room, and in a pipe', () => {
    for (const columns of [500, undefined]) expect(linesOf(columns)).toHaveLength(cells.length + 1);
  });
});
