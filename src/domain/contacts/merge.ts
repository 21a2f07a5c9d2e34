/**
 * How events of one contact become one call. Promise: later values win, but a name that somebody gave is never lost to a
 * stand-in. Workflows import this file itself, so it must stay free of the phone library and the mapping.
 */
import type { ContactEvent, ContactMemory, MappedContact } from '../../contract/contact';

export type MergedContact = Pick<ContactEvent, 'contact' | 'standInName' | 'marks'>;

/** All events as one, in their order. Without events there is nothing in it, not even a name. */
export const mergeContacts = (events: readonly MergedContact[]): MergedContact => events.reduce(merge, NOTHING);

const NOTHING: MergedContact = { contact: { name: '', tags: [] }, standInName: true, marks: {} };

function merge(before: MergedContact, after: MergedContact): MergedContact {
  const contact: MappedContact = {
    ...before.contact,
    ...after.contact,
    tags: [...new Set([...before.contact.tags, ...after.contact.tags])],
  };
  if (before.contact.custom_fields !== undefined) {
    contact.custom_fields = { ...before.contact.custom_fields, ...after.contact.custom_fields };
  }
  const standInName = before.standInName && after.standInName;
  if (standInName) contact.name = standInFor(contact) ?? contact.name;
  else if (after.standInName) contact.name = before.contact.name;
  return { contact, standInName, marks: { ...before.marks, ...after.marks } };
}

/** What a contact is called when nobody gave a name, since Freshdesk refuses one without. */
export const standInFor = ({ email, phone, unique_external_id: id }: Omit<MappedContact, 'name'>): string | undefined =>
  email ?? phone ?? id;

/** Everything in it is what Freshdesk was last given, and not longer ago than the window; `now` and it in milliseconds. */
export function isUnchanged(
  marks: Record<string, string>,
  sent: ContactMemory['sent'],
  now: number,
  windowMs: number,
): boolean {
  if (sent === null || windowMs <= 0) return false;
  // Either way: clocks of two machines differ a little, and one that ran far ahead must not silence a contact for long.
  const isRecent = Math.abs(now - Date.parse(sent.at)) <= windowMs;
  return isRecent && Object.entries(marks).every(([field, mark]) => sent.marks[field] === mark);
}
