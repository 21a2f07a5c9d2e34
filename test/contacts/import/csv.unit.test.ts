import fc from 'fast-check';
import { csvRecords, type CsvRecord } from '../../../src/cli/import/csv';
import { RowCount } from '../../../src/cli/import/row-count';

async function* pieces(content: Buffer, start: number, size: number): AsyncGenerator<Buffer> {
  for (let at = start; at < content.length; at += size) yield content.subarray(at, Math.min(content.length, at + size));
}

async function records(text: string, delimiter = ',', size = 64 * 1024): Promise<CsvRecord[]> {
  const content = Buffer.from(text);
  const found: CsvRecord[] = [];
  for await (const record of csvRecords((start) => pieces(content, start, size), delimiter)) found.push(record);
  return found;
}

const broken = (line: number): unknown => ({ line, broken: expect.any(String) });

describe.each([1, 2, 7, 65_536])('read in pieces of %i bytes', (size) => {
  const read = (text: string, delimiter?: string) => records(text, delimiter, size);

  it('reads quotes, all line ends, line breaks in cells and a byte order mark, and knows the lines', async () => {
    const text = '\uFEFFemail,note\r\na@b.c,"one\r\ntwo ""three"""\n\n  \r\nd@e.f, "x, y" \rg@h.i,é';
    expect(await read(text)).toEqual([
      { line: 1, cells: ['email', 'note'] },
      { line: 2, cells: ['a@b.c', 'one\r\ntwo "three"'] },
      { line: 6, cells: ['d@e.f', 'x, y'] },
      { line: 7, cells: ['g@h.i', 'é'] },
    ]);
  });

  it('takes rows of empty cells for none', async () => {
    expect(await read('a;b\n;\n1;2\n ; \n', ';')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['1', '2'] },
    ]);
  });

  it.each([
    ['a quote that is never closed', 'a,b\n1,"open\n3,4\n5,6\n', [{ line: 1, cells: ['a', 'b'] }, broken(2)]],
    ['one that a later cell seems to close', 'a,b\n1,"open\n3,"4"\n5,6\n', [{ line: 1, cells: ['a', 'b'] }, broken(2)]],
    ['text behind a closed quote', 'a,b\n1,"x" y\n3,4\n5,6\n', [{ line: 1, cells: ['a', 'b'] }, broken(2)]],
    ['blank lines before it', 'a,b\n\r\n \n1,"x"y\n3,4\n5,6\n', [{ line: 1, cells: ['a', 'b'] }, broken(4)]],
    ['a cell of 40 kB', `a,b\n1,${'x'.repeat(40_000)}\n3,4\n5,6\n`, [{ line: 1, cells: ['a', 'b'] }, broken(2)]],
  ])('loses one row to %s', async (_, text, before) => {
    const lines = text.trimEnd().split(/\r?\n/).length;
    const after = [
      { line: lines - 1, cells: expect.arrayContaining(['3']) },
      { line: lines, cells: ['5', '6'] },
    ];
    expect(await read(text)).toEqual([...before, ...after]);
  });

  it('reads quotation marks inside a cell that has none around it', async () => {
    expect(await read('name,size\nDwayne "Rock" Johnson, 5" \nx,y')).toEqual([
      { line: 1, cells: ['name', 'size'] },
      { line: 2, cells: ['Dwayne "Rock" Johnson', '5"'] },
      { line: 3, cells: ['x', 'y'] },
    ]);
  });
});

const cell = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '"', ',', '\n', '\r', 'b'), maxLength: 8 });
const table = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 });
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const isBlank = (cells: string[]): boolean => cells.every((text) => text.trim() === '');

it('gives back any table that was written by the rules, and its rows are counted right', async () => {
  await fc.assert(
    fc.asyncProperty(table, fc.constantFrom('\n', '\r\n'), fc.integer({ min: 1, max: 20 }), async (rows, end, size) => {
      const text = rows.map((cells) => cells.map(quoted).join(',')).join(end);
      const wanted = rows.filter((cells) => !isBlank(cells));
      expect((await records(text, ',', size)).map((record) => 'cells' in record && record.cells)).toEqual(wanted);
      const count = new RowCount(',');
      for await (const piece of pieces(Buffer.from(text), 0, size)) count.add(piece);
      expect(count.rows).toBe(rows.length);
    }),
  );
});

it('loses only the broken row among any others', async () => {
  const good = fc.array(fc.constantFrom('1,2,3', '"a\nb",c,d', 'x,"y ""z""",', '4,,"5,6"'), { maxLength: 6 });
  const bad = fc.constantFrom('1,"x,y', '1,"x"y,z', 'a,"b""');
  await fc.assert(
    fc.asyncProperty(good, bad, good, fc.integer({ min: 1, max: 20 }), async (before, fault, after, size) => {
      const text = [...before, fault, ...after].join('\n');
      const found = await records(text, ',', size);
      const at = before.join('\n').split('\n').length + (before.length > 0 ? 1 : 0);
      expect(found).toContainEqual(broken(before.length > 0 ? at : 1));
      expect(found.filter((record) => 'cells' in record)).toHaveLength(before.length + after.length);
    }),
  );
});

it.each([
  ['nothing', '', 0],
  ['a last row without a line end', 'a\nb', 2],
  ['blank lines', 'a\n\n\r\nb\n', 2],
  ['a quote that is never closed', 'a,b\n"x,1\ny,2\n', 3],
  ['one that is open for more than 32 kB', `a,b\n"x,1\n${'y,2\n'.repeat(20_000)}`, 20_002],
])('counts rows for the bar: %s', (_, text, rows) => {
  const count = new RowCount(',');
  count.add(Buffer.from(text));
  expect(count.rows).toBe(rows);
});
