import fc from 'fast-check';
import type { MappedContact } from '../../src/contract/contact';
import { judgeCall, marksOf, readCall, type AnalyticsCall, type ContactRules } from '../../src/domain/contacts';
import { RULES } from './rules';

const KNOWN = ['name', 'email', 'phone', 'unique_external_id', 'job_title', 'company_id', 'tags', 'custom_fields'];
const RULES_HERE: ContactRules = {
  ...RULES,
  events: { ...RULES.events, ...Object.fromEntries([['constructor', { action: 'create' as const }]]) },
  customFields: {
    ...RULES.customFields,
    plan: 'traits.plan',
    any: 'properties.any',
    deep: 'context.a.b',
    list: 'traits.list[0]',
  },
};

const garbage = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withObjectString: true });
const hostile = fc.constantFrom(
  ...['', ' ', '\u0000', '\ud83d', '\udc4b\ud83d', '__proto__', 'constructor', 'null', '[object Object]', 'x@y', '@'],
  ...['x'.repeat(300), '\u{1f44b}'.repeat(300), 'ΑΣ@ΑΣ.example', 'İ@İ.example', '+44', '+999 1234567', '0'.repeat(60)],
);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), hostile);
/** Mostly what belongs there, else what does not. */
const mostly = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 20, arbitrary }, { weight: 1, arbitrary: text }, { weight: 1, arbitrary: garbage });

const consent = fc.oneof(
  { weight: 8, arbitrary: fc.constant<unknown>(true) },
  fc.constantFrom<unknown>(false, 'true', 'false', ' True', 1, null),
  garbage,
);
const email = fc.oneof(fc.emailAddress(), fc.constantFrom(' John.Doe@Example.com', 'a@b.example', 'a@localhost'));
const phone = fc.oneof(
  fc.constantFrom<unknown>('07700 900123', '+1 937 555 0142', 442079460958, '+6834000', '+49 30 23125 123', '12'),
  fc.array(fc.constantFrom(...'0123456789+ ()-x٣'), { maxLength: 18 }).map((parts) => parts.join('')),
  fc.integer(),
);
const anyTraits = fc.record(
  {
    ...{ email: mostly(email), phone: mostly(phone), name: mostly(fc.string()), firstName: text, lastName: text },
    ...{ title: mostly(text), jobTitle: garbage, job_title: text, company_id: mostly(fc.oneof(fc.nat(), fc.double())) },
    ...{ marketing_consent: consent, plan: garbage, list: fc.array(garbage, { maxLength: 2 }) },
    ...{ ['__proto__']: garbage, constructor: garbage },
  },
  { requiredKeys: [] },
);
const anyContext = fc.record(
  {
    ...{ traits: mostly(anyTraits), a: garbage },
    consent: mostly(
      fc.record({ marketing: consent, categoryPreferences: fc.record({ marketing: consent }) }, { requiredKeys: [] }),
    ),
  },
  { requiredKeys: [] },
);
const anyItem = fc.record(
  {
    ...{ type: mostly(fc.constantFrom('identify', 'track', 'identify', 'track', 'page', 'screen', 'group', 'alias')) },
    ...{ event: mostly(fc.constantFrom('Signed Up', 'Signed Up', 'Identified', 'Other', 'constructor', '__proto__')) },
    ...{ userId: mostly(fc.oneof(fc.constant(null), text, fc.nat(), fc.uuid())), messageId: mostly(fc.uuid()) },
    ...{ traits: mostly(anyTraits), properties: mostly(fc.record({ method: text, any: garbage })) },
    ...{ context: mostly(anyContext), consent: mostly(fc.record({ marketing: consent })) },
  },
  { requiredKeys: [] },
);
const anyEvent = fc.oneof({ weight: 20, arbitrary: anyItem }, { weight: 1, arbitrary: garbage });
const anyRoute = fc.constantFrom<(AnalyticsCall['type'] | undefined)[]>(
  undefined,
  undefined,
  'identify',
  'track',
  'page',
);

/** What stands at the places of the shipped config, looked up in another way than the code does. */
function answers(item: unknown): unknown[] {
  const at = (value: unknown, ...path: string[]): unknown =>
    path.reduce((inner, key) => new Map(Object.entries(Object(inner) as object)).get(key), value);
  const overlaid = Object.keys(Object(at(item, 'traits')) as object).includes('marketing_consent');
  return [
    at(item, 'context', 'consent', 'categoryPreferences', 'marketing'),
    at(item, 'context', 'consent', 'marketing'),
    at(item, 'consent', 'marketing'),
    at(item, ...(overlaid ? [] : ['context']), 'traits', 'marketing_consent'),
  ];
}

