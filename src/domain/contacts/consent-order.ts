/** Which of yes and no is the later one. Promise: a yes never outlives a later no of the same person, whatever comes when. */
import type { ContactEvent, ContactMemory, Withdrawal } from '../../contract/contact';
import type { ConsentGuard } from '../../contract/contact-write';

/** Of one contact's run; a broken sender may give one address hundreds of user ids. */
const MOST_NOES = 10;

/** When an event happened, in ms since 1970. */
export const timeOf = ({ at, receivedAt }: Pick<ContactEvent, 'at' | 'receivedAt'>): number => at ?? receivedAt;

/** What a later no is held against, of one event. */
export const guardOf = (event: ContactEvent): ConsentGuard => ({ ids: event.ids, at: timeOf(event) });

/** The no of an event; the user id leads among the ids. */
export const noOf = (event: ContactEvent): Withdrawal => ({
  at: timeOf(event),
  user: event.contact.unique_external_id === undefined ? null : (event.ids[0] ?? null),
});

/** The newest no of each user id, and of nobody in particular; newest last. */
export function withNo(known: readonly Withdrawal[], no: Withdrawal): Withdrawal[] {
  const before = known.find(({ user }) => user === no.user);
  const newest = before && before.at > no.at ? before : no;
  return [...known.filter((one) => one !== before), newest].sort((a, b) => a.at - b.at).slice(-MOST_NOES);
}

/** Whether a no ends the consent of these events: it is not older, and both have the same user id or either has none. */
export const isWithdrawn = (noes: readonly Withdrawal[], { ids, at }: ConsentGuard, hasUserId: boolean): boolean =>
  noes.some((no) => no.at >= at && (no.user === null || !hasUserId || ids.includes(no.user)));

/** Whether Freshdesk has what is as new as that moment, or newer; both in ms since 1970. */
export const isOvertaken = ({ newestAt }: Pick<ContactMemory, 'newestAt'>, { at }: Pick<ConsentGuard, 'at'>): boolean =>
  newestAt !== null && newestAt >= at;
