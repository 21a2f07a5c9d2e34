/**
 * What an agent is told when Field Nation refuses a change of the ticket. Promise: names field, value and what to do by
 * hand; whatever people wrote is shown as plain text.
 */

import { cutText, escapeHtml } from './text/plain';

export interface RefusedChange {
  /** Top-level key of the work order. */
  key: string;
  /** What was to be sent; null when it was to be emptied. */
  value: unknown;
  /** Field Nation's words. */
  said: string;
}

/** Long lists and texts end here: the note tells what to do, it is no copy of the order. */
const MOST_LINES = 12;
const LONGEST = 200;

const WORDS: Record<string, string> = {
  location: 'site',
  schedule: 'schedule',
  pay: 'pay',
  contacts: 'contacts on site',
  custom_fields: 'custom fields',
  types_of_work: 'type of work',
  confidential: 'confidential text',
};

const cut = (text: string): string => cutText(text, LONGEST);

/** The first ones, and how many there are besides. */
const firstOf = (lines: readonly string[]): string[] =>
  lines.length <= MOST_LINES ? [...lines] : [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more`];

/** Every value with its path, as `schedule.service_window.start.utc: 2027-03-02 15:00:00`. */
function linesOf(path: string, value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => linesOf(`${path}[${index}]`, item));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => linesOf(`${path}.${key}`, inner));
  }
  return [`${path}: ${typeof value === 'string' ? cut(value) : String(value)}`];
}

/** The note's HTML, its last line the marker. */
export function refusalNote(
  workOrderId: number,
  url: string,
  changes: readonly RefusedChange[],
  marker: string,
): string {
  const parts = changes.map(({ key, value, said }) => {
    const lines = firstOf(linesOf(key, value));
    return (
      `<p>Field Nation did not take the new <b>${escapeHtml(WORDS[key] ?? key)}</b>: ${escapeHtml(cut(said))}</p>` +
      `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`
    );
  });
  return (
    `<div><p>The ticket was changed, but work order ${workOrderId} could not follow.</p>${parts.join('')}` +
    `<p>Please change it by hand in Field Nation (${escapeHtml(url)}), or put the ticket back.</p></div>` +
    `<div><small>Deskbridge ${escapeHtml(marker)}</small></div>`
  );
}
