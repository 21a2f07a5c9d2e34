/** What stands for a contact's values where the values themselves may not: one keyed hash for each. */
import type { MappedContact } from '../../contract/contact';

/** By field, such as `email`, `custom_fields.plan`, `tags.vip`. A stand-in name has none: it is never what was meant. */
export function marksOf(
  contact: MappedContact,
  standInName: boolean,
  hash: (text: string) => string,
): Record<string, string> {
  const { name, tags, custom_fields: customFields = {}, ...plain } = contact;
  const values: [string, unknown][] = [
    ...(standInName ? [] : [['name', name] satisfies [string, string]]),
    ...Object.entries(plain),
    ...Object.entries(customFields).map(([key, value]): [string, unknown] => [`custom_fields.${key}`, value]),
    ...tags.map((tag): [string, unknown] => [`tags.${tag}`, tag]),
  ];
  // As JSON, so that the number 1 and the text 1 differ, and with the field, so that equal values of two fields do.
  return Object.fromEntries(values.map(([field, value]) => [field, hash(`${field}=${JSON.stringify(value)}`)]));
}
