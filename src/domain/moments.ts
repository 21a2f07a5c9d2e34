/**
 * Times inside sentences. Promise: one form to write them in, by which whoever shows the sentence finds them again and shows
 * them by the reader's clock.
 */

/** `2026-03-01T18:30:12Z` as `2026-03-01 18:30 UTC`: as exact as a person wants it. */
export const momentText = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

const MOMENT = /(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)(?: UTC|Z)/;

/** The sentence in pieces, with what `show` makes of each time in it; `show` gets ISO 8601 in UTC. */
export function withMoments<T>(text: string, show: (iso: string) => T): (string | T)[] {
  const pieces: (string | T)[] = [];
  let rest = text;
  for (let found = MOMENT.exec(rest); found; found = MOMENT.exec(rest)) {
    pieces.push(rest.slice(0, found.index), show(`${found[1] ?? ''}T${found[2] ?? ''}Z`));
    rest = rest.slice(found.index + found[0].length);
  }
  return [...pieces, rest];
}
