import type { Refused } from './transforms';

/** Lower-cased name → id, from Field Nation's `GET /custom-fields`; null when that is not known. */
export type CustomFieldIds = ReadonlyMap<string, number> | null;

/** The id of a work-order custom field that the config names by id or by name. */
export function customFieldId(field: string | number, ids: CustomFieldIds): number | Refused {
  if (typeof field === 'number') return field;
  if (/^[0-9]{1,15}$/.test(field)) return Number(field);
  const id = ids?.get(field.trim().toLowerCase());
  if (id !== undefined) return id;
  if (ids === null) {
    return {
      message: `The id of the custom field "${field}" is not known: Field Nation's list of custom fields was not read`,
      remedy: 'try again, or write the id in place of the name',
      value: field,
    };
  }
  return {
    message: `Field Nation has no work-order custom field "${field}"`,
    remedy: 'compare with `deskbridge fields field-nation`, and correct the name or write the id',
    value: field,
  };
}
