/**
 * Readers for shapes that Field Nation writes in several ways. They take the client's `WorkOrder` as well as the raw
 * order of a webhook, never throw, and load no schema library.
 */
import { asId, asIsoTime, asItems, asRecord, asText } from '../coerce';

/**
 * ISO 8601 in UTC from `YYYY-MM-DD HH:MM:SS` (UTC), ISO, or a time object `{ utc }`; null for `""` and anything else
 * (contract 3).
 */
export function parseFieldNationTime(value: unknown): string | null {
  return asIsoTime(asRecord(value)?.utc ?? value);
}

/** The form in which Field Nation takes times: `YYYY-MM-DD HH:MM:SS` in UTC (contract 3). Null when unreadable. */
export function toFieldNationTime(iso: string): string | null {
  return asIsoTime(iso)?.slice(0, 19).replace('T', ' ') ?? null;
}

/**
 * The value of a custom field of a work order, by id or by name (without case); null when it is absent or empty.
 * Reads the grouped and the flat form and, last, `internal` (contract 12).
 */
export function customFieldValue(order: { custom_fields?: unknown }, idOrName: number | string): string | null {
  const fields = asRecord(order.custom_fields);
  const entries = [...flatten(order.custom_fields), ...(fields ? [fields.internal] : [])];
  const found = entries.filter((entry) => isField(entry, idOrName));
  return found.map((entry) => asText(asRecord(entry)?.value)).find((value) => value !== null) ?? null;
}

function flatten(collection: unknown): unknown[] {
  return (asItems(collection) ?? []).flatMap((item) => asItems(asRecord(item)?.results) ?? [item]);
}

function isField(entry: unknown, idOrName: number | string): boolean {
  const field = asRecord(entry);
  if (!field) return false;
  const id = asId(idOrName);
  if (id !== null && asId(field.id) === id) return true;
  return typeof idOrName === 'string' && asText(field.name)?.trim().toLowerCase() === idOrName.trim().toLowerCase();
}
