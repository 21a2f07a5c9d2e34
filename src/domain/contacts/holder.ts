/**
 * What an event may do to a contact that is there already. Promise: a contact with another user id never takes anything of
 * it, a main address gives way only where the config says so, and what is left out is named. Source: interface, section 6.
 */
import type { MappedContact } from '../../contract/contact';
import { toAsciiLower } from './values';

export const CONSENT_TAG = 'marketing-consent';

/** What counts of a contact in Freshdesk. */
export interface Holder {
  name: string | null;
  email: string | null;
  other_emails: string[];
  phone: string | null;
  unique_external_id: string | null;
  company_id: number | null;
  tags: string[];
  deleted: boolean | null;
}

export type NewEmail = 'add' | 'replace' | 'conflict';

export type HolderPatch = Partial<MappedContact> & { other_emails?: string[] };

export const AGENT = 'The e-mail belongs to an agent: change it there or in the event; agents are never made contacts.';
export const DELETED =
  'The e-mail belongs to a deleted contact: restore it in Freshdesk, or delete it for good, then send the event again.';
export const BLOCKED =
  'The e-mail belongs to a blocked or deleted contact: unblock or restore it in Freshdesk, then send the event again.';
export const UNNAMED =
  'The e-mail is taken, and Freshdesk shows no live contact with it: look for a deleted or blocked contact, or an agent.';
export const OTHER_USER =
  'The contact belongs to another user id (unique_external_id); nothing was changed. ' +
  'Correct the user id or the address where the event is sent, or take the user id off the contact in Freshdesk.';
const OTHER_ADDRESS =
  'The contact has another e-mail, and contacts.newEmail in the config file is conflict; nothing was changed. ' +
  'Change the e-mail in Freshdesk, or set contacts.newEmail to add or replace.';

export const emailsOf = ({ email, other_emails: others }: Holder): string[] =>
  [email ?? '', ...others].map((one) => toAsciiLower(one.trim())).filter((one) => one !== '');

/** Both have the same user id, or either has none. */
export const isSamePerson = (holder: Holder, { unique_external_id: userId }: MappedContact): boolean =>
  !holder.unique_external_id || userId === undefined || holder.unique_external_id === userId;

export const isPhoneAlone = ({ email, unique_external_id: userId }: MappedContact): boolean =>
  email === undefined && userId === undefined;

/** A phone tells only who has nothing else: people share them. */
export const holdsEither = (holder: Holder, contact: MappedContact): boolean => {
  const { email, phone, unique_external_id: userId } = contact;
  return isPhoneAlone(contact)
    ? phone !== undefined && holder.phone === phone
    : (email !== undefined && emailsOf(holder).includes(email)) ||
        (userId !== undefined && holder.unique_external_id === userId);
};

/** Every identifier that there is: nobody else can hold them all. */
export const holdsBoth = (holder: Holder, { email, unique_external_id: userId }: MappedContact): boolean =>
  (email === undefined || emailsOf(holder).includes(email)) &&
  (userId === undefined || holder.unique_external_id === userId);

export const hasConsentTag = ({ tags }: Holder): boolean => tags.some(isConsentTag);

export const withoutConsentTag = ({ tags }: Holder): string[] => tags.filter((tag) => !isConsentTag(tag));

const isConsentTag = (tag: string): boolean => tag.trim().toLowerCase() === CONSENT_TAG;

/** What of the event goes to the contact, and what does not; or why nothing may. */
export function patchFor(
  holder: Holder,
  contact: MappedContact,
  { standInName, newEmail }: { standInName: boolean; newEmail: NewEmail },
): { patch: HolderPatch; notes: string[] } | { conflict: string } {
  if (!isSamePerson(holder, contact)) return { conflict: OTHER_USER };
  const { email: _email, company_id: companyId, ...rest } = contact;
  const notes: string[] = [];
  const address = addressFor(holder, contact, newEmail);
  if (address === null) return { conflict: OTHER_ADDRESS };
  if (companyId !== undefined && holder.company_id !== null && holder.company_id !== companyId) {
    notes.push('company_id: the contact has a company already; left out');
  }
  if (address.other_emails !== undefined) notes.push('email: added to the other addresses of the contact');
  const known = holder.tags.map((tag) => tag.trim().toLowerCase());
  const patch = {
    ...rest,
    ...address,
    ...(companyId !== undefined && holder.company_id === null ? { company_id: companyId } : {}),
    name: standInName ? (holder.name ?? contact.name) : contact.name,
    tags: [...holder.tags, ...contact.tags.filter((tag) => !known.includes(tag.toLowerCase()))],
  };
  return { patch, notes };
}

/** Null: the config allows no other address. */
function addressFor(
  holder: Holder,
  { email, unique_external_id: userId }: MappedContact,
  newEmail: NewEmail,
): Pick<HolderPatch, 'email' | 'other_emails'> | null {
  if (email === undefined || emailsOf(holder).includes(email)) return {};
  if (!holder.email) return { email };
  if (newEmail === 'conflict') return null;
  const isOwner = userId !== undefined && holder.unique_external_id === userId;
  return newEmail === 'replace' && isOwner ? { email } : { other_emails: [...holder.other_emails, email] };
}
