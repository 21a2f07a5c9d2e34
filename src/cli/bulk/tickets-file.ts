/**
 * Ticket numbers of a CSV file. Promise: each ticket once, in the order of the file; a row without a number is told with its
 * line and stops nothing.
 */
import { UsageError } from '../../command-errors';
import { csvRecords } from '../import/csv';
import { openSource } from '../import/source';

/** A row that names no ticket; `line` is counted from 1. */
export interface BadRow {
  line: number;
  problem: string;
}

export interface TicketsFile {
  tickets: number[];
  bad: BadRow[];
  /** Rows whose ticket was named before. */
  repeated: number;
}

/** More would make the batch larger than what Temporal keeps in one piece. */
const MOST_TICKETS = 5_000;
/** Names of the column, as Freshdesk's exports and people write it, without blanks and signs. */
const COLUMNS = ['ticket', 'ticketid', 'ticketnumber', 'id'];
const LONGEST_SHOWN = 40;

/** @throws UsageError for a file that cannot be read, names no ticket, or too many */
export async function readTicketsFile(path: string): Promise<TicketsFile> {
  const source = await openSource(path);
  const tickets = new Set<number>();
  const bad: BadRow[] = [];
  let [repeated, column, isFirst] = [0, 0, true];
  try {
    if (source.delimiter === null) throw new UsageError(`${path}: give a CSV file with a column of ticket numbers.`);
    for await (const record of csvRecords((start) => source.bytes(start), source.delimiter)) {
      if ('broken' in record) bad.push({ line: record.line, problem: record.broken });
      else {
        const header = isFirst ? columnOf(record.cells) : null;
        if (header !== null) column = header;
        else {
          const ticket = numberOf(record.cells[column]);
          if (typeof ticket === 'string') bad.push({ line: record.line, problem: ticket });
          else if (tickets.has(ticket)) repeated += 1;
          else tickets.add(ticket);
        }
      }
      isFirst = false;
      if (tickets.size > MOST_TICKETS) {
        throw new UsageError(
          `${path}: more than ${MOST_TICKETS} tickets. Split the file, and dispatch one after the other.`,
        );
      }
    }
  } finally {
    await source.close();
  }
  if (tickets.size > 0) return { tickets: [...tickets], bad, repeated };
  const [first] = bad;
  const why = first ? `line ${first.line}: ${first.problem}` : 'the file has no rows';
  throw new UsageError(`${path}: no ticket number was found; ${why}. Give a column "ticket", or numbers alone.`);
}

/** The column with the tickets, when the first record is a header; null: it is a ticket already. */
function columnOf(cells: string[]): number | null {
  const named = cells.findIndex((cell) => COLUMNS.includes(cell.toLowerCase().replace(/[^a-z]/g, '')));
  if (named >= 0) return named;
  return typeof numberOf(cells[0]) === 'number' ? null : 0;
}

/** What is wrong, when it is not a number of a ticket. */
function numberOf(cell = ''): number | string {
  const text = cell.trim();
  if (text === '') return 'the ticket number is missing';
  const number = /^#?[1-9]\d*$/.test(text) ? Number(text.replace('#', '')) : NaN;
  return Number.isSafeInteger(number) ? number : `"${text.slice(0, LONGEST_SHOWN)}" is not a ticket number`;
}
