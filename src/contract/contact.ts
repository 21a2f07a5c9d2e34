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

/** `withdraw` takes the consent tag off, and never makes anybody. */
export type EventAction = ContactAction | 'withdraw';

/** Why an event ends before it reaches Temporal, in the order in which the reasons are looked at. */
export const DROP_REASONS = ['anonymous', 'unmapped-event', 'no-consent', 'no-identifier'] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** An accepted event, already mapped: nothing else of what its sender wrote is kept. */
export interface ContactEvent {
  /** Keyed hash of the sender's message id; made here when it gave none. An event with a key that was seen is a repeat. */
  key: string;
  /** When the intake took it, in ms since 1970: events of one contact are worked through in this order. */
  receivedAt: number;
  /** When it happened by its sender's `timestamp`, in ms since 1970, never after `receivedAt`; absent: when it came. */
  at?: number;
  type: 'identify' | 'track';
  /** Name of the event, one that the config maps. */
  name: string;
  action: EventAction;
  contact: MappedContact;
  /** The name is only a stand-in, such as the e-mail: it never replaces a name that the contact has. */
  standInName: boolean;
  /** Keyed hash of each value by field (`email`, `custom_fields.plan`, `tags.marketing-consent`, …). */
  marks: Record<string, string>;
  /** Keyed hashes of what it is known by; the first one names its contact's run, the others find the outcome. */
  ids: string[];
  /** What was left out and why, without the values. */
  notes: string[];
  /** Of a withdrawal: another run has seen to the contact, this one only remembers it. */
  told?: true;
  /** Sent once more after it ended as rejected or conflict: whatever is newer wins. */
  replay?: true;
}

/** How an event ends. `duplicate`: its message id was seen before. `withdrawn`: a no ended the consent. */
export const CONTACT_OUTCOMES = [
  'created',
  'updated',
  'already-exists',
  'unchanged',
  'duplicate',
  'withdrawn',
  'conflict',
  'rejected',
] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];

/** The recorded end of one event. */
export interface ContactEventOutcome {
  /** As in {@link ContactEvent}. */
  key: string;
  /** When it was decided, and when it came in; ISO 8601. */
  at: string;
  cameAt: string;
  type: ContactEvent['type'];
  action: EventAction;
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
  /** The newest no of each user id, by its `at`; bounded. */
  withdrawn: Withdrawal[];
  /** `at` of the newest event that Freshdesk has; null: none is known. */
  newestAt: number | null;
}

export interface Withdrawal {
  at: number;
  /** Hash of the user id that it carried; null: it carried none. */
  user: string | null;
}

/** What the runs of some identifiers know together. */
export interface ConsentKnown {
  withdrawn: Withdrawal[];
  newestAt: number | null;
}

/** What a list shows of one accepted event. Holds no personal data. */
export interface ListedEvent {
  key: string;
  /** When it came in, ISO 8601. */
  at: string;
  type: ContactEvent['type'];
  action: EventAction;
  event: string;
  notes: string[];
  /** Null: not ended yet. */
  result: ContactOutcome | null;
}

/** What a contact's run shows from outside. */
export interface ContactMemo extends ContactMemory {
  state: ContactView['state'];
  /** Oldest first, bounded. */
  events: ListedEvent[];
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

/** Endings that can be sent again once their cause is put right. */
export const REPLAYED_OUTCOMES = ['rejected', 'conflict'] as const;
export type ReplayedOutcome = (typeof REPLAYED_OUTCOMES)[number];

export interface ContactReplayInput {
  outcomes: ReplayedOutcome[];
  /** Ended since then, and before; ISO 8601. */
  since: string | null;
  until: string;
  /** Set when the run goes on as a new one. */
  carried?: { cursor: string; counts: ReplayCounts };
}

/** Events of `contacts` contacts that are sent again, and those that are not, each for one reason. */
export interface ReplayCounts {
  contacts: number;
  events: number;
  /** A newer event has been sent. */
  newer: number;
  withdrawn: number;
  /** Sent again before. */
  again: number;
  /** The config has no rule for the event any more. */
  unmapped: number;
}

/** What a run ends with: beside its view the events that Freshdesk did not take, to be sent again; newest last, bounded. */
export interface ContactResult extends ContactView {
  kept: ContactEvent[];
}

/** Events of one contact, in the order in which they came. */
export interface ContactEvents {
  /** Names the contact's workflow. */
  hash: string;
  /** Names of the same contact under older keys. */
  older?: string[];
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
  /** What was left out and why, without the values. */
  notes: string[];
  /** As in {@link ContactEvent}: an operator finds the row by them. */
  ids: string[];
}

/** How far a batch of an import is. */
export interface ImportView {
  total: number;
  rows: ImportedRow[];
  attention: Attention | null;
}
