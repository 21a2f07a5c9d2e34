import fc from 'fast-check';
import type { MappedContact } from '../../src/contract/contact';
import { marksOf } from '../../src/domain/contacts';
import { isUnchanged, mergeContacts, type MergedContact } from '../../src/domain/contacts/merge';

const hash = (text: string): string => `#${text}`;

function event(contact: Partial<MappedContact>, standInName = false): MergedContact {
  const whole = { name: 'Mara', tags: [], ...contact };
  return { contact: whole, standInName, marks: marksOf(whole, standInName, hash) };
}

describe('events of one contact as one', () => {
  it('have the later values, and the earlier ones where the later have none', () => {
    const first = event({ email: 'a@b.example', phone: '+447700900123', job_title: 'Lead', tags: ['x', 'y'] });
    const second = event({ name: 'Mara Quint', email: 'c@d.example', company_id: 5, tags: ['y', 'z'] });
    const merged = mergeContacts([first, second]);
    expect(merged.contact).toStrictEqual({
      ...{ name: 'Mara Quint', email: 'c@d.example', phone: '+447700900123', job_title: 'Lead', company_id: 5 },
      tags: ['x', 'y', 'z'],
    });
    expect(merged.marks).toEqual(marksOf(merged.contact, false, hash));
  });

  it('have their custom fields merged by key', () => {
    const plans = [{ custom_fields: { plan: 'free', seats: 1 } }, {}, { custom_fields: { plan: 'pro', paid: true } }];
    expect(mergeContacts(plans.map((plan) => event(plan))).contact.custom_fields).toEqual({
      ...{ plan: 'pro', seats: 1, paid: true },
    });
    expect(mergeContacts([event({}), event({ custom_fields: { plan: 'pro' } })]).contact.custom_fields).toEqual({
      plan: 'pro',
    });
  });

  it('are the event itself when there is one', () => {
    const only = event(
      { name: 'a@b.example', email: 'a@b.example', tags: ['x'], custom_fields: { plan: 'pro' } },
      true,
    );
    expect(mergeContacts([only])).toStrictEqual(only);
  });

  it('hold nothing when there is none', () => {
    expect(mergeContacts([])).toEqual({ contact: { name: '', tags: [] }, standInName: true, marks: {} });
  });

  it('leave the events as they were', () => {
    const events = [event({ tags: ['x'], custom_fields: { a: 1 } }), event({ tags: ['y'], custom_fields: { b: 2 } })];
    const before = JSON.stringify(events);
    mergeContacts(events);
    expect(JSON.stringify(events)).toBe(before);
  });
});

describe('the name of events of one contact', () => {
  const given = event({ name: 'Mara Quint' });
  const byEmail = event({ name: 'a@b.example', email: 'a@b.example', unique_external_id: 'usr_123' }, true);
  const byId = event({ name: 'usr_123', unique_external_id: 'usr_123' }, true);

  it.each<[string, MergedContact[], string, boolean]>([
    ['is kept from a stand-in that comes later', [given, byEmail], 'Mara Quint', false],
    ['replaces a stand-in', [byEmail, given, byId], 'Mara Quint', false],
    ['is the later one', [given, event({ name: 'M. Quint' })], 'M. Quint', false],
    ['is the e-mail wherever it came', [byEmail, byId], 'a@b.example', true],
    ['is the e-mail when it comes later', [byId, byEmail], 'a@b.example', true],
  ])('%s', (_, events, name, standInName) => {
    const merged = mergeContacts(events);
    expect(merged).toMatchObject({ contact: { name }, standInName });
    expect(merged.marks['name']).toBe(standInName ? undefined : `#name="${name}"`);
  });
});

describe('merging by and by', () => {
  const contact = fc.record(
    {
      ...{ name: fc.string({ minLength: 1 }), tags: fc.array(fc.constantFrom('x', 'y', 'z', '__proto__')) },
      ...{ email: fc.constantFrom('a@b.example', 'c@d.example'), company_id: fc.nat() },
      custom_fields: fc.dictionary(fc.constantFrom('a', 'b', '__proto__'), fc.nat(3), { minKeys: 1 }),
    },
    { requiredKeys: ['name', 'tags'] },
  );
  // As the mapping makes them: a stand-in follows from the contact, and tags do not repeat.
  const events = fc.array(
    fc.tuple(contact, fc.boolean()).map(([each, isStandIn]) => {
      const standInName = isStandIn && each.email !== undefined;
      return event({ ...each, ...(standInName && { name: each.email }) }, standInName);
    }),
  );

  it('comes to the same as merging all at once, with marks for what is in it', () => {
    fc.assert(
      fc.property(events, fc.nat(10), (all, at) => {
        const whole = mergeContacts(all);
        const parts = [all.slice(0, at), all.slice(at)]
          .filter((part) => part.length > 0)
          .map((part) => mergeContacts(part));
        expect(mergeContacts(parts)).toEqual(whole);
        expect(whole.marks).toEqual(marksOf(whole.contact, whole.standInName, hash));
      }),
    );
  });
});

describe('what Freshdesk was given already', () => {
  const AT = '2027-03-02T10:00:00.000Z';
  const now = Date.parse(AT);
  const HOUR = 3_600_000;
  const sent = { at: AT, marks: { email: '1', name: '2', 'tags.x': '3' } };

  it.each<[string, Record<string, string>, typeof sent | null, number, number, boolean]>([
    ['is not sent again', { email: '1', name: '2', 'tags.x': '3' }, sent, 0, HOUR, true],
    ['may be more than what is asked', { email: '1' }, sent, 1000, HOUR, true],
    ['counts to the end of the window', { email: '1' }, sent, HOUR, HOUR, true],
    ['counts no longer', { email: '1' }, sent, HOUR + 1, HOUR, false],
    ['counts when another clock is a little ahead', { email: '1' }, sent, -1000, HOUR, true],
    ['does not count when it is far ahead', { email: '1' }, sent, -HOUR - 1, HOUR, false],
    ['does not count without a window', { email: '1' }, sent, 0, 0, false],
    ['differs in a value', { email: '1', name: '9' }, sent, 0, HOUR, false],
    ['lacks a value', { email: '1', phone: '4' }, sent, 0, HOUR, false],
    ['lacks what only objects have', { constructor: '1' }, sent, 0, HOUR, false],
    ['is unknown', { email: '1' }, null, 0, HOUR, false],
    ['has no date that can be read', { email: '1' }, { ...sent, at: 'yesterday' }, 0, HOUR, false],
  ])('%s', (_, marks, known, later, windowMs, expected) => {
    expect(isUnchanged(marks, known, now + later, windowMs)).toBe(expected);
  });
});
