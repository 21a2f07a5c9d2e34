/**
 * Tickets as people know them: custom fields by their label, choices by their words. Promise: pure; adds to a copy of the
 * ticket what the paths of a mapping name, and says which labels no field bears. Source: interface, section 7.
 */
import { didYouMean } from './did-you-mean';
import { splitPath } from './sources';
import type { Refused } from './transforms';
import { asText, normalize } from './values';

/** What the account calls its ticket fields, from Freshdesk's `GET /ticket_fields`. */
export interface TicketFieldNames {
  /** False when the key may not read them: then no label is known. */
  readable: boolean;
  /** Lower-cased label → keys of the custom fields that bear it. */
  keys: ReadonlyMap<string, readonly string[]>;
  /** Key of a custom field → its label as agents see it. */
  labels?: ReadonlyMap<string, string>;
  /** Ticket attribute such as `status` → its number as text → the word that agents see. */
  choices: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Attributes whose words are to be had as `ticket.<name>_label`. */
export const LABELLED = {
  status: 'status',
  priority: 'priority',
  source: 'source',
  group: 'group_id',
  agent: 'responder_id',
  product: 'product_id',
} as const;

type Ticket = Record<string, unknown>;

export interface LabelledTicket {
  ticket: Ticket;
  /** Path → why its label leads to no field. Only of labels in quotes: a bare name may be the key of another account. */
  unknown: ReadonlyMap<string, Refused>;
}

/** A copy of the ticket in which each of `paths` that names a label, or the word of a choice, leads to its value. */
export function withLabels(ticket: Ticket, paths: readonly string[], names: TicketFieldNames): LabelledTicket {
  const unknown = new Map<string, Refused>();
  const given = ticket['custom_fields'];
  const fields: Ticket = typeof given === 'object' && given !== null && !Array.isArray(given) ? { ...given } : {};
  for (const path of paths) {
    const label = labelIn(path);
    if (label === null || Object.hasOwn(fields, label)) continue;
    const keys = names.keys.get(normalize(label)) ?? [];
    const [key] = keys;
    if (key !== undefined && keys.length === 1) define(fields, label, fields[key]);
    else if (path.includes('"')) unknown.set(path, refusal(label, keys, names));
  }
  const words = Object.entries(LABELLED).map(([name, attribute]): [string, string | null] => [
    `${name}_label`,
    names.choices.get(name)?.get(asText(ticket[attribute]) ?? '') ?? null,
  ]);
  return { ticket: { ...ticket, ...Object.fromEntries(words), custom_fields: fields }, unknown };
}

/** True when a path needs the account's ticket fields: the word of a choice, or a field by its label. */
export const needsTicketFields = (paths: readonly string[]): boolean =>
  paths.some((path) => path.includes('"') || /^ *ticket\.[a-z]+_label *$/.test(path));

/** `ticket.custom_fields.<label>` → the label or key; null for other paths. */
function labelIn(path: string): string | null {
  const [root, section, name] = splitPath(path) ?? [];
  return root === 'ticket' && section === 'custom_fields' && name !== undefined ? name : null;
}

/** As an own property, whatever the label is called. */
const define = (fields: Ticket, label: string, value: unknown): void => {
  Object.defineProperty(fields, label, { value: value ?? null, enumerable: true, configurable: true, writable: true });
};

function refusal(label: string, keys: readonly string[], { readable, keys: known }: TicketFieldNames): Refused {
  if (!readable) {
    return {
      message: `the field "${label}" is not known: the key may not read Freshdesk's ticket fields`,
      remedy: `write its key (cf_…) in place of "${label}", or let the agent of FRESHDESK_API_KEY view ticket fields`,
      value: label,
    };
  }
  if (keys.length > 1) {
    const message = `Freshdesk has ${keys.length} ticket fields "${label}"`;
    return { message, remedy: `write the key of one of them: ${keys.join(', ')}`, value: label };
  }
  const guess = didYouMean(label, [...known.keys()]);
  const remedy = guess === null ? 'compare with `deskbridge fields freshdesk`' : `did you mean "${guess}"?`;
  return { message: `Freshdesk has no ticket field "${label}"`, remedy, value: label };
}
