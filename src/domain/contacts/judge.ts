/**
 * What becomes of a call: dropped for the first reason that applies, or a contact. Promise: nobody without a clear consent
 * gets past here, and the calls that are dropped cost next to nothing. Source: interface, section 6.
 */
import type { ContactAction, DropReason, MappedContact } from '../../contract/contact';
import type { AnalyticsCall } from './analytics-call';
import { own } from './analytics-call';
import { hasConsent } from './consent';
import { readIdentifiers } from './identifiers';
import type { Identifiers } from './identifiers';
import { mapContact } from './map-contact';

/** The part of the config that events are judged by. */
export interface ContactRules {
  /** Of phone numbers without a country code. */
  defaultRegion: string;
  /** Paths where consent may stand. */
  consent: readonly string[];
  events: Record<string, { action: ContactAction }>;
  /** Contact field: path in the event. */
  customFields: Record<string, string>;
  /** In imports consent may also be the text true. */
  textConsent?: boolean;
}

/** A call that becomes a contact. */
export interface AcceptedContact {
  event: string;
  action: ContactAction;
  contact: MappedContact;
  standInName: boolean;
  /** What was left out or cut and why, without the values. */
  notes: string[];
  /** What all events of one person share; the workflow's id is made of it. */
  identity: { kind: 'user' | 'email' | 'phone'; value: string };
  userId: string | null;
  email: string | null;
}

export function judgeCall(
  call: AnalyticsCall,
  rules: ContactRules,
): { dropped: DropReason } | { accepted: AcceptedContact } {
  if (isAnonymous(call)) return { dropped: 'anonymous' };
  // Calls without a name, such as group, are in no rule.
  const rule = call.event !== '' && Object.hasOwn(rules.events, call.event) ? rules.events[call.event] : undefined;
  if (rule === undefined) return { dropped: 'unmapped-event' };
  if (!hasConsent(call.source, rules.consent, rules.textConsent === true)) return { dropped: 'no-consent' };
  const notes: string[] = [];
  const identifiers = readIdentifiers(call, rules.defaultRegion, notes);
  const identity = identityOf(identifiers);
  if (identity === null) return { dropped: 'no-identifier' };
  const { contact, standInName } = mapContact(call, identifiers, rules.customFields, notes);
  const { userId, email } = identifiers;
  const { event } = call;
  return { accepted: { event, action: rule.action, contact, standInName, notes, identity, userId, email } };
}

/** An e-mail counts as one here even when it cannot be used: its sender meant a person. */
function isAnonymous({ type, userId, traits }: AnalyticsCall): boolean {
  if (type === 'page' || type === 'screen') return true;
  if (userId !== null) return false;
  const email = own(traits, 'email');
  return typeof email !== 'string' || email.trim() === '';
}

/**
 * The user id leads: a clash on the e-mail is healed in Freshdesk, which names the holder, one on the external id is not.
 * So one user id must always come to the same workflow, whatever else the event carries.
 */
function identityOf({ userId, email, phone }: Identifiers): AcceptedContact['identity'] | null {
  if (userId !== null) return { kind: 'user', value: userId };
  if (email !== null) return { kind: 'email', value: email };
  return phone === null ? null : { kind: 'phone', value: phone };
}
