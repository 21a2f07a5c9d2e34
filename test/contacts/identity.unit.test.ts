/** People who share, swap, mistype and forge addresses: what may never happen to a contact, whatever comes in which order. */
import { parseConfig } from '../../src/config/load';
import type { Contact } from '../../src/clients/freshdesk';
import { emailsOf, hasConsentTag } from '../../src/domain/contacts/holder';
import { createEventJudge, type Judgement } from '../../src/temporal/contact-intake';
import { ContactWorld, KEYS } from '../simulation/contact-world';

const PEOPLE = 50;

/** The same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

interface Said {
  judgement: Judgement;
  userId: string | null;
  email: string | null;
  at: number;
}

const START = 1_800_000_000_000;

/** A stream of so many events, each at some time of its own; a few people take part, so that they meet. */
function eventOf(random: () => number, n: number): { item: Record<string, unknown>; at: number } {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const who = Math.floor(random() * PEOPLE);
  const other = Math.floor(random() * 6);
  // Mostly one's own address, else one of a few that are shared, stolen or mistyped.
  const address = random() < 0.5 ? `p${who % 8}@shop.example` : `p${other}@shop.example`;
  const spelling = pick([
    address,
    address.toUpperCase(),
    `\u200b${address}`,
    `\u202a${address}\u202c`,
    address.replace('shop', '\u017fhop'),
    'n/a',
  ]);
  const userId = pick([`u${who % 8}`, `u${who % 8}`, `\u00adu${who % 8}`, undefined, 'anonymous', ` u${other} `]);
  const email = random() < 0.8 ? spelling : undefined;
  const says = pick([true, true, true, false, false, 'no']);
  const mark = userId === undefined ? 'none' : userId.replace('\u00ad', '').trim();
  const at = START + Math.floor(random() * 200) * 1000;
  const traits = { ...(email === undefined ? {} : { email }), title: `of ${mark} ${n}`, marketing_consent: says };
  const type = random() < 0.25 ? { type: 'track', event: 'Signed Up' } : { type: 'identify' };
  return { item: { ...type, userId, traits, messageId: `m${n}`, timestamp: new Date(at).toISOString() }, at };
}

async function played(seed: number, config = ''): Promise<{ world: ContactWorld; said: Said[] }> {
  const random = seeded(seed);
  let awayFor = 0;
  const parsed = parseConfig(config, 'test.yaml');
  const choices = {
    pick: (most: number) => Math.floor(random() * most),
    end: () => (awayFor > 0 ? ('refused' as const) : ('answered' as const)),
  };
  const world = new ContactWorld(choices, parsed);
  const judge = createEventJudge({ keys: KEYS, config: { current: () => parsed }, now: () => START + 500_000 });
  const said: Said[] = [];
  for (let n = 0; n < 150; n++) {
    const { item, at } = eventOf(random, n);
    const judgement = judge(item);
    const event =
      'accepted' in judgement ? judgement.accepted : 'dropped' in judgement ? judgement.withdrawal?.events[0] : null;
    if (event) {
      const { unique_external_id: userId = null, email = null } = event.contact;
      said.push({ judgement, userId, email, at });
      if ('accepted' in judgement) world.deliver([{ hash: judgement.hash, events: [judgement.accepted] }]);
      else if ('dropped' in judgement && judgement.withdrawal) world.deliver([judgement.withdrawal]);
    }
    awayFor = awayFor > 0 ? awayFor - 1 : random() < 0.05 ? 10 : 0;
    for (let steps = Math.floor(random() * 8); steps > 0; steps--) await world.step();
  }
  awayFor = 0;
  await world.drain();
  return { world, said };
}

const titleOwner = ({ job_title: title }: Contact): string | null => /^of (\S+) /.exec(title ?? '')?.[1] ?? null;
const isNobody = (owner: string | null): boolean => owner === null || owner === 'none' || owner === 'anonymous';

const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);

it.each([
  ['by default', ''],
  ['where the main address may be replaced', 'contacts: { newEmail: replace }'],
  ['where another address is a conflict', 'contacts: { newEmail: conflict, unchangedWindow: 0s }'],
])('no contact with a user id ever takes the data of an event with another one, %s', async (_, config) => {
  let written = 0;
  for (const seed of SEEDS) {
    const { world } = await played(seed, config);
    written += world.freshdesk.writes.length;
    for (const { before, attributes } of world.freshdesk.writes) {
      if (!before?.unique_external_id) continue;
      const { unique_external_id: userId = before.unique_external_id, job_title: title } = attributes;
      expect(userId).toBe(before.unique_external_id);
      const owner = titleOwner({ job_title: title ?? null } as Contact);
      if (!isNobody(owner)) expect(owner).toBe(before.unique_external_id);
    }
    for (const contact of world.freshdesk.contacts.values()) {
      for (const email of emailsOf(contact)) expect(email).toMatch(/^p\d@shop\.example$/);
    }
  }
  expect(written).toBeGreaterThan(20 * SEEDS.length);
});

it('after a no the tag stays only where the run ended as conflict, or a later yes came', async () => {
  const ends = { withdrawn: 0, unchanged: 0, conflict: 0 };
  for (const seed of SEEDS) {
    const { world, said } = await played(seed);
    const contacts = [...world.freshdesk.contacts.values()];
    const isOf = (contact: Contact, { userId, email }: Said): boolean =>
      (userId !== null && contact.unique_external_id === userId) ||
      (email !== null && emailsOf(contact).includes(email));
    const fits = (contact: Contact, { userId }: Said): boolean =>
      userId === null || !contact.unique_external_id || contact.unique_external_id === userId;
    for (const no of said) {
      if (!('dropped' in no.judgement)) continue;
      const [outcome = 'none'] = world.outcomes.get(no.judgement.withdrawal?.events[0]?.key ?? '') ?? [];
      expect(Object.keys(ends)).toContain(outcome);
      ends[outcome as keyof typeof ends]++;
      if (outcome === 'conflict') continue;
      for (const contact of contacts.filter((one) => isOf(one, no) && fits(one, no) && hasConsentTag(one))) {
        const yes = said.find(
          (one) => 'accepted' in one.judgement && one.at > no.at && isOf(contact, one) && fits(contact, one),
        );
        expect({ seed, contact, no, yes: yes !== undefined }).toMatchObject({ yes: true });
      }
    }
  }
  // The streams must reach every end, or the property says nothing.
  expect(Math.min(...Object.values(ends))).toBeGreaterThan(20);
});

it('each event ends exactly once', async () => {
  for (const seed of SEEDS.slice(0, 10)) {
    const { world, said } = await played(seed);
    for (const { judgement } of said) {
      const key =
        'accepted' in judgement
          ? judgement.accepted.key
          : 'dropped' in judgement
            ? judgement.withdrawal?.events[0]?.key
            : '';
      expect(world.outcomes.get(key ?? '')).toHaveLength(1);
    }
  }
});
