/**
 * Events of one contact become at most one contact in Freshdesk. Promise: a create leaves an existing contact alone, an
 * update goes to the holder of the e-mail only, and each event gets exactly one outcome. Source: interface, section 6.
 */
import type { ContactWritten } from '../../activities/contacts';
import type { ContactEvent, ContactOutcome } from '../../src/contract/contact';
import { clashText, isEmailAlone, isKnownPerson, isOneHolder, type Clash } from '../../src/domain/contacts/clash';
import { mergeContacts, type MergedContact } from '../../src/domain/contacts/merge';
import { contacts } from '../proxies';

/** Everything that waits to be sent, and of it what may change an existing contact. */
export interface ToSend {
  all: MergedContact;
  upserts: MergedContact | null;
}

interface Ending {
  outcome: ContactOutcome;
  detail: string | null;
}

/** How the events of each action ended. */
export interface Sent {
  create: Ending;
  upsert: Ending;
  /** The contact that was written; null when none was. */
  contactId: number | null;
  /** Marks of what Freshdesk took; null when it took nothing. */
  marks: MergedContact['marks'] | null;
}

/** Puts together what is to be sent, in the order in which it came: later values win. */
export function joined(first: ToSend, then: ToSend): ToSend {
  const merge = (a: MergedContact, b: MergedContact): MergedContact => mergeContacts([a, b]);
  return {
    all: merge(first.all, then.all),
    upserts: first.upserts && then.upserts ? merge(first.upserts, then.upserts) : (then.upserts ?? first.upserts),
  };
}

export function toSend(event: ContactEvent): ToSend {
  const all = mergeContacts([event]);
  return { all, upserts: event.action === 'upsert' ? all : null };
}

const DONE = (outcome: ContactOutcome, detail: string | null = null): Ending => ({ outcome, detail });
const both = (ending: Ending): Pick<Sent, 'create' | 'upsert'> => ({ create: ending, upsert: ending });

/**
 * @param knownId the contact that an earlier call for the same person wrote; null when none is known
 * @throws ActivityFailure when a person or time must help first; nothing was written then, or it is found again.
 */
export async function sendContact({ all, upserts }: ToSend, knownId: number | null): Promise<Sent> {
  if (knownId !== null && upserts) {
    const { contact, standInName, marks } = upserts;
    const written = await contacts.updateContact({ contactId: knownId, contact, standInName, mustHold: 'either' });
    if (written.result !== 'stranger') return { ...endOfUpdate(written, marks), create: DONE('already-exists') };
  }
  const made = await contacts.createContact({ contact: all.contact });
  if (made.result === 'created') {
    return { ...both(DONE('created')), contactId: made.contactId, marks: all.marks };
  }
  if (made.result !== 'taken') return { ...both(endingOf(made)), contactId: null, marks: null };
  const create = isKnownPerson(made.clash) ? DONE('already-exists') : clashed(made.clash);
  const inConflict: Sent = { create, upsert: clashed(made.clash), contactId: null, marks: null };
  const mustHold = isEmailAlone(made.clash) ? 'nothing' : isOneHolder(made.clash) ? 'both' : null;
  if (!upserts || mustHold === null) return inConflict;
  const { contact, standInName, marks } = upserts;
  const { holderId: contactId } = made.clash;
  const written = await contacts.updateContact({ contactId, contact, standInName, mustHold });
  return written.result === 'stranger' ? inConflict : { ...endOfUpdate(written, marks), create };
}

const clashed = (clash: Clash): Ending => DONE('conflict', clashText(clash));

function endOfUpdate(written: ContactWritten, marks: MergedContact['marks']): Omit<Sent, 'create'> {
  const isWritten = written.result === 'updated';
  return {
    upsert: endingOf(written),
    contactId: isWritten ? written.contactId : null,
    marks: isWritten ? marks : null,
  };
}

function endingOf(written: ContactWritten): Ending {
  switch (written.result) {
    case 'created':
    case 'updated':
      return DONE(written.result);
    case 'conflict':
    case 'rejected':
      return DONE(written.result, written.detail);
    case 'taken':
      return clashed(written.clash);
    case 'stranger':
      return DONE('conflict', 'The contact has changed hands in Freshdesk; send the event again.');
  }
}
