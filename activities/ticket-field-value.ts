/** Texts of templates as the ticket field's type wants them; what cannot be converted stays for Freshdesk to refuse by name. */

export type FieldValue = string | number | boolean | null;

/** `type` is Freshdesk's, such as `custom_decimal`; undefined when the key may not read the fields. */
export function asFieldValue(value: FieldValue, type: string | undefined): FieldValue {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  // Empty text clears the field, whatever its type.
  if (text === '') return null;
  if (type === 'custom_number' || type === 'custom_decimal') {
    return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : value;
  }
  if (type === 'custom_date') return /^\d{4}-\d\d-\d\d/.exec(text)?.[0] ?? value;
  if (type === 'custom_checkbox' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return value;
}
