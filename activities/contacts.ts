/**
 * Calls about contacts. Promise: nobody is overwritten – an update goes to the one contact that holds the e-mail, or that
 * an earlier call made, is alive and has no other user id; what Freshdesk answers is told as a result, and only what may
 * heal is thrown. Source: interface 6, Freshdesk contract 9.
 */
import { activityInfo } from '@temporalio/activity';
import type { Contact, FreshdeskClient } from '../src/clients/freshdesk';
import type { UpstreamError } from '../src/clients/upstream-error';
import type { Config } from '../src/config/schema';
import type { ConsentKnown, MappedContact } from '../src/contract/contact';
import type {
  ConsentGuard,
  ConsentWithdrawn,
  ContactWritten,
  CreateContactInput,
  UpdateContactInput,
  WithdrawConsentInput,
} from '../src/contract/contact-write';
import { clashText } from '../src/domain/contacts/clash';
import { isWithdrawn } from '../src/domain/contacts/consent-order';
import * as holders from '../src/domain/contacts/holder';
import {
  clashOf,
  createdByUs,
  findPerson,
  holderOfEmail,
  holdersOf,
  rejected,
  statusOf,
  unless,
} from './contact-answers';
import { createKeyedLock } from '../src/keyed-lock';
import type { Upstream } from './upstream';

/** What the runs of other identifiers know of a person's yes and no. */
export interface ConsentBook {
  /** `ids` are keyed hashes. */
  known(ids: readonly string[]): Promise<ConsentKnown>;
  /** Keyed hashes of all that a contact is known by. */
  idsOf(person: { userId: string | null; emails: readonly string[] }): string[];
}

export interface ContactActivitiesDeps {
  freshdesk: FreshdeskClient;
  /** Read at every use, so that a reloaded file holds for what waits. */
  config: { current(): Pick<Config, 'contacts'> };
  consents: ConsentBook;
  upstream: Upstream;
}

const NOT_FOUND_BY_USER_ID =
  'Freshdesk does not look contacts up by user id here, and nothing else leads to one; the tag was not taken off. ' +
  'Take it off in Freshdesk, or send the e-mail with the event.';
const LOCKED =
  'The contact is deleted or blocked, so that its tag cannot be taken off; restore it or delete it for good.';

