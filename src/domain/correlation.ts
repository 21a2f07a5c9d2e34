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

/** The parts of an id of this account; null for any other account's, for any other text, and where there is none. */
export function ownParts(account: string, id: string | null): CorrelationParts | null {
  const parts = id === null ? null : parseCorrelationId(id);
  return parts?.account === account ? parts : null;
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

/**
 * Takes out what the strict reader would take for an id of this account; only `own` may stay. Whole words alone: asset tags
 * and part numbers such as `FD-L2-014-03` are nobody's ids. A blank stays, so that nothing can join up to another id.
 */
export function stripCorrelationIds(text: string, own: string): string {
  const account = parseCorrelationId(own)?.account;
  return text.replace(/[a-z0-9-]+/gi, (word) =>
    word !== own && account !== undefined && parseCorrelationId(word)?.account === account ? ' ' : word,
  );
}

const MAX_LENGTH = 200;
