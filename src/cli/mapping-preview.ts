/** `mapping preview`: what would be created for a ticket, field by field, and all that is missing or wrong. */
import { readFile, stat } from 'node:fs/promises';
import { ticketSchema, type Ticket } from '../clients/freshdesk/schemas';
import type { MappingPreview, PreviewField } from '../contract/preview';
import { createPreviews } from '../temporal/previews';
import { withContext } from './context';
import { UsageError, WorkFailedError } from '../command-errors';
import { plain, printJson } from './output';
import { tableText } from './table';

/** A person waits; the workflow itself gives up after a minute. In ms. */
const WAIT_MS = 75_000;

/** Of a ticket's file, in bytes, as of a request's body: it travels to the worker in one piece. */
const LARGEST = 1_000_000;

/** Characters of a value that a terminal shows. */
const WIDEST = 70;

export interface PreviewQuestion {
  ticketId: number | undefined;
  file: string | undefined;
  json: boolean;
}

/** Prints the preview; throws when the ticket cannot be dispatched as it is. Nothing is sent to Field Nation. */
export async function previewMapping({ ticketId, file, json }: PreviewQuestion): Promise<void> {
  if ((ticketId === undefined) === (file === undefined)) {
    throw new UsageError(
      'Give either a ticket number or --file with a ticket in the form of GET /api/v2/tickets/<id>.',
    );
  }
  const given = file === undefined ? null : await readTicket(file);
  const result = await withContext(({ client, runtime, dispatches, deadlineMs }) => {
    const previews = createPreviews({ client, account: runtime.account, dispatches, waitMs: WAIT_MS, deadlineMs });
    return given ? previews.ofGiven(given) : previews.ofTicket(ticketId ?? 0);
  });
  if ('refusal' in result) throw new WorkFailedError(`${result.refusal.detail}. ${result.refusal.remedy}`);
  const { preview } = result;
  if (json) printJson(preview);
  else print(preview);
  const { length } = preview.problems;
  if (length > 0)
    throw new WorkFailedError(`Ticket ${preview.ticketId} cannot become a work order. Problems: ${length}.`);
}

async function readTicket(file: string): Promise<Ticket> {
  const text = await readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not JSON: ${(error as Error).message}`);
  }
  const parsed = ticketSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
  throw new UsageError(`${file} is not a ticket in the form of GET /api/v2/tickets/<id>: ${issues.join('; ')}`);
}

async function readText(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > LARGEST) throw new UsageError(`${file} is larger than 1 MB: is it a single ticket?`);
    // Some editors begin a file with a mark that is no JSON.
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${file} cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

function print({ ticketId, visit, correlationId, matchesRule, fields, problems }: MappingPreview): void {
  console.log(`Ticket ${ticketId}, visit ${visit}, ${correlationId}. Nothing was sent to Field Nation.`);
  console.log(matchesRule ? 'The rule dispatch.when matches.' : 'The rule dispatch.when does not match.');
  const wrong = new Set(problems.map(({ target }) => target));
  const rows = fields.map((field) => [field.target, field.source ?? '–', field.action, shown(field, wrong)]);
  console.log(`\n${tableText(['Target', 'From', 'Action', 'Value'], rows)}`);
  if (problems.length === 0) {
    console.log('\nNothing is missing.');
    return;
  }
  console.log(`\nProblems (${problems.length}):`);
  for (const { target, source, message, value, remedy } of problems) {
    console.log(`  ${target}  ${plain(message)}`);
    console.log(`    From    ${plain(source ?? '–')}`);
    console.log(`    Value   ${value === null ? '– (none)' : plain(value)}`);
    console.log(`    Remedy  ${plain(remedy)}`);
  }
}

function shown({ target, value }: PreviewField, wrong: ReadonlySet<string>): string {
  if (value === null || value === undefined) return wrong.has(target) ? '✗ see below' : '– (left out)';
  const text = plain(typeof value === 'string' ? value : JSON.stringify(value));
  const characters = Array.from(text);
  return characters.length <= WIDEST ? text : `${characters.slice(0, WIDEST - 1).join('')}…`;
}