const meaning = (value: unknown, asText: boolean): unknown => {
  const said = asText && typeof value === 'string' ? value.trim().toLowerCase() : value;
  return said === true || (asText && said === 'true')
    ? 'yes'
    : said === false || (asText && said === 'false')
      ? 'no'
      : said === undefined || said === null || (asText && said === '')
        ? ''
        : 'unclear';
};

function checkContact(contact: MappedContact): void {
  expect(KNOWN).toEqual(expect.arrayContaining(Object.keys(contact)));
  expect(contact.name.trim()).not.toBe('');
  expect(contact.email ?? contact.phone ?? contact.unique_external_id).toBeDefined();
  if (contact.phone !== undefined) expect(contact.phone).toMatch(/^\+[1-9]\d{6,14}$/);
  if (contact.email !== undefined) expect(contact.email).toMatch(/^[!-?^-~]+@[!-?^-~]+$/);
  if (contact.company_id !== undefined) expect(Number.isSafeInteger(contact.company_id)).toBe(true);
  const { tags, custom_fields: custom = {}, ...plain } = contact;
  expect(tags).toEqual(['marketing-consent']);
  expect(contact.custom_fields === undefined || Object.keys(custom).length > 0).toBe(true);
  for (const value of [...Object.values(plain), ...Object.values(custom)]) {
    expect(['string', 'number', 'boolean']).toContain(typeof value);
    if (typeof value === 'string') expect(value).not.toMatch(/\p{Cs}/u);
  }
  for (const value of Object.values(plain)) expect(Array.from(String(value)).length).toBeLessThanOrEqual(255);
  // What goes to Freshdesk and into Temporal is JSON: nothing may be lost on the way.
  const { custom_fields: _, ...rest } = contact;
  expect(JSON.parse(JSON.stringify(rest))).toEqual(rest);
}

describe('any event', () => {
  it('ends in exactly one way, and as a contact only with consent and only as the table allows', () => {
    const ends = { errors: 0, dropped: 0, accepted: 0 };
    fc.assert(
      fc.property(anyEvent, anyRoute, fc.boolean(), (item, route, textConsent) => {
        const read = readCall(item, route);
        if ('errors' in read) {
          ends.errors += 1;
          expect(read.errors.length).toBeGreaterThan(0);
          expect(read).not.toHaveProperty('call');
          return;
        }
        const result = judgeCall(read.call, { ...RULES_HERE, textConsent });
        expect(['dropped', 'accepted'].filter((end) => end in result)).toHaveLength(1);
        if ('dropped' in result) {
          ends.dropped += 1;
          return;
        }
        ends.accepted += 1;
        const { contact, identity, standInName, notes } = result.accepted;
        const said = answers(item).map((value) => meaning(value, textConsent));
        expect(said).toContain('yes');
        expect(said).not.toContain('no');
        expect(said).not.toContain('unclear');
        checkContact(contact);
        expect([contact.unique_external_id, contact.email, contact.phone]).toContain(identity.value);
        expect(notes.every((note) => note.length < 100)).toBe(true);
        expect(Object.keys(marksOf(contact, standInName, (of) => of)).length).toBeGreaterThan(0);
      }),
      { numRuns: 1500 },
    );
    // The generator must reach every end, or the property says nothing.
    expect(Math.min(...Object.values(ends))).toBeGreaterThan(30);
  });

  it('does the same each time', () => {
    fc.assert(
      fc.property(anyItem, (item) => {
        const once = readCall(item);
        expect(readCall(item)).toEqual(once);
        if ('call' in once) expect(judgeCall(once.call, RULES_HERE)).toEqual(judgeCall(once.call, RULES_HERE));
      }),
      { numRuns: 300 },
    );
  });
});

describe('an event that is dropped', () => {
  it('costs a few microseconds, however much it carries', () => {
    const padding = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`p${index}`, 'x'.repeat(50)]));
    const item = { type: 'track', event: 'Clicked', anonymousId: 'a', properties: padding, context: { page: padding } };
    const once = (): void => {
      const read = readCall(item);
      if ('errors' in read || !('dropped' in judgeCall(read.call, RULES))) throw new Error('not dropped');
    };
    const batch = (): number => {
      const start = process.cpuUsage();
      for (let round = 0; round < 2000; round += 1) once();
      return process.cpuUsage(start).user / 2000;
    };
    // The best of many, for machines that are busy; it is 1 to 4, and copying alone would be beyond the bound.
    expect(Math.min(...Array.from({ length: 20 }, batch))).toBeLessThan(20);
  });
});
