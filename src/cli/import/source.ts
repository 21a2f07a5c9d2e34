/** The file of an import: one open file, read as often as need be. Promise: it is text, and it stays what it was. */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { UsageError, WorkFailedError } from '../../command-errors';
import { physicalLines } from './lines';
import { RowCount } from './row-count';

const PIECE = 64 * 1024;

export interface Source {
  path: string;
  name: string;
  /** Null: JSON lines. */
  delimiter: string | null;
  /** Begins with a byte order mark, as spreadsheets write it. */
  hasBom: boolean;
  /** Made of the contents: the same file is the same import. */
  importId: string;
  /** Close to the number of its rows, the header included. */
  roughRows: number;
  /** What stands in it was said before then; ISO 8601. */
  modifiedAt: string;
  bytes(start: number): AsyncGenerator<Buffer>;
  /** @throws WorkFailedError when somebody has changed the file since it was opened. */
  checkUnchanged(): Promise<void>;
  close(): Promise<void>;
}

/** @throws UsageError when the file is missing, no file, empty or not UTF-8. */
export async function openSource(path: string): Promise<Source> {
  const handle = await openFile(path);
  try {
    return await examine(path, handle);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openFile(path: string): Promise<FileHandle> {
  const failure = (problem: string): UsageError => new UsageError(`${path}: ${problem}`);
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw failure(code === 'ENOENT' ? 'there is no such file.' : `cannot be read (${code}).`);
  }
  throw failure('not an ordinary file, which an import needs because it is read twice; save it to a file first.');
}

async function examine(path: string, handle: FileHandle): Promise<Source> {
  const before = await handle.stat();
  const bytes = (start: number): AsyncGenerator<Buffer> => pieces(handle, start);
  const head = (await bytes(0).next()).value as Buffer | undefined;
  const start = (head ?? Buffer.alloc(0)).toString('utf8');
  const text = start.replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new UsageError(`${path}: the file is empty.`);
  const delimiter = isJsonLines(path, text) ? null : delimiterOf(text);
  const hash = createHash('sha256');
  const count = new RowCount(delimiter);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of bytes(0)) {
      decoder.decode(piece, { stream: true });
      hash.update(piece);
      count.add(piece);
    }
    decoder.decode();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA') throw error;
    const hint = 'In a spreadsheet, save it as "CSV UTF-8"; elsewhere, convert it with iconv.';
    throw new UsageError(`${path}: line ${await firstGarbled(bytes(0))} is not UTF-8 text. ${hint}`);
  }
  return {
    path,
    name: basename(path),
    delimiter,
    hasBom: text !== start,
    importId: hash.digest('hex').slice(0, 16),
    roughRows: count.rows,
    modifiedAt: before.mtime.toISOString(),
    bytes,
    async checkUnchanged() {
      const now = await handle.stat();
      if (now.size === before.size && now.mtimeMs === before.mtimeMs) return;
      const remedy = 'Rows under way go on in the background; import the file as it is now as a new import.';
      throw new WorkFailedError(`${path} was changed during its import. ${remedy}`);
    },
    close: () => handle.close(),
  };
}

async function* pieces(handle: FileHandle, start: number): AsyncGenerator<Buffer> {
  for (let at = start; ;) {
    // A new buffer each time: readers keep parts of it.
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(PIECE), 0, PIECE, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function firstGarbled(bytes: AsyncIterable<Buffer>): Promise<number> {
  let line = 0;
  for await (const { text } of physicalLines(bytes)) {
    line += 1;
    if (text?.includes('\uFFFD')) break;
  }
  return line;
}

function isJsonLines(path: string, text: string): boolean {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv') return false;
  return ['.jsonl', '.ndjson', '.json'].includes(extension) || text.trimStart().startsWith('{');
}

/** Spreadsheets write what their country uses; the header tells. */
function delimiterOf(text: string): string {
  const [header = ''] = text
    .trimStart()
    .replace(/"[^"]*"/g, '')
    .split(/[\r\n]/, 1);
  const counts = [',', ';', '\t'].map((delimiter) => ({ delimiter, count: header.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
