/** Values of ticket fields that a status sets: the work order's actions over all sources of notes. */
import type { MappingAction } from './action';
import { pathsOf } from './describe';
import { evaluate } from './evaluate';
import type { MappingSources } from './sources';
import { renderTemplate, templatePaths } from './template';
import { isRefused } from './transforms';
import { asText, isEmpty } from './values';

/** What the config gives for a field: a template, a fixed value, or an action. */
export type FieldSetting = string | number | boolean | null | MappingAction;
export type FieldValue = string | number | boolean | null;

export interface FieldValues {
  values: Record<string, FieldValue>;
  /** A sentence for each field that could not be set. */
  refused: string[];
}

/** The value of every field; one whose action cannot take its value is left as it is, and told. */
export function fieldValues(settings: Readonly<Record<string, FieldSetting>>, sources: MappingSources): FieldValues {
  const values: [string, FieldValue][] = [];
  const refused: string[] = [];
  for (const [name, setting] of Object.entries(settings)) {
    if (typeof setting === 'string') values.push([name, renderTemplate(setting, sources, { escape: 'none' })]);
    else if (typeof setting !== 'object' || setting === null) values.push([name, setting]);
    else {
      const result = evaluate(setting, { sources, into: 'text' });
      if (isRefused(result)) refused.push(`${name} was not set: ${result.message}.`);
      else values.push([name, scalar(result.value)]);
    }
  }
  return { values: Object.fromEntries(values), refused };
}

const scalar = (value: unknown): FieldValue =>
  isEmpty(value) ? null : typeof value === 'number' || typeof value === 'boolean' ? value : asText(value);

/** Every path that a field's value may read. */
export const fieldPaths = (setting: FieldSetting): string[] =>
  typeof setting === 'string'
    ? templatePaths(setting)
    : typeof setting === 'object' && setting !== null
      ? pathsOf(setting)
      : [];
