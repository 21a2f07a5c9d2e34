/** What a process does, and so which settings it needs. Promise: nobody is asked for a secret of somebody else's route. */

export type System = 'freshdesk' | 'field-nation';

/** Secrets of ours: generated with the embedded Temporal server, else given. */
export const OWN_SECRETS = [
  'FRESHDESK_WEBHOOK_SECRET',
  'FIELD_NATION_WEBHOOK_SECRET',
  'EVENTS_WRITE_KEY',
  'CONTACTS_HASH_KEY',
  'ADMIN_TOKEN',
] as const;
export type OwnSecret = (typeof OWN_SECRETS)[number];

export interface Needs {
  /** Whose API it calls: their credentials must be whole. */
  calls: readonly System[];
  /** Which secrets of ours it cannot do without. */
  secrets: readonly OwnSecret[];
}

/** All parts of the service. */
export const EVERYTHING: Needs = { calls: ['freshdesk', 'field-nation'], secrets: OWN_SECRETS };

/** What reads files of this machine alone. */
export const NOTHING: Needs = { calls: [], secrets: [] };

/** What operators say from a shell: to runs that call both systems. Half-set credentials are told there too. */
export const BOTH_ACCOUNTS: Needs = { calls: EVERYTHING.calls, secrets: [] };

/** What looks people up by their hashes. */
export const CONTACTS: Needs = { calls: EVERYTHING.calls, secrets: ['CONTACTS_HASH_KEY'] };

/** The sandbox plays both systems, and signs for the one that is played. */
export const needsOf = (parts: { web: boolean; worker: boolean; sandbox: boolean }): Needs => ({
  calls: parts.worker || parts.sandbox ? EVERYTHING.calls : [],
  secrets: parts.web ? OWN_SECRETS : [],
});
