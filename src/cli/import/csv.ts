/**
 * The records of a CSV file. Promise: a broken row costs itself and no other: after it, reading goes on at the next line.
 * The parser alone would take everything after an open quote for one cell.
 */
import { CsvError, Parser } from 'csv-parse';
import { parse as parseText } from 'csv-parse/sync';
import { LONGEST_ROW, physicalLines } from './lines';

/** `line` is where the record begins, counted from 1. */
export type CsvRecord = { line: number; cells: string[] } | { line: number; broken: string };

/** The file from a byte on. */
export type Bytes = (start: number) => AsyncIterable<Buffer>;

interface Place {
  offset: number;
  line: number;
}

/** Records whose cells are all empty, as spreadsheets leave them at the end, are no records. */
export async function* csvRecords(bytes: Bytes, delimiter: string): AsyncGenerator<CsvRecord> {
  const place: Place = { offset: 0, line: 1 };
  for (;;) {
    const fault = yield* recordsUntilFault(bytes, delimiter, place);
    if (fault === null) return;
    const skipped = await skipLine(bytes, place);
    if (skipped === null) return;
    const cells = fault.code === 'INVALID_OPENING_QUOTE' ? withStrayQuotes(skipped.text, delimiter) : null;
    yield cells ? { line: skipped.line, cells } : { line: skipped.line, broken: reasonOf(fault) };
  }
}

/** Moves `place` behind each record that it yields. */
async function* recordsUntilFault(
  bytes: Bytes,
  delimiter: string,
  place: Place,
): AsyncGenerator<CsvRecord, CsvError | null> {
  const { offset } = place;
  let emptyLines = 0;
  const found: { cells: string[]; end: number; emptyLines: number }[] = [];
  const parser = new Parser({
    bom: offset === 0,
    delimiter,
    // All of them: found out by the first line, one other end later in the file would join two rows.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    relax_column_count: true,
    trim: true,
    max_record_size: LONGEST_ROW,
    // Collected here and not read from the stream: a fault would throw away the good records before it.
    on_record: (cells: string[], info) => {
      found.push({ cells, end: info.bytes, emptyLines: info.empty_lines });
      return null;
    },
  });
  parser.on('error', () => undefined);
  function* take(): Generator<CsvRecord> {
    for (const record of found.splice(0)) {
      place.line += record.emptyLines - emptyLines;
      emptyLines = record.emptyLines;
      const { line } = place;
      // The parser's own count takes a CRLF inside quotes for two lines.
      place.line += 1 + record.cells.reduce((sum, cell) => sum + lineBreaks(cell), 0);
      place.offset = offset + record.end;
      if (record.cells.some((cell) => cell.trim() !== '')) yield { line, cells: record.cells };
    }
  }
  for await (const chunk of bytes(offset)) {
    const fault = await settled((done) => parser.write(chunk, done));
    yield* take();
    if (fault) return fault;
  }
  const fault = await settled((done) => parser.end(done));
  yield* take();
  return fault;
}

/** @throws what is not the fault of a row. */
function settled(act: (done: (error?: Error | null) => void) => void): Promise<CsvError | null> {
  return new Promise((resolve, reject) => {
    act((error) => {
      if (!error) resolve(null);
      else if (error instanceof CsvError) resolve(error);
      else reject(error);
    });
  });
}

const lineBreaks = (text: string): number => (/[\r\n]/.test(text) ? (text.match(/\r\n|\n|\r/g) ?? []).length : 0);

/** The first line at `place` that is not blank; `place` moves behind it. Null at the end of the file. */
async function skipLine(bytes: Bytes, place: Place): Promise<{ line: number; text: string | null } | null> {
  const { offset } = place;
  for await (const { text, end } of physicalLines(bytes(offset))) {
    const { line } = place;
    place.line += 1;
    place.offset = offset + end;
    if (text === null || text.trim() !== '') return { line, text };
  }
  return null;
}

/** `Dwayne "Rock" Johnson` without quotes around it, as simple programs write it; null when that is not all. */
function withStrayQuotes(text: string | null, delimiter: string): string[] | null {
  if (text === null) return null;
  try {
    const [cells] = parseText(text, { delimiter, bom: true, trim: true, relax_quotes: true });
    return cells ?? null;
  } catch {
    return null;
  }
}

function reasonOf({ code }: CsvError): string {
  if (code === 'CSV_MAX_RECORD_SIZE') return `longer than ${LONGEST_ROW / 1024} kB; is a quotation mark left open?`;
  return 'a quotation mark is out of place; a cell that begins with one must end with one, and inside it is written twice';
}
