/** Reads loosely typed values from upstream answers. Nothing here throws; what cannot be read is null. */

/** A non-empty string; numbers and booleans become text; `""` and everything else is null. */
export function asText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
}

/** A finite number, also from numeric text such as `"50.0"`. */
export function asNumber(value: unknown): number | null {
  if (typeof value === 'string' && value.trim() === '') return null;
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** A positive whole number in the safe range: upstreams write 0 or `""` where there is no record. */
export function asId(value: unknown): number | null {
  const number = asNumber(value);
  return number !== null && Number.isSafeInteger(number) && number > 0 ? number : null;
}

/** A boolean, also from `"true"`, `"false"`, 1 and 0. */
export function asBoolean(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 'true') return true;
  return value === 0 || value === '0' || value === 'false' ? false : null;
}

/** ISO 8601 in UTC with milliseconds, so that times compare as text; a time without a zone is UTC. */
export function asIsoTime(value: unknown): string | null {
  const match = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
    typeof value === 'string' ? value.trim() : '',
  );
  if (!match) return null;
  const time = new Date(`${match[1]}T${match[2] ?? '00:00'}${match[3]?.toUpperCase() ?? 'Z'}`);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}

/** A plain object; arrays, null and scalars are null. */
export function asRecord(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** The items of an array or of a collection `{ results: [...] }`; null when it is neither. */
export function asItems(value: unknown): unknown[] | null {
  if (Array.isArray(value)) return value as unknown[];
  const results = asRecord(value)?.results;
  return Array.isArray(results) ? results : null;
}
