/**
 * The correlation id: made before anything is created, written into the work order, and the only thing that ties an
 * order to its ticket after a lost answer. Whoever could forge it could hand a stranger's order to a ticket, so it is
 * read strictly and taken out of everything people wrote. Source: interface, section 1.
 */

/** The parts of a correlation id. */
export interface CorrelationParts {
  account: string;
  ticketId: number;
  visit: number;
}

/** `FD-<account>-<ticket id>-<visit>`. */
export const correlationId = (account: string, ticketId: number, visit: number): string =>
  `FD-${account}-${ticketId}-${visit}`;

/** The parts of `text` when the whole of it is a correlation id in the form that `correlationId` makes; else null. */
export function parseCorrelationId(text: string): CorrelationParts | null {
  if (text.length > MAX_LENGTH) return null;
  const match = /^FD-([a-z0-9][a-z0-9-]*)-([1-9][0-9]{0,15})-([1-9][0-9]{0,8})$/.exec(text);
  if (match?.[1] === undefined) return null;
  const parts = { account: match[1], ticketId: Number(match[2]), visit: Number(match[3]) };
  return Number.isSafeInteger(parts.ticketId) ? parts : null;
}

/** The line that ends a work order's description. */
export const correlationLine = (id: string): string => `<p>Deskbridge ${id}</p>`;

/**
 * The id in the last line of a work order's description, or null. Nothing above the last line counts: that is text of
 * the ticket. The whole line must match, so visit 1 is never read out of visit 12.
 */
export function readCorrelationId(html: string): string | null {
  const end = html.trimEnd();
  const match = /^<p>Deskbridge ([^<>\s]+)<\/p>$/.exec(end.slice(end.lastIndexOf('<p>')));
  const id = match?.[1];
  return id !== undefined && parseCorrelationId(id) !== null ? id : null;
}

/** Takes out whatever looks like a correlation id of any account, whatever its case; only `own` may stay. */
export function stripCorrelationIds(text: string, own: string): string {
  // Whole words first, then parts by hand: one expression for the id would backtrack for minutes on hostile input.
  return text.replace(/[a-z0-9-]+/gi, (word) => (word === own ? word : stripFromWord(word)));
}

function stripFromWord(word: string): string {
  const parts = word.split('-');
  const first = parts.findIndex((part) => /fd$/i.test(part));
  if (first < 0) return word;
  // `FD`, at least one part of an account name, then a number and what begins with a number.
  for (let last = parts.length - 1; last >= first + 3; last -= 1) {
    if (isDigits(parts[last - 1]) && /^[0-9]/.test(parts[last] ?? '')) {
      const before = [...parts.slice(0, first), parts[first]?.slice(0, -2) ?? ''].join('-');
      const after = [parts[last]?.replace(/^[0-9]+/, '') ?? '', ...parts.slice(last + 1)].join('-');
      // A blank stays behind, so that what stood around the id cannot join up to another one.
      return `${before} ${after}`;
    }
  }
  return word;
}

const isDigits = (text: string | undefined): boolean => text !== undefined && /^[0-9]+$/.test(text);

const MAX_LENGTH = 200;
