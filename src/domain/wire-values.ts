/**
 * Reads values of Field Nation's bodies. Promise: nothing throws, whatever JSON comes in, and what was read and cut reads
 * the same the second time. Pure: workflows read events.
 */
export type Bag = Record<string, unknown>;

export const bag = (value: unknown): Bag =>
  value && typeof value === 'object' && !Array.isArray(value) ? (value as Bag) : {};

const utf8Bytes = (code: number): number => (code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);

/** Bytes that a character takes in JSON at most. */
function bytesOf(char: string): number {
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) return 6;
  return char === '"' || char === '\\' ? 2 : utf8Bytes(code);
}

/** Bytes of a value's JSON. */
export function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const char of JSON.stringify(value)) bytes += utf8Bytes(char.codePointAt(0) ?? 0);
  return bytes;
}

/** As many whole characters as fit into `limit` bytes. */
function cut(given: string, limit: number): string {
  let bytes = 0;
  let end = 0;
  for (const char of given) {
    bytes += bytesOf(char);
    if (bytes > limit) return given.slice(0, end);
    end += char.length;
  }
  return given;
}

/** Text of at most `limit` bytes of JSON; null for blank text, and for what is neither text nor a number. */
export const text = (value: unknown, limit: number): string | null => {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  // Trimmed again: a cut before a blank must read the same the second time.
  const trimmed = cut(String(value).trim(), limit).trim();
  return trimmed === '' ? null : trimmed;
};

const MARK = '…';

/** What people read: a cut shows, and reads the same the second time. */
export const words = (value: unknown, limit: number): string | null => {
  const whole = text(value, Infinity);
  const short = text(whole, limit);
  return short === null || short === whole ? short : `${text(short, limit - bytesOf(MARK)) ?? ''}${MARK}`;
};

/** NaN for what is no number; only numbers and numeric text are converted: `Number` of a hostile object throws. */
export const number = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : NaN;

/** A positive whole number, also as text; else null. */
export const id = (value: unknown): number | null => {
  const given = number(value);
  return Number.isSafeInteger(given) && given > 0 ? given : null;
};

/** Bytes of a time as Field Nation writes it. */
export const LONGEST_TIME = 40;

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A time of Field Nation as ISO 8601 in UTC; null when it is none. One without a zone is UTC: the zone of the machine must
 * not decide what a workflow reads.
 */
export const time = (value: unknown): string | null => {
  const [, day, clock, zone] = TIME.exec(text(value, LONGEST_TIME) ?? '') ?? [];
  const parsed = new Date(`${day}T${clock}${zone?.toUpperCase() ?? 'Z'}`);
  if (Number.isNaN(parsed.getTime())) return null;
  const iso = parsed.toISOString();
  return TIME.test(iso) ? iso : null;
};
