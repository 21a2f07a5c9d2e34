/** Events that go out together. Promise: later values win, and what may change an existing contact is kept apart. */
import type { ContactEvent } from '../../contract/contact';
import type { ConsentGuard } from '../../contract/contact-write';
import { guardOf } from './consent-order';
import { mergeContacts, type MergedContact } from './merge';

/** Everything that waits to be sent, and of it what may change an existing contact. */
export interface ToSend {
  all: MergedContact;
  upserts: MergedContact | null;
  guard: ConsentGuard;
}

/** An event that waits for its outcome; its values are merged into what is to be sent. */
export interface Waiting extends Pick<ContactEvent, 'key' | 'type' | 'name' | 'action' | 'notes' | 'receivedAt'> {
  /** More than one: events of the same kind that came while a person let them wait. */
  times: number;
}

export interface Parcel {
  content: ToSend;
  events: Waiting[];
  /** When the intake took the first of them, in ms since 1970. */
  since: number;
}

const MOST_WAITING = 100;

export function toSend(event: ContactEvent): ToSend {
  const all = mergeContacts([event]);
  return { all, upserts: event.action === 'upsert' ? all : null, guard: guardOf(event) };
}

/** Puts together what is to be sent, in the order in which it came. */
export function joined(first: ToSend, then: ToSend): ToSend {
  const merge = (a: MergedContact, b: MergedContact): MergedContact => mergeContacts([a, b]);
  return {
    all: merge(first.all, then.all),
    upserts: first.upserts && then.upserts ? merge(first.upserts, then.upserts) : (then.upserts ?? first.upserts),
    guard: {
      ids: [...new Set([...first.guard.ids, ...then.guard.ids])],
      at: Math.max(first.guard.at, then.guard.at),
      ...(first.guard.replay && then.guard.replay ? { replay: true } : {}),
    },
  };
}

export const waitingOf = ({ key, type, name, action, notes, receivedAt }: ContactEvent): Waiting => ({
  ...{ key, type, name, action, notes, receivedAt },
  times: 1,
});

export const parcelOf = (event: ContactEvent): Parcel => ({
  content: toSend(event),
  events: [waitingOf(event)],
  since: event.receivedAt,
});

/** One that came through a large batch, or comes again, can be overtaken on its way. */
export const inOrder = (a: Parcel, b: Parcel): Parcel => (b.since < a.since ? together(b, a) : together(a, b));

/** Events of the same kind share an entry when there are too many to keep apart. */
function together(first: Parcel, then: Parcel): Parcel {
  const events = [...first.events];
  for (const event of then.events) {
    const alike = (known: Waiting): boolean => known.name === event.name && known.action === event.action;
    const at = events.length < MOST_WAITING ? -1 : events.findLastIndex(alike);
    const known = events[at];
    if (known) events[at] = { ...known, times: known.times + event.times };
    else events.push(event);
  }
  return { content: joined(first.content, then.content), events, since: first.since };
}
