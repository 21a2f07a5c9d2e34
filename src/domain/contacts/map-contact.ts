/** The contact of an accepted call, by the table of the interface, section 6. Never throws, never sends anything nested. */
import type { MappedContact } from '../../contract/contact';
import { own } from './analytics-call';
import type { AnalyticsCall, Entries } from './analytics-call';
import { valueAt } from './event-path';
import type { Identifiers } from './identifiers';
import { CONSENT_TAG } from './holder';
import { standInFor } from './merge';
import { isMissingName, isNobodysName } from './nobody';
import { asCompanyId, cleanLines, cleanText, cut, isNothing, LONGEST_TEXT } from './values';

export interface MappingRules {
  /** Contact field: path in the event. */
  customFields: Record<string, string>;
  /** More words that stand for nobody, in lower case. */
  nobody: ReadonlySet<string>;
}

type CustomFields = NonNullable<MappedContact['custom_fields']>;

/** `identifiers` holds at least one: Freshdesk refuses a contact without any. Adds to `notes` what is left out or cut. */
export function mapContact(
  call: AnalyticsCall,
  identifiers: Identifiers,
  { customFields, nobody }: MappingRules,
  notes: string[],
): { contact: MappedContact; standInName: boolean } {
  const { userId, email, phone } = identifiers;
  const given = nameOf(call.traits, nobody, notes);
  const title = firstText(call.traits, ['title', 'jobTitle', 'job_title'], notes);
  const companyId = companyOf(own(call.traits, 'company_id'), notes);
  const custom = customOf(call.source, customFields, notes);
  const contact: MappedContact = {
    name: '',
    ...(email !== null && { email }),
    ...(phone !== null && { phone }),
    ...(userId !== null && { unique_external_id: userId }),
    ...(title !== null && { job_title: title }),
    ...(companyId !== null && { company_id: companyId }),
    tags: [CONSENT_TAG],
    ...(custom !== null && { custom_fields: custom }),
  };
  contact.name = given ?? standInFor(contact) ?? '';
  return { contact, standInName: given === null };
}

function nameOf(traits: Entries, nobody: ReadonlySet<string>, notes: string[]): string | null {
  const name = textOf(traits, 'name', notes);
  if (name !== null && !isNobodysName(name, nobody)) return name;
  if (name !== null) notes.push('name: stands for nobody; left out');
  const parts = ['firstName', 'lastName'].map((field) => partOf(traits, field, notes));
  const joined = parts.filter((part) => part !== null).join(' ');
  if (joined === '') return null;
  if (!isNobodysName(joined, nobody)) return cutWithNote(joined, 'name', LONGEST_TEXT, notes);
  notes.push('firstName, lastName: stand for nobody; left out');
  return null;
}

function partOf(traits: Entries, field: string, notes: string[]): string | null {
  const part = textOf(traits, field, notes);
  if (part === null || !isMissingName(part)) return part;
  notes.push(`${field}: stands for nobody; left out`);
  return null;
}

function firstText(traits: Entries, fields: readonly string[], notes: string[]): string | null {
  for (const field of fields) {
    const text = textOf(traits, field, notes);
    if (text !== null) return text;
  }
  return null;
}

function textOf(traits: Entries, field: string, notes: string[]): string | null {
  const value = own(traits, field);
  if (isNothing(value)) return null;
  if (typeof value !== 'string') {
    notes.push(`${field}: not a text; left out`);
    return null;
  }
  const text = cleanText(value);
  return text === '' ? null : cutWithNote(text, field, LONGEST_TEXT, notes);
}

function cutWithNote(text: string, field: string, most: number, notes: string[]): string {
  const kept = cut(text, most);
  if (kept !== text) notes.push(`${field}: longer than ${most} characters; cut`);
  return kept;
}

function companyOf(value: unknown, notes: string[]): number | null {
  if (isNothing(value)) return null;
  const id = asCompanyId(value);
  if (id === null) notes.push('company_id: not the number of a company; left out');
  return id;
}

function customOf(source: Entries, paths: Record<string, string>, notes: string[]): CustomFields | null {
  const found: [string, CustomFields[string]][] = [];
  for (const [field, path] of Object.entries(paths)) {
    const value = plainValue(valueAt(source, path), `custom_fields.${field}`, notes);
    if (value !== null) found.push([field, value]);
  }
  return found.length === 0 ? null : Object.fromEntries(found);
}

/** Of text in a custom field: what a Freshdesk paragraph takes. */
const LONGEST_CUSTOM_TEXT = 65_000;

function plainValue(value: unknown, label: string, notes: string[]): CustomFields[string] | null {
  if (isNothing(value)) return null;
  if (typeof value === 'boolean' || Number.isFinite(value)) return value as boolean | number;
  if (typeof value === 'string') {
    const text = cleanLines(value);
    return text === '' ? null : cutWithNote(text, label, LONGEST_CUSTOM_TEXT, notes);
  }
  notes.push(`${label}: not a text, number or yes-or-no value; left out`);
  return null;
}
