/** An attempt whose answer was lost, and the one after it: nobody is made twice, and a no that came between counts. */
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { createContactActivities } from '../../activities/contacts';
import { parseConfig } from '../../src/config/load';
import type { MappedContact } from '../../src/contract/contact';
import type { CreateContactInput } from '../../src/contract/contact-write';
import { beginWriting } from '../../src/domain/contacts/writing';
import { toSend } from '../../src/domain/contacts/parcel';
import { freshdeskModel } from '../simulation/contact-model';

const NOW = 1_800_000_000_000;
const PERSON: MappedContact = { name: 'Ann', email: 'ann@example.com', job_title: 'Lead', tags: ['marketing-consent'] };
const BY_PHONE: MappedContact = { name: 'Ann', phone: '+447700900000', tags: ['marketing-consent'] };
const inputOf = (contact: MappedContact): CreateContactInput => ({ contact, guard: { ids: ['own'], at: NOW } });

function world() {
  const freshdesk = freshdeskModel(
    () => Promise.resolve('answered' as const),
    () => NOW,
  );
  let withdrawnAt: number | null = null;
  const activities = createContactActivities({
    freshdesk: freshdesk.client,
    config: { current: () => parseConfig('', 'test.yaml') },
    consents: {
      known: async () => ({
        withdrawn: withdrawnAt === null ? [] : [{ at: withdrawnAt, user: null }],
        newestAt: null,
      }),
      idsOf: () => [],
    },
    upstream: (_system, call) => call(new AbortController().signal),
  });
  const attempt = <T>(number: number, call: () => Promise<T>): Promise<T> =>
    asyncLocalStorage.run({ info: { attempt: number, scheduledTimestampMs: NOW } } as Context, call);
  return {
    ...{ activities, attempt, contacts: freshdesk.contacts },
    withdraw: () => void (withdrawnAt = NOW + 1000),
    tags: () => [...freshdesk.contacts.values()].map(({ tags }) => tags),
  };
}

it.each([
  ['an e-mail', PERSON],
  ['a number alone, of which Freshdesk takes two', BY_PHONE],
])('makes nobody twice who has %s', async (_, contact) => {
  const { activities, attempt, contacts } = world();
  await attempt(1, () => activities.createContact(inputOf(contact)));
  const again = await attempt(2, () => activities.createContact(inputOf(contact)));
  expect([again, contacts.size]).toEqual([{ result: 'created', contactId: 1 }, 1]);
});

it('does not take what another event made a moment ago for its own', async () => {
  const { activities, attempt } = world();
  await attempt(1, () => activities.createContact(inputOf({ ...PERSON, job_title: 'Manager' })));
  await expect(attempt(2, () => activities.createContact(inputOf(PERSON)))).resolves.toMatchObject({ result: 'taken' });
});

it.each([
  ['an e-mail', PERSON],
  ['a number alone', BY_PHONE],
])('takes the tag off whom it made by %s, unseen, before a no came', async (_, contact) => {
  const { activities, attempt, withdraw, tags } = world();
  await attempt(1, () => activities.createContact(inputOf(contact)));
  withdraw();
  const again = await attempt(2, () => activities.createContact(inputOf(contact)));
  expect([again, tags()]).toEqual([{ result: 'withdrawn' }, [[]]]);
});

it('takes the tag off what was updated unseen before a no came', async () => {
  const { activities, attempt, withdraw, tags } = world();
  const input = { ...inputOf(PERSON), contactId: 1, standInName: false, mustHold: 'either' as const };
  await attempt(1, () => activities.createContact(inputOf({ ...PERSON, tags: [] })));
  await attempt(1, () => activities.updateContact(input));
  expect(tags()).toEqual([['marketing-consent']]);
  withdraw();
  await expect(attempt(2, () => activities.updateContact(input))).resolves.toEqual({ result: 'withdrawn' });
  expect(tags()).toEqual([[]]);
});

it('makes no second contact of a number that it has made one of', () => {
  const event = {
    ...({ key: 'k', receivedAt: NOW, type: 'track', name: 'Signed Up', action: 'create', contact: BY_PHONE } as const),
    ...{ standInName: false, marks: {}, ids: ['own'], notes: [] },
  };
  expect(beginWriting(toSend(event), 1)).toMatchObject({ call: null, sent: { create: { outcome: 'already-exists' } } });
  expect(beginWriting(toSend(event), null)).toMatchObject({ call: 'create' });
});
