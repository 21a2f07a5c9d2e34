/**
 * How events of one contact become at most one contact in Freshdesk, step by step. Promise: a create leaves an existing
 * contact alone, an update goes to the holder of the e-mail only, each event gets exactly one outcome. Source: interface 6.
 */
import type { ContactOutcome } from '../../contract/contact';
import type { Clash, ContactWritten, CreateContactInput, UpdateContactInput } from '../../contract/contact-write';
import { clashText, isEmailAlone, isKnownPerson, isOneHolder } from './clash';
import { isPhoneAlone } from './holder';
import type { MergedContact } from './merge';
import type { ToSend } from './parcel';

export interface Ending {
  outcome: ContactOutcome;
  detail: string | null;
  /** What of the event the contact did not take. */
  notes: string[];
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

/** The next call, or the end. `create`: how the events that only create end, when that is known already. */
export type Writing =
  | { call: 'create'; input: CreateContactInput }
  | { call: 'update'; input: UpdateContactInput; create: Ending; ifStranger: Sent | 'create' }
  | { call: null; sent: Sent };

/** @param knownId the contact that an earlier call for the same person wrote; null when none is known */
export function beginWriting(content: ToSend, knownId: number | null): Writing {
  // Freshdesk takes a number twice, so that no 409 would tell of the contact that is there.
  if (knownId !== null && !content.upserts && isPhoneAlone(content.all.contact))
    return nothingWritten(ending('already-exists'));
  if (knownId === null || !content.upserts) return creating(content);
  const input = updateOf(content, content.upserts, knownId, 'either');
  return { call: 'update', input, create: ending('already-exists'), ifStranger: 'create' };
}

/** What follows from the answer to the call of `writing`. */
export function goOnWriting(
  content: ToSend,
  writing: Exclude<Writing, { call: null }>,
  answer: ContactWritten,
): Writing {
  if (writing.call === 'update') {
    if (answer.result !== 'stranger') return endOfUpdate(content, writing.create, answer);
    return writing.ifStranger === 'create' ? creating(content) : { call: null, sent: writing.ifStranger };
  }
  if (answer.result === 'created') {
    const { contactId } = answer;
    return { call: null, sent: { ...both(ending('created')), contactId, marks: content.all.marks } };
  }
  if (answer.result !== 'taken') return nothingWritten(endingOf(answer));
  const { clash } = answer;
  const create = isKnownPerson(clash) ? ending('already-exists') : clashed(clash);
  const inConflict: Sent = { create, upsert: clashed(clash), contactId: null, marks: null };
  const mustHold = isEmailAlone(clash) ? 'nothing' : isOneHolder(clash) ? 'both' : null;
  if (!content.upserts || mustHold === null) return { call: null, sent: inConflict };
  const input = updateOf(content, content.upserts, clash.holderId, mustHold);
  return { call: 'update', input, create, ifStranger: inConflict };
}

const creating = ({ all, guard }: ToSend): Writing => ({ call: 'create', input: { contact: all.contact, guard } });

const updateOf = (
  { guard }: ToSend,
  { contact, standInName }: MergedContact,
  contactId: number | null,
  mustHold: UpdateContactInput['mustHold'],
): UpdateContactInput => ({ contactId, contact, standInName, mustHold, guard });

const ending = (outcome: ContactOutcome, detail: string | null = null, notes: string[] = []): Ending => ({
  ...{ outcome, detail, notes },
});
const both = (end: Ending): Pick<Sent, 'create' | 'upsert'> => ({ create: end, upsert: end });
const nothingWritten = (end: Ending): Writing => ({ call: null, sent: { ...both(end), contactId: null, marks: null } });
const clashed = (clash: Clash): Ending => ending('conflict', clashText(clash));

function endOfUpdate({ upserts }: ToSend, create: Ending, answer: ContactWritten): Writing {
  const upsert = endingOf(answer);
  // A no is one of the person, not of an event.
  if (answer.result === 'withdrawn') return nothingWritten(upsert);
  const isWritten = answer.result === 'updated';
  const contactId = isWritten ? answer.contactId : null;
  return { call: null, sent: { create, upsert, contactId, marks: isWritten ? (upserts?.marks ?? null) : null } };
}

export const LATER_NO = 'Consent was withdrawn at that time or later; nothing of it is sent.';
export const NEWER_EVENT = 'A newer event has been sent since; it wins.';

function endingOf(answer: ContactWritten): Ending {
  switch (answer.result) {
    case 'created':
      return ending('created');
    case 'updated':
      return ending('updated', null, answer.notes);
    case 'conflict':
    case 'rejected':
      return ending(answer.result, answer.detail);
    case 'taken':
      return clashed(answer.clash);
    case 'withdrawn':
      return ending('withdrawn', LATER_NO);
    case 'superseded':
      return ending('unchanged', NEWER_EVENT);
    case 'stranger':
      return ending('conflict', 'The contact has changed hands in Freshdesk; send the event again.');
  }
}
