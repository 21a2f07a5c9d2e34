/** The words of an account for its ticket fields and their choices, read from `GET /ticket_fields`. Source: Freshdesk contract 6.5 and 6.6. */
import { asItems, asRecord, asText } from '../src/clients/coerce';
import type { TicketField } from '../src/clients/freshdesk/fields';
import type { TicketFieldNames } from '../src/domain/mapping';

export interface ReadNames extends TicketFieldNames {
  readable: boolean;
  keys: Map<string, string[]>;
  labels: Map<string, string>;
  choices: Map<string, Map<string, string>>;
}

const SHIPPED_CHOICES: Record<string, Record<string, string>> = {
  status: { 2: 'Open', 3: 'Pending', 4: 'Resolved', 5: 'Closed' },
  priority: { 1: 'Low', 2: 'Medium', 3: 'High', 4: 'Urgent' },
  source: { 1: 'Email', 2: 'Portal', 3: 'Phone', 7: 'Chat', 9: 'Feedback Widget', 10: 'Outbound Email' },
};

/** What Freshdesk ships with, for keys that may not read the fields. */
export const namesWithoutRights = (): ReadNames => ({
  readable: false,
  keys: new Map(),
  labels: new Map(),
  choices: new Map(Object.entries(SHIPPED_CHOICES).map(([name, words]) => [name, new Map(Object.entries(words))])),
});

/** Adds what the fields tell; with none at all the key had no right to see them. */
export function addFieldNames(names: ReadNames, fields: readonly TicketField[]): void {
  for (const field of fields) {
    names.readable = true;
    if (field.type?.startsWith('default_') || field.default === true) {
      const numbered = field.choices.flatMap(({ id, label }): [string, string][] =>
        id === null ? [] : [[String(id), label]],
      );
      if (numbered.length > 0) names.choices.set(field.name, new Map(numbered));
      continue;
    }
    addKey(names, field.label, field.name);
    // Each level of a nested field has a key and a label of its own.
    for (const level of asItems(field['nested_ticket_fields']) ?? []) {
      const { label, name } = asRecord(level) ?? {};
      addKey(names, asText(label), asText(name));
    }
  }
}

function addKey({ keys, labels }: ReadNames, label: string | null, key: string | null): void {
  if (label === null || key === null) return;
  labels.set(key, label.trim());
  const name = label.trim().toLowerCase();
  const known = keys.get(name) ?? [];
  if (!known.includes(key)) keys.set(name, [...known, key]);
}
