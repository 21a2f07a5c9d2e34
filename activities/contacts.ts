/**
 * Calls about contacts. Promise: nobody is overwritten – an update goes to the one contact that holds the e-mail, or that
 * an earlier call made, and is alive; what Freshdesk answers is told as a result, and only what may heal is thrown.
 * Source: interface 6, Freshdesk contract 9.
 */
import { activityInfo } from '@temporalio/activity';
import type { Contact, ContactAttributes, FreshdeskClient } from '../src/clients/freshdesk';
import { UpstreamError, type UpstreamFieldError } from '../src/clients/upstream-error';
import type { MappedContact } from '../src/contract/contact';
import { clashText, type Clash } from '../src/domain/contacts/clash';
import { comparable } from './rules';
import type { Upstream } from './upstream';

export type ContactWritten =
  | { result: 'created' | 'updated'; contactId: number }
  | { result: 'taken'; clash: Clash }
  /** Not the contact it was taken for: it does not hold the identifiers any more. */
  | { result: 'stranger' }
  | { result: 'conflict' | 'rejected'; detail: string };

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
}

export interface ContactActivitiesDeps {
  freshdesk: FreshdeskClient;
  upstream: Upstream;
}

const AGENT = 'The e-mail belongs to an agent: change it there or in the event; agents are never made contacts.';
const DELETED =
  'The e-mail belongs to a deleted contact: restore it in Freshdesk, or delete it for good, then send the event again.';
const BLOCKED =
  'The e-mail belongs to a blocked or deleted contact: unblock or restore it in Freshdesk, then send the event again.';
const UNNAMED =
  'The e-mail is taken, and Freshdesk shows no live contact with it: look for a deleted or blocked contact, or an agent.';

/** A contact that is younger than our first attempt is our own, even when the clocks differ by so much. */
const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

const statusOf = (error: unknown): number | null => (error instanceof UpstreamError ? error.status : null);

/** Null instead of one of these statuses. */
async function unless<T>(statuses: readonly number[], call: Promise<T>): Promise<T | null> {
  return call.catch((error: unknown) => {
    if (statuses.includes(statusOf(error) ?? 0)) return null;
    throw error;
  });
}

export const createContactActivities = ({ freshdesk, upstream }: ContactActivitiesDeps) => ({
  /** Creates the contact. A repeat that meets what an unanswered attempt made counts as created. */
  createContact: ({ contact }: { contact: MappedContact }): Promise<ContactWritten> =>
    upstream('freshdesk', async (signal) => {
      try {
        return { result: 'created', contactId: (await freshdesk.createContact(contact, signal)).id };
      } catch (error) {
        if (statusOf(error) !== 409) return rejected(error);
        const clash = clashOf((error as UpstreamError).errors);
        const own = activityInfo().attempt > 1 ? await ownContact(freshdesk, contact, clash, signal) : null;
        return own ? { result: 'created', contactId: own.id } : { result: 'taken', clash };
      }
    }),

  /** Reads the contact, unites its tags with ours, and updates it: 2 credits, 3 when its holder is looked up. */
  updateContact: ({ contactId, contact, standInName, mustHold }: UpdateContactInput): Promise<ContactWritten> =>
    upstream('freshdesk', async (signal) => {
      const id = contactId ?? (await holderOfEmail(freshdesk, contact.email, signal));
      if (id === null) return { result: 'conflict', detail: UNNAMED };
      try {
        const holder = await freshdesk.viewContact(id, signal);
        if (mustHold === 'either' && (holder.deleted || !holdsEither(holder, contact))) return { result: 'stranger' };
        if (mustHold === 'both' && !holdsBoth(holder, contact)) return { result: 'stranger' };
        if (holder.deleted) return { result: 'conflict', detail: DELETED };
        await freshdesk.updateContact(id, patchFor(holder, contact, standInName), signal);
        return { result: 'updated', contactId: id };
      } catch (error) {
        const status = statusOf(error);
        if (mustHold === 'either' && (status === 404 || status === 405)) return { result: 'stranger' };
        // An agent has no page among the contacts (contract 9.4).
        if (status === 404) return { result: 'conflict', detail: AGENT };
        if (status === 405) return { result: 'conflict', detail: BLOCKED };
        if (status !== 409) return rejected(error);
        return { result: 'conflict', detail: clashText(clashOf((error as UpstreamError).errors)) };
      }
    }),
});

