/** Ticket numbers of a file, as people save it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTicketsFile } from '../../src/cli/bulk/tickets-file';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'deskbridge-tickets-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  const path = join(folder, 'tickets.csv');
  writeFileSync(path, text);
  return readTicketsFile(path);
};

it.each([
  ['a column with a header', 'ticket\n7\n8\n'],
  ['numbers alone', '7\n8'],
  ['an export with other columns', 'Subject,Ticket ID,Status\n"Printer, broken",7,Open\n"Two\nlines",8,Open\n'],
  ['another name in the first column', 'Nummer;Betreff\r\n7;x\r\n8;y\r\n'],
  ['the first column without a header', '#7,x\n#8,y\n'],
  ['a byte order mark and blank lines', '\uFEFFid\n\n7\n\n8\n'],
])('reads %s', async (_, text) => {
  expect(await read(text)).toEqual({ tickets: [7, 8], bad: [], repeated: 0 });
});

it('tells each bad row with its line, and goes on after it', async () => {
  const { tickets, bad, repeated } = await read('subject,ticket\na,7\nb,seven\nc,\n"d,9\ne,0\nf,7\ng,1.5\nh,10\n');
  expect([tickets, repeated]).toEqual([[7, 10], 1]);
  expect(bad.map(({ line }) => line)).toEqual([3, 4, 5, 6, 8]);
  expect(bad[0]?.problem).toBe('"seven" is not a ticket number');
  expect(bad[1]?.problem).toBe('the ticket number is missing');
});

it.each([
  ['', 'the file is empty'],
  ['ticket\n', 'the file has no rows'],
  ['ticket\nnone\n', 'line 2: "none" is not a ticket number'],
  [Array.from({ length: 5001 }, (_, n) => n + 1).join('\n'), 'more than 5000 tickets'],
])('refuses a file without tickets, or with too many (%#)', async (text, words) => {
  await expect(read(text)).rejects.toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining(words) as string,
  });
});
