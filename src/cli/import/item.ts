/** One CSV row as an item of /v1/batch. Promise: empty cells are absent, and all cells stay text but a consent's true or false. */
import type { Column } from './columns';

export type Item = Record<string, unknown>;

/** What an identify call counts as; other events are track calls. */
const IDENTIFIED = 'Identified';

export function itemOf(cells: string[], columns: Column[]): Item {
  const item: Item = { type: 'identify' };
  for (const { index, paths, isConsent } of columns) {
    const text = (cells[index] ?? '').trim();
    if (text !== '') for (const path of paths) set(item, path, isConsent ? consentOf(text) : text);
  }
  if (item.event === IDENTIFIED) delete item.event;
  else if (item.event !== undefined) item.type = 'track';
  return item;
}

/** Spreadsheets write TRUE. Any other word is no consent, and is told as it is. */
function consentOf(text: string): string | boolean {
  const word = text.toLowerCase();
  if (word === 'true') return true;
  return word === 'false' ? false : text;
}

function set(item: Item, path: string[], value: unknown): void {
  let holder = item;
  for (const segment of path.slice(0, -1)) {
    // A text that stands where another column needs an object gives way.
    const inner = holder[segment];
    if (typeof inner !== 'object' || inner === null) holder[segment] = {};
    holder = holder[segment] as Item;
  }
  const last = path.at(-1);
  if (last !== undefined) holder[last] = value;
}
