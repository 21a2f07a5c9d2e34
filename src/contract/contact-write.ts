/** What the activities of contacts take and answer. Source: interface 6, Freshdesk contract 9. */
import type { MappedContact } from './contact';

/** By what withdrawals that other runs know are found: whose no counts, and from when on. */
export interface ConsentGuard {
  /** Keyed hashes of the events' identifiers. */
  ids: string[];
  /** Of the newest yes among the events, in ms since 1970. */
  at: number;
  /** The events are sent once more: where the contact has a newer one, they are not. */
  replay?: true;
}

/** The fields that clash, and the one record that holds them, when there is one. */
export interface Clash {
  fields: string[];
  /** Null: not named, or several. */
  holderId: number | null;
  /** The answer names more than one holder. */
  severalHolders: boolean;
}

export interface CreateContactInput {
  contact: MappedContact;
  guard: ConsentGuard;
}

export interface UpdateContactInput {
  /** Null: the holder of the e-mail is looked up. */
  contactId: number | null;
  contact: MappedContact;
  /** The name gives way to the one that the contact has. */
  standInName: boolean;
  /**
   * What the contact must hold to be the person's: `nothing` more when Freshdesk itself named it for the e-mail alone;
   * `either` identifier when it is known from an earlier run; `both` when it was named for e-mail and user id.
   */
  mustHold: 'nothing' | 'either' | 'both';
  guard: ConsentGuard;
}

export type ContactWritten =
  | { result: 'created'; contactId: number }
  /** `patch`: what was sent, united with what the contact had; `notes`: what of the event the contact did not take. */
  | { result: 'updated'; contactId: number; patch: object; notes: string[] }
  | { result: 'taken'; clash: Clash }
  /** Not the contact it was taken for: it does not hold the identifiers any more. */
  | { result: 'stranger' }
  /** A later no is known: nothing was written, or the tag was taken off again. */
  | { result: 'withdrawn' }
  /** Freshdesk has a newer event of the contact: nothing was written. */
  | { result: 'superseded' }
  | { result: 'conflict' | 'rejected'; detail: string };

export interface WithdrawConsentInput {
  /** The contact that an earlier call wrote; null when none is known. */
  contactId: number | null;
  /** What the no is known by; the rest of it does not count. */
  contact: MappedContact;
  /** When it was said, in ms since 1970: a newer yes stays. */
  at: number;
}

export type ConsentWithdrawn =
  /** `ids`: keyed hashes of all that the contacts are known by. */
  | { result: 'withdrawn'; contactIds: number[]; ids: string[] }
  /** No contact has the tag. */
  | { result: 'unchanged'; ids: string[] }
  /** A tag stays: `detail` says where and why. */
  | { result: 'conflict'; detail: string };
