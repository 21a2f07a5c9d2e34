import { closeSync, openSync, readSync, writeSync } from 'node:fs';

import { isObject } from './json';

/** One changed record: collection, key, value; a null value is a removal. */
export interface JournalLine {
  c: string;
  k: string;
  v: object | null;
}

/** Journals are read and rewritten in pieces: one text cannot hold a large one, and a write for each line is slow. */
export const PIECE_BYTES = 1024 * 1024;
const LINE_BREAK = 10;

/** Writes all of a text and gives its length in bytes. */
export function writeAll(fd: number, text: string): number {
  const data = Buffer.from(text);
  for (let done = 0; done < data.length;) done += writeSync(fd, data, done);
  return data.length;
}

/** The records of a journal in their order, without a torn last line. @throws Error that names a damaged line. */
export function* linesOf(file: string): Generator<JournalLine> {
  let number = 0;
  for (const { text, isLast } of textsOf(file)) {
    number += 1;
    if (text === '') continue;
    const line = parse(text);
    if (line !== null) yield line;
    else if (!isLast)
      throw new Error(`Sandbox journal ${file} is damaged in line ${number}; delete the file to start afresh.`);
  }
}

/** The last one is what stands after the last line break. */
function* textsOf(file: string): Generator<{ text: string; isLast: boolean }> {
  const fd = openSync(file, 'r');
  try {
    const piece = Buffer.alloc(PIECE_BYTES);
    let begun: Buffer[] = [];
    for (let size = readSync(fd, piece); size > 0; size = readSync(fd, piece)) {
      const read = piece.subarray(0, size);
      let start = 0;
      for (let end = read.indexOf(LINE_BREAK); end !== -1; end = read.indexOf(LINE_BREAK, start)) {
        yield { text: Buffer.concat([...begun, read.subarray(start, end)]).toString('utf8'), isLast: false };
        begun = [];
        start = end + 1;
      }
      // Copied: the next piece is read into the same memory.
      begun.push(Buffer.from(read.subarray(start)));
    }
    yield { text: Buffer.concat(begun).toString('utf8'), isLast: true };
  } finally {
    closeSync(fd);
  }
}

function parse(text: string): JournalLine | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || typeof value['c'] !== 'string' || typeof value['k'] !== 'string') return null;
    return { c: value['c'], k: value['k'], v: isObject(value['v']) ? value['v'] : null };
  } catch {
    return null;
  }
}
