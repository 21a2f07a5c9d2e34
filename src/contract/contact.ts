/** What a contact event is on its way to Freshdesk, and what came of it. Source: interface, section 6. */
import type { Attention } from './dispatch';

/** A contact as it goes to Freshdesk: only what the mapping knows, never anything nested. */
export interface MappedContact {
  name: string;
  /** Trimmed, lower case. */
  email?: string;
  /** E.164. */
  phone?: string;
  unique_external_id?: string;
  job_title?: string;
  company_id?: number;
  /** Merged with the contact's tags on update. */
  tags: string[];
  custom_fields?: Record<string, string | number | boolean>;
}

/** `create` leaves an existing contact alone, `upsert` updates it. */
export type ContactAction = 'create' | 'upsert';

/** Why an event ends before it reaches Temporal, in the order in which the reasons are looked at. */
export const DROP_REASONS = ['anonymous', 'unmapped-event', 'no-consent', 'no-identifier'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** An accepted event, already mapped: nothing else of what its sender wrote is kept. */
export interface ContactEvent {
  /** Keyed hash of the sender's message id; made here when it gave none. An event with a key that was seen is a repeat. */
  key: string;
  /** When the intake took it, in ms since 1970: events of one contact are worked through in this order. */
  receivedAt: number;
  /** Name of the event, one that the config maps. */
  name: string;
  action: ContactAction;
  contact: MappedContact;
  /** The name is only a stand-in, such as the e-mail: it never replaces a name that the contact has. */
  standInName: boolean;
  /** Keyed hash of each value by field (`email`, `custom_fields.plan`, `tags.marketing-consent`, …). */
  marks: Record<string, string>;
  /** Keyed hashes of user id and e-mail, by which an operator finds the outcome. */
  ids: string[];
  /** What was left out and why, without the values. */
  notes: string[];
}

/** How an accepted event ends. `duplicate`: its message id was seen before. */
export const CONTACT_OUTCOMES = [
  'created',
  'updated',
  'already-exists',
  'unchanged',
  'duplicate',
  'conflict',
  'rejected',
] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];

/** The recorded end of one event. */
export interface ContactEventOutcome {
  /** When it was decided, ISO 8601. */
  at: string;
  event: string;
  outcome: ContactOutcome;
  /** In words, for `conflict` and `rejected` above all; null when the outcome says it all. */
  detail: string | null;
  notes: string[];
}

/** What the next run of the same contact is told of the last one. Holds hashes, no personal data. */
export interface ContactMemory {
  /** The contact that the last call created or updated; null when none is known. */
  contactId: number | null;
  /** What Freshdesk was last given, as marks, and when (ISO 8601). */
  sent: { at: string; marks: Record<string, string> } | null;
  /** Keys of the newest events, oldest first, bounded. */
  seen: string[];
}

/** What an operator is shown of one contact's newest run. */
export interface ContactView {
  workflowId: string;
  account: string;
  /** `waiting` for its call or its merge window, `attention` for a person; else how its last event ended. */
  state: 'waiting' | 'attention' | ContactOutcome;
  contactId: number | null;
  attention: Attention | null;
  /** Oldest first, bounded. */
  events: ContactEventOutcome[];
  links: { contact: string | null; workflow: string | null };
}

/** Events of one contact, in the order in which they came. */
export interface ContactEvents {
  /** Names the contact's workflow. */
  hash: string;
  events: ContactEvent[];
}

/** One row of an import: its number in the file, counted from 1 with the header, and the mapped event. */
export interface ImportRow {
  line: number;
  event: ContactEvent;
}

/** What came of one row. */
export interface ImportedRow {
  line: number;
  outcome: ContactOutcome;
  detail: string | null;
  /** As in {@link ContactEvent}: an operator finds the row by them. */
  ids: string[];
}

/** How far a batch of an import is. */
export interface ImportView {
  total: number;
  rows: ImportedRow[];
  attention: Attention | null;
}
