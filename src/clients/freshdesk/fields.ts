/** Ticket and contact field definitions, with the shapes of `choices` made one (contract 6.6 and 9.5). */
import { z } from 'zod';
import { filledText } from '../../filled-text';
import { asId, asNumber, asRecord, asText } from '../coerce';
import { boolean, id, number, text } from '../lenient';

/** One value of a choice field. */
export interface FieldChoice {
  /** What stands in the ticket or contact: the text itself, or the number as text for status, priority, source, group … */
  value: string;
  /** What agents see. */
  label: string;
  /** The number behind it, where Freshdesk tells one. */
  id: number | null;
  /** What customers see; only for `default_status`. */
  customerLabel: string | null;
  /** The next level; only for `nested_field`. */
  children: FieldChoice[];
}

/** Reads every documented shape of `choices`; what fits none is left out. A number is a status but in `nested` choices. */
export function normaliseChoices(choices: unknown, nested = false): FieldChoice[] {
  if (Array.isArray(choices)) return choices.flatMap((item) => readItem(item, nested));
  return Object.entries(asRecord(choices) ?? {}).map(([key, value]) => readEntry(key, value, nested));
}

function choice(value: string, rest: Partial<FieldChoice> = {}): FieldChoice {
  return { value, label: value, id: null, customerLabel: null, children: [], ...rest };
}

function readItem(item: unknown, nested: boolean): FieldChoice[] {
  if (Array.isArray(item)) {
    const name = asText(item[0]);
    return name === null ? [] : [choice(name, { children: normaliseChoices(item[1], true) })];
  }
  const entry = asRecord(item);
  // A level of a nested field: the choice is the key, and what is below it the value.
  if (entry && nested && entry.value === undefined && entry.label === undefined) return normaliseChoices(entry, true);
  const value = asText(entry ? (entry.value ?? entry.label) : item);
  if (value === null) return [];
  if (!entry) return [choice(value)];
  const children = normaliseChoices(entry.choices ?? entry.nested_options, true);
  return [choice(value, { label: asText(entry.label) ?? value, id: asId(entry.id), children })];
}

function readEntry(key: string, value: unknown, nested: boolean): FieldChoice {
  const isList = Array.isArray(value);
  if (isList && !nested && /^\d+$/.test(key)) {
    const label = asText(value[0]) ?? key;
    return choice(key, { label, id: asNumber(key), customerLabel: asText(value[1]) ?? label });
  }
  if (isList || asRecord(value)) return choice(key, { children: normaliseChoices(value, true) });
  const number = asNumber(value);
  // Either the label and its number, or a code and its label.
  if (number === null) return choice(key, { label: asText(value) ?? key });
  return choice(String(number), { label: key, id: number });
}

const fieldSchema = z.looseObject({
  id,
  /** The key in `custom_fields`, or the attribute; `ticket_type` is the attribute `type`. */
  name: filledText,
  label: text,
  type: text,
  default: boolean,
  position: number,
  required_for_agents: boolean,
  required_for_closure: boolean,
  choices: z.unknown().optional(),
  /** The further levels of a nested field. */
  nested_ticket_fields: z.unknown().optional(),
});

export const ticketFieldSchema = fieldSchema.transform((field) => ({
  ...field,
  choices: normaliseChoices(field.choices, field.type === 'nested_field'),
}));
export type TicketField = z.output<typeof ticketFieldSchema>;

export const contactFieldSchema = ticketFieldSchema;
export type ContactField = z.output<typeof contactFieldSchema>;
