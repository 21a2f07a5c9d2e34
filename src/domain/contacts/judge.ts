/**
 * What becomes of a call: dropped for the first reason that applies, or a contact. Promise: nobody without a clear consent
 * gets past here, and the calls that are dropped cost next to nothing. Source: interface, section 6.
 */
import type { ContactAction, DropReason, EventAction, MappedContact } from '../../contract/contact';
import type { AnalyticsCall } from './analytics-call';
import { own } from './analytics-call';
import { consentOf } from './consent';
import { readIdentifiers } from './identifiers';
import type { Identifiers } from './identifiers';
import { mapContact } from './map-contact';
import { standInFor } from './merge';
import { isNobody } from './nobody';
import { withoutInvisible } from './values';

/** The part of the config that events are judged by. */
export interface ContactRules {
  /** Of phone numbers without a country code. */
  defaultRegion: string;
  /** Paths where consent may stand. */
  consent: readonly string[];
  events: Record<string, { action: ContactAction }>;
  /** Contact field: path in the event. */
  customFields: Record<string, string>;
  /** More words that stand for nobody. */
  nobody?: readonly string[];
  /** In imports consent may also be the text true. */
  textConsent?: boolean;
}

/** A call that becomes a contact, or takes a contact's consent back. */
export interface AcceptedContact {
  type: 'identify' | 'track';
  event: string;
  action: EventAction;
  contact: MappedContact;
  standInName: boolean;
  /** What was left out or cut and why, without the values. */
  notes: string[];
  /** What all events of one person share; the workflow's id is made of it. */
  identity: { kind: 'user' | 'email' | 'phone'; value: string };
  userId: string | null;
  email: string | null;
}

export interface Dropped {
  dropped: DropReason;
  /** Absent: nothing was left out. */
  notes?: string[];
  /** A clear no, by somebody who can be found; it never makes anybody. */
  withdrawal?: AcceptedContact;
}

export type Verdict = Dropped | { accepted: AcceptedContact };

export function judgeCall(call: AnalyticsCall, rules: ContactRules): Verdict {
  const nobody = nobodyOf(rules);
  if (isAnonymous(call, nobody)) return dropped('anonymous', call.notes);
  const action = actionOf(call, rules);
  if (action === null) return dropped('unmapped-event', call.notes);
  const consent = consentOf(call, rules.consent, rules.textConsent === true);
  if (typeof consent === 'object') {
    return dropped('no-consent', [...call.notes, ...consent.missing.map((path) => `${path}: neither true nor false`)]);
  }
  const notes = [...call.notes];
  const identifiers = readIdentifiers(call, { defaultRegion: rules.defaultRegion, nobody }, notes);
  const identity = identityOf(identifiers);
  const { userId, email } = identifiers;
  const common = { type: call.type === 'track' ? call.type : 'identify', event: call.event, notes } as const;
  if (consent === 'withdrawn') {
    if (identity === null) return dropped('no-consent', notes);
    const contact = identifiedBy(identifiers);
    const withdrawal = { ...common, action: 'withdraw', contact, standInName: true, identity, userId, email } as const;
    return { ...dropped('no-consent', ['withdrawal', ...notes]), withdrawal };
  }
  if (identity === null) return dropped('no-identifier', notes);
  const { contact, standInName } = mapContact(call, identifiers, { customFields: rules.customFields, nobody }, notes);
  return { accepted: { ...common, action, contact, standInName, identity, userId, email } };
}

/** A gate, called as the reason that it drops events for. */
export interface Gate {
  gate: DropReason;
  passed: boolean;
  detail: string;
}

/** Every gate by itself, for who looks for the reason; {@link judgeCall} stops at the first that does not let through. */
export function gatesOf(call: AnalyticsCall, rules: ContactRules): Gate[] {
  const nobody = nobodyOf(rules);
  const consent = consentOf(call, rules.consent, rules.textConsent === true);
  const identity = identityOf(readIdentifiers(call, { defaultRegion: rules.defaultRegion, nobody }, []));
  const gate = (name: DropReason, passed: boolean, detail: string): Gate => ({ gate: name, passed, detail });
  const names = Object.keys(rules.events).join(', ') || 'none';
  const isUnseen = call.type === 'page' || call.type === 'screen';
  const noConsent =
    consent === 'withdrawn'
      ? 'One of the places for consent says false: the tag is taken off.'
      : consent !== 'given' && consent.missing.length > 0
        ? `Neither true nor false: ${consent.missing.join(', ')}.`
        : `None of the places for consent says true: ${rules.consent.join(', ') || 'the config names none'}.`;
  return [
    isAnonymous(call, nobody)
      ? gate(
          'anonymous',
          false,
          isUnseen ? `A ${call.type} call makes no contact.` : 'It has neither user id nor e-mail.',
        )
      : gate('anonymous', true, 'It has a user id or an e-mail.'),
    actionOf(call, rules) === null
      ? gate('unmapped-event', false, `contacts.events in the config has no rule for it; it has rules for ${names}.`)
      : gate('unmapped-event', true, `contacts.events in the config says: ${actionOf(call, rules)}.`),
    gate('no-consent', consent === 'given', consent === 'given' ? 'Marketing consent is true.' : noConsent),
    identity === null
      ? gate('no-identifier', false, 'Neither user id, e-mail nor phone can be used.')
      : gate('no-identifier', true, `The contact is known by its ${KINDS[identity.kind]}.`),
  ];
}

const KINDS = { user: 'user id', email: 'e-mail', phone: 'phone' };

const dropped = (reason: DropReason, notes: string[]): Dropped => ({
  dropped: reason,
  ...(notes.length > 0 ? { notes } : {}),
});

const nobodyOf = ({ nobody = [] }: ContactRules): ReadonlySet<string> =>
  new Set(nobody.map((word) => word.trim().toLowerCase()));

/** Calls without a name, such as group, are in no rule. */
function actionOf({ event }: AnalyticsCall, { events }: ContactRules): ContactAction | null {
  return event !== '' && Object.hasOwn(events, event) ? (events[event]?.action ?? null) : null;
}

/** An e-mail counts as one here even when it cannot be used: its sender meant a person. */
function isAnonymous({ type, userId, traits }: AnalyticsCall, nobody: ReadonlySet<string>): boolean {
  if (type === 'page' || type === 'screen') return true;
  if (userId !== null && !isNobody(userId, nobody)) return false;
  const email = own(traits, 'email');
  return typeof email !== 'string' || isNobody(withoutInvisible(email), nobody);
}

function identifiedBy({ userId, email, phone }: Identifiers): MappedContact {
  const contact: MappedContact = {
    name: '',
    ...(email !== null && { email }),
    ...(phone !== null && { phone }),
    ...(userId !== null && { unique_external_id: userId }),
    tags: [],
  };
  return { ...contact, name: standInFor(contact) ?? '' };
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
