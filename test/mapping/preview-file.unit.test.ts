/** `mapping preview --file`: files that are no ticket are refused before anybody is asked. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../src/command-errors';
import { previewMapping } from '../../src/cli/mapping-preview';

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), 'preview-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const refusalOf = async (file: string): Promise<unknown> =>
  previewMapping({ ticketId: undefined, file, json: false }).catch((error: unknown) => error);
const written = (text: string): string => {
  const file = join(folder, 'ticket.json');
  writeFileSync(file, text);
  return file;
};

it.each([
  ['nothing', '', /is not JSON/],
  ['no JSON', 'Ticket 4711, please', /is not JSON/],
  ['half a ticket', '{"id": 4711, "subject": "Ca', /is not JSON/],
  ['a list', '[{"id":1}]', /is not a ticket in the form of GET \/api\/v2\/tickets\/<id>/],
  ['null', 'null', /is not a ticket/],
  ['text', '"4711"', /is not a ticket/],
  ['no id', '{"subject":"x"}', /id: no usable id/],
  ['an id beyond numbers', '{"id":1e300,"status":2}', /id: no usable id/],
  ['a negative id', '{"id":-4,"status":2}', /id: no usable id/],
  ['a fraction', '{"id":1.5,"status":2}', /id: no usable id/],
  ['2 MB', JSON.stringify({ id: 1, status: 2, subject: 'x'.repeat(2_000_000) }), /larger than 1 MB/],
])('a file that holds %s', async (_, text, words) => {
  const error = await refusalOf(written(text));
  expect(error).toBeInstanceOf(UsageError);
  expect((error as Error).message).toMatch(words);
});

it('a file that is not there, and a folder', async () => {
  expect(await refusalOf(join(folder, 'none.json'))).toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('there is no such file'),
  });
  expect(await refusalOf(folder)).toMatchObject({
    name: 'UsageError',
    message: expect.stringContaining('cannot be read'),
  });
});