export const createContactActivities = ({ freshdesk, config, consents, upstream }: ContactActivitiesDeps) => {
  // Between reading a contact and writing it nothing else of this process may write it.
  const oneAtATime = createKeyedLock<number>();

  const isOver = async (guard: ConsentGuard, { unique_external_id: userId }: MappedContact): Promise<boolean> =>
    isWithdrawn((await consents.known(guard.ids)).withdrawn, guard, userId !== undefined);

  const idsOf = ({ unique_external_id: userId, ...contact }: Contact): string[] =>
    consents.idsOf({ userId, emails: holders.emailsOf({ ...contact, unique_external_id: userId }) });

  const withoutTag = (holder: Contact, signal: AbortSignal): Promise<Contact> =>
    freshdesk.updateContact(holder.id, { tags: holders.withoutConsentTag(holder) }, signal);

  /** What was written unseen, or a moment too late for a no to see it. */
  const takeTagOff = (id: number, contact: MappedContact, signal: AbortSignal): Promise<unknown> =>
    oneAtATime(id, async () => {
      const holder = await unless([404, 405], freshdesk.viewContact(id, signal));
      const isWritten = holder && holders.isSamePerson(holder, contact) && holders.hasConsentTag(holder);
      return isWritten ? withoutTag(holder, signal) : null;
    });

  /** A no may come while the call is under way: its own look-up was too early then. */
  const written = async (
    answer: Extract<ContactWritten, { result: 'created' | 'updated' }>,
    { contact, guard }: CreateContactInput,
    signal: AbortSignal,
  ): Promise<ContactWritten> => {
    if (!(await isOver(guard, contact))) return answer;
    await takeTagOff(answer.contactId, contact, signal);
    return { result: 'withdrawn' };
  };

  const update = async (id: number, input: UpdateContactInput, signal: AbortSignal): Promise<ContactWritten> => {
    const { contact, standInName, mustHold, guard } = input;
    const holder = await freshdesk.viewContact(id, signal);
    if (mustHold === 'either' && (holder.deleted || !holders.holdsEither(holder, contact)))
      return { result: 'stranger' };
    if (mustHold === 'both' && !holders.holdsBoth(holder, contact)) return { result: 'stranger' };
    if (holder.deleted) return { result: 'conflict', detail: holders.DELETED };
    const { newEmail } = config.current().contacts;
    const change = holders.patchFor(holder, contact, { standInName, newEmail });
    if ('conflict' in change) return { result: 'conflict', detail: change.conflict };
    if (guard.replay) {
      const { newestAt } = await consents.known(idsOf(holder));
      if (newestAt !== null && newestAt >= guard.at) return { result: 'superseded' };
    }
    await freshdesk.updateContact(id, change.patch, signal);
    return { result: 'updated', contactId: id, patch: change.patch, notes: change.notes };
  };

  return {
    /** Creates the contact. A repeat that meets what an unanswered attempt made counts as created. */
    createContact: (input: CreateContactInput): Promise<ContactWritten> =>
      upstream('freshdesk', async (signal) => {
        const { contact, guard } = input;
        const { attempt, scheduledTimestampMs: since } = activityInfo();
        const ofPerson = async (): Promise<number[]> =>
          (await findPerson(freshdesk, { contact, knownId: null }, signal)).ids;
        /** The first attempt cannot have made anything, so it saves the calls. */
        const madeBefore = async (ids: () => Promise<number[]>): Promise<Contact | null> =>
          attempt > 1 ? createdByUs(freshdesk, contact, await ids(), { since, signal }) : null;
        const created = ({ id }: Contact): Promise<ContactWritten> =>
          written({ result: 'created', contactId: id }, input, signal);

        if (await isOver(guard, contact)) {
          const own = await madeBefore(ofPerson);
          if (own) await takeTagOff(own.id, contact, signal);
          return { result: 'withdrawn' };
        }
        // Freshdesk takes a number twice, so no 409 would tell of it.
        const own = holders.isPhoneAlone(contact) ? await madeBefore(ofPerson) : null;
        if (own) return created(own);
        try {
          return await created(await freshdesk.createContact(contact, signal));
        } catch (error) {
          if (statusOf(error) !== 409) return rejected(error);
          const clash = clashOf((error as UpstreamError).errors);
          const holder = await madeBefore(() => holdersOf(freshdesk, clash, contact, signal));
          return holder ? created(holder) : { result: 'taken', clash };
        }
      }),

    /** Reads the contact, unites its tags with ours, and updates it: 2 credits, 3 when its holder is looked up. */
    updateContact: (input: UpdateContactInput): Promise<ContactWritten> =>
      upstream('freshdesk', async (signal) => {
        const { contact, mustHold, guard } = input;
        const over = await isOver(guard, contact);
        if (over && activityInfo().attempt === 1) return { result: 'withdrawn' };
        const id = input.contactId ?? (await holderOfEmail(freshdesk, contact.email, signal));
        if (over) {
          // An earlier attempt may have written the tag unseen.
          if (id !== null) await takeTagOff(id, contact, signal);
          return { result: 'withdrawn' };
        }
        if (id === null) return { result: 'conflict', detail: holders.UNNAMED };
        try {
          const answer = await oneAtATime(id, () => update(id, input, signal));
          return answer.result === 'updated' ? await written(answer, input, signal) : answer;
        } catch (error) {
          const status = statusOf(error);
          if (mustHold === 'either' && (status === 404 || status === 405)) return { result: 'stranger' };
          // An agent has no page among the contacts (contract 9.4).
          if (status === 404) return { result: 'conflict', detail: holders.AGENT };
          if (status === 405) return { result: 'conflict', detail: holders.BLOCKED };
          if (status !== 409) return rejected(error);
          return { result: 'conflict', detail: clashText(clashOf((error as UpstreamError).errors)) };
        }
      }),

    /** Takes the consent tag off all contacts of the person; 1 to 3 credits to find them, 2 for each that has it. */
    withdrawConsent: ({ contactId, contact, at }: WithdrawConsentInput): Promise<ConsentWithdrawn> =>
      upstream('freshdesk', async (signal) => {
        const { ids, isSure } = await findPerson(freshdesk, { contact, knownId: contactId }, signal);
        if (ids.length === 0 && !isSure) return { result: 'conflict', detail: NOT_FOUND_BY_USER_ID };
        const done: number[] = [];
        const known: string[] = [];
        let conflict: string | null = null;
        const takeOff = async (id: number): Promise<void> => {
          const holder = await freshdesk.viewContact(id, signal);
          if (!holders.isSamePerson(holder, contact)) {
            if (holders.hasConsentTag(holder)) conflict = holders.OTHER_USER;
            return;
          }
          known.push(...idsOf(holder));
          const { newestAt } = await consents.known(idsOf(holder));
          if (!holders.hasConsentTag(holder) || (newestAt !== null && newestAt > at)) return;
          await withoutTag(holder, signal);
          done.push(id);
        };
        for (const id of ids) {
          await oneAtATime(id, () => takeOff(id)).catch((error: unknown) => {
            if (statusOf(error) !== 405) throw error;
            conflict = LOCKED;
          });
        }
        if (conflict !== null) return { result: 'conflict', detail: conflict };
        return done.length > 0
          ? { result: 'withdrawn', contactIds: done, ids: known }
          : { result: 'unchanged', ids: known };
      }),
  };
};