/** What Freshdesk finds wrong with the values; anything else is thrown again. */
function rejected(error: unknown): ContactWritten {
  const status = statusOf(error);
  if (status !== 400 && status !== 422) throw error;
  const { errors, message } = error as UpstreamError;
  const said = errors.map(({ field, message, code }) => `${field ?? 'the contact'}: ${message} (${code ?? status})`);
  const what = said.length > 0 ? said.join('; ') : message;
  return { result: 'rejected', detail: `Freshdesk refused ${what}. ${remedyFor(errors)}`.slice(0, 1000) };
}

function remedyFor(errors: UpstreamFieldError[]): string {
  const custom = errors.find(({ field }) => field?.startsWith('custom_fields'));
  if (custom?.code === 'invalid_field' || errors.some(({ code }) => code === 'invalid_field')) {
    return 'The field does not exist in Freshdesk: add it there (Admin > Contact Fields), or correct contacts.customFields in the config file.';
  }
  if (errors.some(({ code }) => code === 'missing_field')) {
    return 'Freshdesk requires the field: map it under contacts.customFields in the config file, or make it optional (Admin > Contact Fields).';
  }
  return 'Correct the value where the event is sent, or allow it in Freshdesk (Admin > Contact Fields).';
}

function clashOf(errors: UpstreamFieldError[]): Clash {
  const holders = new Set(errors.flatMap(({ holderId }) => holderId ?? []));
  return {
    fields: errors.map(({ field }) => field ?? 'value'),
    holderId:
      holders.size === 1 && errors.every(({ holderId }) => holderId !== null) ? ([...holders][0] as number) : null,
    severalHolders: holders.size > 1,
  };
}

/** The contact that an earlier attempt of ours made, though its answer was lost; null when another one holds the values. */
async function ownContact(
  freshdesk: FreshdeskClient,
  contact: MappedContact,
  clash: Clash,
  signal: AbortSignal,
): Promise<Contact | null> {
  if (clash.severalHolders) return null;
  const id = clash.holderId ?? (await holderOfEmail(freshdesk, contact.email, signal));
  const holder = id === null ? null : await unless([404, 405], freshdesk.viewContact(id, signal));
  if (!holder || holder.deleted || holder.name !== contact.name) return null;
  const made = Date.parse(holder.created_at ?? '');
  const isNew = made >= activityInfo().scheduledTimestampMs - CLOCKS_DIFFER_MS;
  return isNew && holdsBoth(holder, contact) ? holder : null;
}

async function holderOfEmail(
  freshdesk: FreshdeskClient,
  email: string | undefined,
  signal: AbortSignal,
): Promise<number | null> {
  if (email === undefined) return null;
  const found = await freshdesk.findContactsByEmail(email, signal);
  return found.find((candidate) => emailsOf(candidate).includes(email))?.id ?? null;
}

const emailsOf = ({ email, other_emails: others }: Contact): string[] => comparable([email ?? '', ...others]);

/** A phone tells only who has nothing else: people share them. */
const holdsEither = (holder: Contact, { email, phone, unique_external_id: userId }: MappedContact): boolean =>
  email === undefined && userId === undefined
    ? holder.phone === phone
    : (email !== undefined && emailsOf(holder).includes(email)) ||
      (userId !== undefined && holder.unique_external_id === userId);

/** Every identifier that there is: nobody else can hold them all. */
const holdsBoth = (holder: Contact, { email, unique_external_id: userId }: MappedContact): boolean =>
  (email === undefined || emailsOf(holder).includes(email)) &&
  (userId === undefined || holder.unique_external_id === userId);

function patchFor(holder: Contact, contact: MappedContact, standInName: boolean): ContactAttributes {
  const { email, ...rest } = contact;
  const known = comparable(holder.tags);
  const isOtherAddress = email !== undefined && holder.email !== email && emailsOf(holder).includes(email);
  return {
    ...rest,
    // The main address stays: ours is one of the contact's others already.
    ...(email === undefined || isOtherAddress ? {} : { email }),
    name: standInName ? (holder.name ?? contact.name) : contact.name,
    tags: [...holder.tags, ...contact.tags.filter((tag) => !known.includes(tag.toLowerCase()))],
  };
}
