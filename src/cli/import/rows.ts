/** The data rows of a file, whichever of the two forms it has. */
import { UsageError } from '../../command-errors';
import { planColumns, reportColumns, type Column, type ContactsConfig } from './columns';
import { csvRecords, type CsvRecord } from './csv';
import { itemOf, type Item } from './item';
import { LONGEST_ROW, physicalLines } from './lines';
import type { Source } from './source';

/** `cells` as they stand in the file, for the report. */
export type SourceRow = { line: number; cells: string[] } & ({ item: Item } | { invalid: string });

export interface Rows {
  /** Names of the cells. */
  header: string[];
  warnings: string[];
  read(): AsyncGenerator<SourceRow>;
}

/** @throws UsageError when the first line shows that the file cannot be imported. */
export async function openRows(source: Source, contacts: ContactsConfig): Promise<Rows> {
  const { delimiter, path } = source;
  if (delimiter === null) {
    await checkFirstLine(source);
    return { header: ['item'], warnings: [], read: () => jsonRows(source) };
  }
  const records = (): AsyncGenerator<CsvRecord> => csvRecords((start) => source.bytes(start), delimiter);
  const first = await firstOf(records());
  if (first === undefined) throw new UsageError(`${path}: the file is empty.`);
  if ('broken' in first)
    throw new UsageError(`${path}: the header in line ${first.line} cannot be read: ${first.broken}.`);
  const header = first.cells;
  const { columns, warnings } = planColumns(path, header, contacts);
  return { header: header.slice(reportColumns(header)), warnings, read: () => csvRows(records(), header, columns) };
}

async function* csvRows(all: AsyncIterable<CsvRecord>, header: string[], columns: Column[]): AsyncGenerator<SourceRow> {
  const own = reportColumns(header);
  let isHeader = true;
  for await (const record of all) {
    if (isHeader) isHeader = false;
    else if ('broken' in record) yield { line: record.line, cells: [], invalid: record.broken };
    else
      yield {
        line: record.line,
        cells: record.cells.slice(own, header.length),
        ...csvRow(record.cells, header, columns),
      };
  }
}

/** Programs leave empty cells at the end out, or write one too many; a further value means that the cells have moved. */
function csvRow(cells: string[], { length }: string[], columns: Column[]): { item: Item } | { invalid: string } {
  if (cells.slice(length).every((cell) => cell.trim() === '')) return { item: itemOf(cells, columns) };
  const remedy = 'put quotation marks around cells that hold the delimiter';
  return { invalid: `${cells.length} cells where the header has ${length}; ${remedy}` };
}

async function* jsonRows(source: Source): AsyncGenerator<SourceRow> {
  let line = 0;
  for await (const { text } of physicalLines(source.bytes(0))) {
    line += 1;
    const plain = (line === 1 ? text?.replace(/^\uFEFF/, '') : text)?.trim();
    if (plain === '') continue;
    const cells = plain === undefined ? [] : [plain];
    const parsed = plain === undefined ? `longer than ${LONGEST_ROW / 1024} kB` : objectOf(plain);
    yield typeof parsed === 'string' ? { line, cells, invalid: parsed } : { line, cells, item: parsed };
  }
}

/** What is wrong, when it is not a JSON object. The parser's own words would repeat the text. */
function objectOf(text: string): Item | string {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Item;
    return 'not a JSON object';
  } catch {
    return 'not valid JSON';
  }
}

async function checkFirstLine(source: Source): Promise<void> {
  const first = await firstOf(jsonRows(source));
  if (first !== undefined && 'item' in first) return;
  const fault = `the first line must be a JSON object, in the form of an item of /v1/batch; it is ${first?.invalid}`;
  const remedy = "of a JSON list, `jq -c '.[]' list.json > items.jsonl` makes lines";
  throw new UsageError(`${source.path}: ${fault}. Put each item on a line of its own; ${remedy}.`);
}

async function firstOf<T>(all: AsyncGenerator<T>): Promise<T | undefined> {
  for await (const one of all) return one;
  return undefined;
}
