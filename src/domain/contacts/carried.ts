/** What a contact's run carries into the next one, and what is read off it: lists, and what is worth sending again. */
import type {
  ContactEvent,
  ContactEventOutcome,
  ContactEvents,
  ContactMemory,
  ListedEvent,
} from '../../contract/contact';
import type { Attention } from '../../contract/dispatch';
import type { ContactPolicy } from '../../contract/policy';
import { waitingOf, type Parcel, type Waiting } from './parcel';
import type { Ending, Sent } from './writing';

/** Everything that a new run needs of the one before. */
export interface CarriedContact {
  memory: ContactMemory;
  ids: string[];
  waiting: Parcel | null;
  /** Withdrawals that are to be seen to, oldest first. */
  noes: ContactEvent[];
  /** What other runs of the same person are to be told. */
  tell: ContactEvents[];
  outcomes: ContactEventOutcome[];
  kept: ContactEvent[];
  attention: Attention | null;
  tries: number;
}

export interface ContactSyncInput {
  account: string;
  policy: ContactPolicy;
  /** What the last run left behind. */
  memory: ContactMemory;
  links: { contacts: string; workflow: string | null };
  /** Set when the run goes on as a new one. */
  carried?: CarriedContact;
}

/** Of a person of whom no run has left anything. */
export const NOTHING_KNOWN: ContactMemory = { contactId: null, sent: null, seen: [], withdrawn: [], newestAt: null };

export const endOf = ({ action }: Waiting, sent: Sent): Ending => (action === 'upsert' ? sent.upsert : sent.create);

/** What Freshdesk did not take, one event for each action, to be sent again when its cause is put right. */
export const keptOf = ({ content, events, since }: Parcel, sent: Sent): ContactEvent[] =>
  events.flatMap((event, index): ContactEvent[] => {
    const { outcome } = endOf(event, sent);
    const isLast = events.findLastIndex(({ action }) => action === event.action) === index;
    const merged = event.action === 'upsert' ? content.upserts : content.all;
    if (!isLast || !merged || (outcome !== 'conflict' && outcome !== 'rejected')) return [];
    const { times: _, ...plain } = event;
    const { ids, at } = content.guard;
    return [{ ...plain, ...merged, receivedAt: since, at, ids }];
  });

/** What has ended and what waits, oldest first. */
export function listedOf({
  outcomes,
  waiting,
  noes,
}: Pick<CarriedContact, 'outcomes' | 'waiting' | 'noes'>): ListedEvent[] {
  const ended = outcomes.map(({ key, cameAt: at, type, action, event, notes, outcome: result }) => ({
    ...{ key, at, type, action, event, notes, result },
  }));
  return [...ended, ...[...(waiting?.events ?? []), ...noes.filter(({ told }) => !told).map(waitingOf)].map(openEvent)];
}

/** An event that has not ended, as lists show it. */
export const openEvent = ({ key, receivedAt, type, action, name, notes }: Omit<Waiting, 'times'>): ListedEvent => ({
  ...{ key, at: new Date(receivedAt).toISOString(), type, action, event: name, notes, result: null },
});
