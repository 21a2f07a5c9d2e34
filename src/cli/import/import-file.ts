/**
 * One import from file to report. Promise: after a stop or a crash the same command goes on where it was, and every row that
 * was not done stands in the report.
 */
import { WorkFailedError } from '../../command-errors';
import { AttentionNotes } from './attention';
import { batchesOf, type Batch } from './batches';
import type { ContactsConfig } from './columns';
import type { ImportParts } from './engine';
import { countsText, FAULTY, numberText, total, type Counts } from './outcomes';
import { patientEngine } from './patient-engine';
import type { Progress } from './progress';
import { openReport } from './report';
import { openRows, type Rows } from './rows';
import { runBatches } from './run-batches';
import { openSource, type Source } from './source';
import { Tally } from './tally';

export interface ImportOptions {
  file: string;
  /** As a new import, although the file may have been imported before. */
  again: boolean;
  contacts: ContactsConfig;
  progress: Progress;
  /** When it fires, no further batch is begun. */
  stop: AbortSignal;
  pause: (ms: number) => Promise<void>;
  now: () => Date;
}

export interface ImportResult {
  importId: string;
  /** Those that have ended. */
  rows: number;
  counts: Counts;
  /** Path of the report; null when there is nothing to report. */
  report: string | null;
}

export interface ImportEnd {
  result: ImportResult;
  /** Batches that were not known before. */
  begun: number;
  /** Not stopped before the end of the file. */
  complete: boolean;
  /** Why the command does not end with 0. */
  failure: WorkFailedError | null;
}

type Work = (parts: ImportParts) => Promise<ImportEnd>;

/** `withParts` is called when the file was found good. @throws UsageError when it was not. */
export async function importFile(
  options: ImportOptions,
  withParts: (work: Work) => Promise<ImportEnd>,
): Promise<ImportEnd> {
  const source = await openSource(options.file);
  try {
    const rows = await openRows(source, options.contacts);
    for (const warning of rows.warnings) options.progress.say(warning);
    return await withParts((parts) => importRows(options, source, rows, parts));
  } finally {
    await source.close();
  }
}

async function importRows(options: ImportOptions, source: Source, rows: Rows, parts: ImportParts): Promise<ImportEnd> {
  const { progress, stop, pause } = options;
  const say = (text: string): void => progress.say(text);
  const importId = options.again ? `${source.importId}-${timeMark(options.now())}` : source.importId;
  const { delimiter, hasBom } = source;
  const report = await openReport(source.path, { header: rows.header, delimiter: delimiter ?? ',', hasBom });
  const tally = new Tally(source.roughRows - (delimiter === null ? 0 : 1), report);
  const attention = new AttentionNotes();
  say(`Importing ${source.name}: ${numberText(tally.state([]).total)} rows, import ${importId}.`);
  const run = runBatches(
    tally.reading(
      unchanged(
        source,
        batchesOf(rows.read(), (item) => parts.judge(item, source.modifiedAt)),
      ),
    ),
    {
      ...{ importId, stop, pause },
      engine: patientEngine(parts.engine, { pause, stop, say }),
      ended: (batch, results) => tally.ended(batch, results),
      looked(open) {
        attention.next(open).forEach(say);
        progress.update(tally.state(open));
      },
    },
  );
  const { begun, complete } = await run.catch(async (error: unknown) => {
    const path = await report.finish();
    if (path !== null) say(`The results so far are in ${path}.`);
    if (!(error instanceof WorkFailedError)) say(howToGoOn(options));
    throw error;
  });
  progress.update(tally.state([]));
  const result = { importId, rows: total(tally.counts), counts: tally.counts, report: await report.finish() };
  return { result, begun, complete, failure: complete ? failureOf(result) : stopped(options, result) };
}

/** Batches of a file that is being rewritten would not be found again. */
async function* unchanged(source: Source, batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) {
    await source.checkUnchanged();
    yield batch;
  }
}

const timeMark = (now: Date): string => now.toISOString().slice(0, 19).replace(/\D/g, '');

function failureOf({ counts, report }: ImportResult): WorkFailedError | null {
  const rows = total(counts, FAULTY);
  if (rows === 0) return null;
  const which = `${numberText(rows)} ${rows === 1 ? 'row needs' : 'rows need'} a person: ${countsText(counts, FAULTY)}`;
  return new WorkFailedError(`${which}. ${report} lists each with its line and reason.`);
}

function stopped(options: ImportOptions, { rows, report }: ImportResult): WorkFailedError {
  const soFar = `Stopped after ${numberText(rows)} rows.${report === null ? '' : ` Report so far: ${report}.`}`;
  return new WorkFailedError(`${soFar} ${howToGoOn(options)}`);
}

/** What a person is told when the command ends before the import does. */
export function howToGoOn({ file, again }: Pick<ImportOptions, 'file' | 'again'>): string {
  const background = 'Rows under way go on in the background';
  if (again) return `${background}; an import with --again cannot be resumed: the same command begins anew.`;
  const shown = /^[\w./-]+$/.test(file) ? file : `'${file.replaceAll("'", `'\\''`)}'`;
  return `${background}; the same command goes on with the rest: deskbridge contacts import ${shown}`;
}
