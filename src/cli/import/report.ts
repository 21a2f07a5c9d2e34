/**
 * `<FILE>.report.csv`: the rows that a person may want to look at. Promise: it holds personal data, so nobody else may read
 * it; it appears whole; and no cell of it runs as a formula in a spreadsheet.
 */
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { UsageError } from '../../command-errors';
import { REPORT_COLUMNS } from './columns';
import { isReported, type RowEnd } from './outcomes';

export interface ReportForm {
  /** Names of the original cells. */
  header: string[];
  /** As in the file, so that the same program opens it. */
  delimiter: string;
  hasBom: boolean;
}

export interface Report {
  /** Rows in it so far. */
  readonly rows: number;
  add(ends: RowEnd[]): Promise<void>;
  /** Puts it in its place; the path, or null when there is nothing to report. */
  finish(): Promise<string | null>;
}

/** @throws UsageError when it cannot be written beside the file, which should be known before anything is sent. */
export async function openReport(file: string, form: ReportForm): Promise<Report> {
  const path = `${file}.report.csv`;
  const unfinished = `${path}.part`;
  const handle = await create(unfinished);
  const line = (cells: string[]): string =>
    `${cells.map((cell) => cellText(cell, form.delimiter)).join(form.delimiter)}\n`;
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    async add(ends) {
      const reported = ends.filter(isReported);
      if (reported.length === 0) return;
      const header = `${form.hasBom ? '\uFEFF' : ''}${line([...REPORT_COLUMNS, ...form.header])}`;
      const texts = reported.map(({ line: number, outcome, reason, cells }) =>
        line([String(number), outcome, reason, ...form.header.map((_, index) => cells[index] ?? '')]),
      );
      await handle.appendFile(`${rows === 0 ? header : ''}${texts.join('')}`);
      rows += reported.length;
    },
    async finish() {
      await handle.close();
      if (rows > 0) await rename(unfinished, path);
      else await Promise.all([unfinished, path].map((each) => rm(each, { force: true })));
      return rows > 0 ? path : null;
    },
  };
}

async function create(path: string): Promise<FileHandle> {
  try {
    // Left behind by a crash. Never written into: its rights, or what it links to, may be somebody else's choice.
    await rm(path, { force: true });
    return await open(path, 'wx', 0o600);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const remedy = 'Import a copy of the file that lies in a folder of yours.';
    throw new UsageError(`The report cannot be written beside the file (${path}: ${code}). ${remedy}`);
  }
}

/** Cells that a spreadsheet would run, also behind blanks and in full width. */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\t\r\n])/;
const NUMBER = /^[+-]?[0-9][0-9 .,()]*$/;

export function cellText(text: string, delimiter: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  const mustQuote = safe.includes(delimiter) || /["\r\n]|^\s|\s$/.test(safe);
  return mustQuote ? `"${safe.replaceAll('"', '""')}"` : safe;
}
