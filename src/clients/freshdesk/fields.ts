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

/** Reads every documented shape of `choices`; what fits none is left out. */
export function normaliseChoices(choices: unknown): FieldChoice[] {
  if (Array.isArray(choices)) return choices.flatMap((item) => readItem(item) ?? []);
  return Object.entries(asRecord(choices) ?? {}).flatMap(([key, value]) => readEntry(key, value) ?? []);
}

function choice(value: string, rest: Partial<FieldChoice> = {}): FieldChoice {
  return { value, label: value, id: null, customerLabel: null, children: [], ...rest };
}

function readItem(item: unknown): FieldChoice | null {
  if (Array.isArray(item)) {
    const name = asText(item[0]);
    return name === null ? null : choice(name, { children: normaliseChoices(item[1]) });
  }
  const entry = asRecord(item);
  const value = asText(entry ? (entry.value ?? entry.label) : item);
  if (value === null) return null;
  if (!entry) return choice(value);
  const children = normaliseChoices(entry.choices ?? entry.nested_options);
  return choice(value, { label: asText(entry.label) ?? value, id: asId(entry.id), children });
}

function readEntry(key: string, value: unknown): FieldChoice | null {
  const isList = Array.isArray(value);
  if (isList && /^\d+$/.test(key)) {
    const label = asText(value[0]) ?? key;
    return choice(key, { label, id: asNumber(key), customerLabel: asText(value[1]) ?? label });
  }
  if (isList || asRecord(value)) return choice(key, { children: normaliseChoices(value) });
  const number = asNumber(value);
  return choice(number === null ? key : String(number), { label: key, id: number });
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
  choices: z.unknown().optional().transform(normaliseChoices),
});

export const ticketFieldSchema = fieldSchema;
export type TicketField = z.output<typeof ticketFieldSchema>;

export const contactFieldSchema = fieldSchema;
export type ContactField = z.output<typeof contactFieldSchema>;
