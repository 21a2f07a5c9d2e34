/** How values of any shape are looked at: what counts as no value, as text, as a number. Never throws. */

const DEEPEST = 50;

/** No value: absent, blank text, or a list or object with nothing in it. `false` and 0 are values. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === 'string') return value.trim() === '';
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Counts as yes in `when` and in optional parts of a template. Field Nation writes 0 where there is nothing. */
export const isPresent = (value: unknown): boolean => !isEmpty(value) && value !== false && value !== 0;

/** The value as text; lists are joined by `, `; null for what is not text, such as an object. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : null;
  if (!Array.isArray(value)) return null;
  return value
    .filter((item) => !Array.isArray(item) && !isEmpty(item))
    .map((item) => asText(item))
    .filter((item) => item !== null)
    .join(', ');
}

/** A finite number, or numeric text as people and forms write it; else null. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return /^[+-]?[0-9]{1,15}(\.[0-9]{1,10})?$/.test(text) ? Number(text) : null;
}

/** Equal as `map` sees it: after trimming, without regard to case. */
export const normalize = (text: string): string => text.trim().toLowerCase();

/** A short form of a value for a message; it may hold personal data. */
export function describe(value: unknown): string {
  const text = asText(value) ?? (Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : 'nothing');
  const characters = Array.from(text.slice(0, 400));
  return characters.length <= 120 ? text : `${characters.slice(0, 119).join('')}…`;
}

/**
 * A copy in plain JSON in which `mend` has seen every text and nothing is left without a value; undefined when nothing
 * remains.
 */
export function compact(value: unknown, mend: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') {
    const text = mend(value);
    return text.trim() === '' ? undefined : text;
  }
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => compact(item, mend, depth + 1)).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  const entries = Object.entries(value)
    .filter(([key]) => key !== '__proto__')
    .map(([key, item]): [string, unknown] => [key, compact(item, mend, depth + 1)])
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
