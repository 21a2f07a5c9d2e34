/** Custom field definitions of the company (contract 12). They are made in Field Nation's pages only. */
import { z } from 'zod';
import { asBoolean, asItems, asRecord, asText } from '../coerce';
import { boolean, id, text } from '../lenient';

const definitionSchema = z.looseObject({
  id,
  name: text,
  /** `text`, `predefined`, `dropdown`, `date`, `date_time`, `time`, `numeric`, `phone`. */
  type: text,
  tip: text,
  required: boolean,
  /** Whose to fill in: `buyer` or `provider`; older answers mark the provider's by `for_tech`. */
  filled_by: text,
  for_tech: boolean,
});

/**
 * `internal` marks the field that surfaces as `custom_fields.internal`; `unique` promises distinct values. Both come as
 * a property or inside `flags`. `options` are the values of a predefined field, null when the answer names none.
 */
export const customFieldDefinitionSchema = definitionSchema.transform((field) => ({
  ...field,
  required: field.required ?? hasFlag(field.flags, 'required'),
  internal: asBoolean(field.internal) ?? hasFlag(field.flags, 'internal_id'),
  unique: asBoolean(field.unique) ?? hasFlag(field.flags, 'unique'),
  options: readOptions(field.options),
}));
export type CustomFieldDefinition = z.output<typeof customFieldDefinitionSchema>;

function hasFlag(flags: unknown, flag: string): boolean {
  return asItems(flags)?.includes(flag) ?? asBoolean(asRecord(flags)?.[flag]) ?? false;
}

function readOptions(options: unknown): string[] | null {
  const found = asItems(options)?.map((option) => {
    const entry = asRecord(option);
    return asText(entry ? (entry.value ?? entry.name ?? entry.label) : option);
  });
  return found?.filter((option) => option !== null) ?? null;
}
