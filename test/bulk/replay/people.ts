/** The people of a replay: what their senders say of them, when, and what Freshdesk must hold of each in the end. */

/** What else a person's sender says, beside the event that Freshdesk refused. */
export type Lot =
  | 'plain'
  /** A second event, refused as well, in a run of its own. */
  | 'twice'
  /** An older event, which comes once the cause is put right. */
  | 'late'
  /** A newer one, before the replay or while it goes on. */
  | 'newer'
  | 'newer-meanwhile'
  /** No more consent, before the replay or while it goes on. */
  | 'withdrawn'
  | 'withdrawn-meanwhile'
  /** The refused event was of a user id and an e-mail, the no is of the e-mail alone. */
  | 'withdrawn-by-email';

const LOTS: Lot[] = [
  ...(['twice', 'late', 'newer', 'newer-meanwhile'] as const),
  ...(['withdrawn', 'withdrawn-meanwhile', 'withdrawn-by-email'] as const),
];
/** One of so many people has each of the lots, all others are plain. */
export const LOT_EVERY = 20;
const IDENTIFIERS_EVERY = 7;

export interface Person {
  nth: number;
  lot: Lot;
  userId: string | null;
  email: string;
  phone: string | null;
}

export function personOf(nth: number): Person {
  const lot = LOTS[nth % LOT_EVERY] ?? 'plain';
  const kind = lot === 'withdrawn-by-email' ? 0 : nth % IDENTIFIERS_EVERY;
  const byPhone = kind === 3;
  return {
    ...{ nth, lot },
    userId: byPhone || kind === 1 || kind === 5 ? null : `usr_${nth}`,
    // Somebody is meant by it, but only the number can be used.
    email: byPhone ? `person ${nth} has none` : `person.${nth}@people.example`,
    phone: byPhone ? `+4420${70_000_000 + nth}` : null,
  };
}

/** When an event comes: refused, with the cause put right before the replay, while it goes on. */
export type Moment = 'refused' | 'refused-again' | 'before' | 'meanwhile';

interface Saying {
  moment: Moment;
  /** The order in which a person's events happened; its title has it. */
  order: number;
  consent: boolean;
}

const YES: Saying = { moment: 'refused', order: 1, consent: true };
const SAYINGS: Record<Lot, Saying[]> = {
  plain: [YES],
  twice: [YES, { ...YES, moment: 'refused-again', order: 2 }],
  late: [YES, { ...YES, moment: 'before', order: 0 }],
  newer: [YES, { ...YES, moment: 'before', order: 2 }],
  'newer-meanwhile': [YES, { ...YES, moment: 'meanwhile', order: 2 }],
  withdrawn: [YES, { moment: 'before', order: 2, consent: false }],
  'withdrawn-meanwhile': [YES, { moment: 'meanwhile', order: 2, consent: false }],
  'withdrawn-by-email': [YES, { moment: 'before', order: 2, consent: false }],
};

const titleOf = (order: number): string => `Title ${order}`;
const nameOf = ({ nth }: Person): string => `Person ${nth}`;
export const METHOD = 'sso';
const MINUTE_MS = 60_000;

/** A person's events of one moment, as a batch holds them; `begun` in ms. */
export const eventsOf = (person: Person, moment: Moment, begun: number): object[] =>
  SAYINGS[person.lot].filter((saying) => saying.moment === moment).map((saying) => eventOf(person, saying, begun));

function eventOf(person: Person, { order, consent }: Saying, begun: number): object {
  const { nth, lot, email, phone } = person;
  const userId = lot === 'withdrawn-by-email' && !consent ? null : person.userId;
  return {
    // Making somebody who is not there, and changing whoever is: both are sent again.
    ...(lot === 'plain' && nth % 2 === 0 ? { type: 'track', event: 'Signed Up' } : { type: 'identify' }),
    messageId: `${nth}-${order}`,
    timestamp: new Date(begun + (order - 10) * MINUTE_MS).toISOString(),
    ...(userId === null ? {} : { userId }),
    traits: {
      ...{ name: nameOf(person), title: titleOf(order), method: METHOD, email, marketing_consent: consent },
      ...(phone === null ? {} : { phone }),
    },
  };
}

export const refusedOf = (people: readonly Person[]): number =>
  people.reduce((sum, { lot }) => sum + SAYINGS[lot].filter(({ moment }) => moment.startsWith('refused')).length, 0);

/** What a dry run must count before anything is sent again. A no of another run is met when it is sent, not before. */
export const countsOf = (people: readonly Person[]): { events: number; newer: number; withdrawn: number } => {
  const those = (lot: Lot): number => people.filter((person) => person.lot === lot).length;
  const [newer, withdrawn] = [those('newer'), those('withdrawn')];
  return { events: refusedOf(people) - newer - withdrawn, newer, withdrawn };
};

export type Contact = Record<string, unknown>;

/** What is wrong with what Freshdesk holds of these people in the end. */
export function faultsOfPeople(people: readonly Person[], contacts: readonly Contact[]): string[] {
  const held = new Map<unknown, Contact[]>();
  for (const contact of contacts) held.set(contact.name, [...(held.get(contact.name) ?? []), contact]);
  return people.flatMap((person) =>
    faultsOf(person, held.get(nameOf(person)) ?? []).map((fault) => `${nameOf(person)} (${person.lot}) ${fault}`),
  );
}

function faultsOf({ lot }: Person, contacts: readonly Contact[]): string[] {
  const [contact, ...others] = contacts;
  if (others.length > 0) return [`has ${contacts.length} contacts`];
  const hasTag = Array.isArray(contact?.tags) && contact.tags.includes('marketing-consent');
  switch (lot) {
    case 'withdrawn':
    case 'withdrawn-by-email':
      return contact ? ['has a contact, though consent was withdrawn before'] : [];
    // It may have been sent before the no came.
    case 'withdrawn-meanwhile':
      return hasTag ? ['has the tag of consent, though it was withdrawn'] : [];
    default: {
      if (!contact) return ['has no contact'];
      const newest = titleOf(Math.max(...SAYINGS[lot].map(({ order }) => order)));
      const method = (contact.custom_fields as Contact | undefined)?.signup_method;
      return [
        ...(contact.job_title === newest ? [] : [`has ${String(contact.job_title)} instead of ${newest}`]),
        ...(method === METHOD ? [] : [`has ${String(method)} for the mapped field`]),
        ...(hasTag ? [] : ['has no tag of consent']),
      ];
    }
  }
}
