import { accepted, CONSENT, parsed, person } from './rules';

const contactOf = (traits: unknown) => person(traits).contact;

describe('the documented example', () => {
  const EXPECTED = {
    name: 'John Doe',
    email: 'john.doe@example.com',
    phone: '+447700900123',
    unique_external_id: 'usr_123',
    job_title: 'Facilities Manager',
    tags: ['marketing-consent'],
    custom_fields: { signup_method: 'email' },
  };
  const traits = { email: ' John.Doe@example.com', phone: '07700 900123', title: 'Facilities Manager' };
  const signedUp = (more: Record<string, unknown>) => ({
    ...{ type: 'track', event: 'Signed Up', userId: 'usr_123', messageId: 'm-1', properties: { method: 'email' } },
    ...more,
  });

  it.each<[string, Record<string, unknown>]>([
    ['first and last name', { firstName: 'John', lastName: 'Doe' }],
    ['one name', { name: 'John Doe' }],
    ['both', { name: ' John Doe ', firstName: 'Johnny', lastName: 'D' }],
  ])('gives exactly the documented contact from %s', (_, name) => {
    const all = { ...traits, ...name };
    for (const call of [{ context: { ...CONSENT, traits: all } }, { context: CONSENT, traits: all }]) {
      const { contact, standInName, notes, ...rest } = accepted(signedUp(call));
      expect(contact).toStrictEqual(EXPECTED);
      expect({ standInName, notes }).toEqual({ standInName: false, notes: [] });
      expect(rest).toEqual({
        ...{ type: 'track', event: 'Signed Up', action: 'create', identity: { kind: 'user', value: 'usr_123' } },
        ...{ userId: 'usr_123', email: 'john.doe@example.com' },
      });
    }
  });
});

describe('the name', () => {
  it.each<[string, Record<string, unknown>, string, boolean]>([
    ['is the trait', { name: 'Mara Quint', firstName: 'M' }, 'Mara Quint', false],
    [
      'is first and last name when the trait is blank',
      { name: ' ', firstName: 'Mara', lastName: 'Quint' },
      'Mara Quint',
      false,
    ],
    ['is the first name alone', { firstName: ' Mara ' }, 'Mara', false],
    ['is the last name alone', { firstName: null, lastName: 'Quint' }, 'Quint', false],
    [
      'is the e-mail when there is none',
      { email: 'Mara@Quint.example', phone: '07700 900123' },
      'mara@quint.example',
      true,
    ],
    ['is the phone without an e-mail', { email: 'mara', phone: '07700 900123' }, '+447700900123', true],
    ['is the user id at last', {}, 'usr_123', true],
  ])('%s', (_, traits, name, standInName) => {
    expect(person(traits)).toMatchObject({ contact: { name }, standInName });
  });

  it.each<[Record<string, unknown>, string, string]>([
    [{ name: 'Anonymous' }, 'usr_123', 'name: stands for nobody; left out'],
    [{ name: '#N/A', firstName: 'Mara' }, 'Mara', 'name: stands for nobody; left out'],
    [{ firstName: 'Mara', lastName: 'null' }, 'Mara', 'lastName: stands for nobody; left out'],
    [{ firstName: 'Guest', lastName: 'User' }, 'usr_123', 'firstName, lastName: stand for nobody; left out'],
  ])('of %j is %j: words for nobody are none', (traits, name, note) => {
    expect(person(traits)).toMatchObject({ contact: { name }, notes: [note] });
  });

  it('may be one of those words where people are called so', () => {
    expect(contactOf({ firstName: 'Christopher', lastName: 'Guest' }).name).toBe('Christopher Guest');
    expect(contactOf({ firstName: 'Jo', lastName: 'Null' }).name).toBe('Jo Null');
  });

  it('has blanks for control characters and halves of characters, and keeps whole ones', () => {
    expect(contactOf({ name: '\u0000Mara\r\nQuint\ud83d!\udc4b\u{1f44b}\u001b' }).name).toBe('Mara  Quint ! \u{1f44b}');
  });

  it('is cut to 255 characters, never in the middle of one', () => {
    const { contact, notes } = person({ name: '\u{1f44b}'.repeat(300) });
    expect(contact.name).toBe('\u{1f44b}'.repeat(255));
    expect(notes).toEqual(['name: longer than 255 characters; cut']);
    expect(contactOf({ name: `x${'\u{1f44b}'.repeat(300)}` }).name).toBe(`x${'\u{1f44b}'.repeat(254)}`);
    expect(contactOf({ name: 'é'.repeat(255) }).name).toBe('é'.repeat(255));
    expect(contactOf({ firstName: 'a'.repeat(254), lastName: 'b'.repeat(254) }).name).toBe('a'.repeat(254));
  });
});

describe('the e-mail', () => {
  it.each([
    ['  Mara@Quint-Foods.Example\n', 'mara@quint-foods.example'],
    ["o'hara+tag.1@mail.co.uk", "o'hara+tag.1@mail.co.uk"],
    [`${'a'.repeat(243)}@bcd.example`, `${'a'.repeat(243)}@bcd.example`],
  ])('%p is taken as %p', (email, expected) => {
    expect(contactOf({ email }).email).toBe(expected);
  });

  it.each([
    ...[
      'mara',
      'mara@localhost',
      '@quint.example',
      'mara@',
      'mara@@quint.example',
      'a@b@quint.example',
      'mara@.example',
    ],
    ...[
      'mara@quint.',
      'mara@quint..example',
      'ma ra@quint.example',
      'mara@qu int.example',
      'Mara <mara@quint.example>',
    ],
    ...['a@b.example, c@d.example', 'a@b.example;c@d.example', 'ma\u0000ra@quint.example'],
    ...['mailto:mara@quint.example', `${'a'.repeat(244)}@bcd.example`],
  ])('%j is left out, and a note says so without it', (email) => {
    const { contact, notes } = person({ email });
    expect(contact).not.toHaveProperty('email');
    expect(notes).toEqual(['email: not an e-mail address; left out']);
  });

  // Databases that compare without case and accents take them for letters of somebody else's address.
  it.each([
    'mar\u212a@quint.example',
    'MÜLLER@quint.example',
    'müller@bücher.example',
    '\u043cara@quint.example',
    'mara\ud83d@quint.example',
  ])('%j holds other letters than plain ones, is left out, and a note says so', (email) => {
    const { contact, notes } = person({ email });
    expect(contact).not.toHaveProperty('email');
    expect(notes).toEqual(['email: holds other characters than plain ones; left out']);
  });

  it.each([
    '\u200bmara@quint.example',
    '\u202aMara@quint.example\u202c',
    'ma\u00adra@quint.example',
    'mara\ufe0f@quint.example',
  ])('%j loses what nobody sees, and a note says so', (email) => {
    const { contact, notes } = person({ email });
    expect(contact.email).toBe('mara@quint.example');
    expect(notes).toEqual(['email: invisible characters; taken off']);
  });

  it.each(['n/a', 'None', 'anonymous', '[email]', '#N/A', '\\N', '-'])('%j stands for nobody', (email) => {
    expect(person({ email }).notes).toEqual(['email: stands for nobody; left out']);
  });

  it.each([[{ a: 1 }], [7], [['a@b.example']], [true]])('%p is left out', (email) => {
    expect(person({ email }).notes).toEqual(['email: not an e-mail address; left out']);
  });

  it.each([[null], [undefined], [''], ['  ']])('%p is nothing', (email) => {
    expect(person({ email }).notes).toEqual([]);
  });
});

describe('the phone', () => {
  it('is told to have lost its extension', () => {
    const { contact, notes } = person({ phone: '020 7946 0958 ext 5' });
    expect(contact.phone).toBe('+442079460958');
    expect(notes).toEqual(['phone: extension 5; left out']);
  });

  it.each<[unknown, string]>([
    ['07700 900123', '+447700900123'],
    ['+1 (937) 555-0142', '+19375550142'],
    [447700900123, '+447700900123'],
    [2079460958, '+442079460958'],
  ])('%p becomes %p', (phone, expected) => {
    expect(contactOf({ phone }).phone).toBe(expected);
  });

  it.each([['12345'], ['call me'], ['0000000000'], [-5], [207946095.8], [1e30], [{}], [[7]], [true]])(
    '%p is left out, and a note names the region',
    (phone) => {
      const { contact, notes } = person({ phone });
      expect(contact).not.toHaveProperty('phone');
      expect(notes).toEqual(['phone: not a valid number for region GB; left out']);
    },
  );

  it('may be huge, like the e-mail', () => {
    for (const huge of ['1'.repeat(70_000), 'a@'.repeat(20_000), `a@${'b.'.repeat(20_000)}`]) {
      expect(person({ email: huge, phone: huge }).notes).toHaveLength(2);
    }
  });

  it('is read with the region of the config', () => {
    const call = { type: 'identify', userId: 7, context: CONSENT, traits: { phone: '(937) 555-0142' } };
    expect(accepted(call, { defaultRegion: 'US' }).contact.phone).toBe('+19375550142');
    expect(accepted(call).notes).toEqual(['phone: not a valid number for region GB; left out']);
  });
});

describe('title and company', () => {
  it.each<[Record<string, unknown>, string | undefined]>([
    [{ title: 'Store lead', jobTitle: 'B', job_title: 'C' }, 'Store lead'],
    [{ title: ' ', jobTitle: 'Store lead' }, 'Store lead'],
    [{ title: null, jobTitle: 7, job_title: ' Store\nlead ' }, 'Store lead'],
    [{ title: ['Store lead'] }, undefined],
    [{}, undefined],
  ])('the title of %p is %p', (traits, title) => {
    expect(contactOf(traits).job_title).toBe(title);
  });

  it.each<[unknown, number | undefined]>([
    [158003104315, 158003104315],
    ['158003104315', 158003104315],
    [' 12 ', 12],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['', undefined],
    [null, undefined],
  ])('the company %p is %p', (companyId, expected) => {
    expect(person({ company_id: companyId })).toMatchObject({ notes: [] });
    expect(contactOf({ company_id: companyId }).company_id).toBe(expected);
  });

  it.each([
    [0],
    [-1],
    [1.5],
    [2 ** 53],
    ['9007199254740993'],
    ['0'],
    ['-1'],
    ['1e3'],
    ['0x10'],
    ['Acme'],
    [{}],
    [true],
    [[5]],
  ])('the company %p is left out with a note', (companyId) => {
    const { contact, notes } = person({ company_id: companyId });
    expect(contact).not.toHaveProperty('company_id');
    expect(notes).toEqual(['company_id: not the number of a company; left out']);
  });
});

describe('custom fields', () => {
  const customOf = (properties: unknown, customFields: Record<string, string>) =>
    accepted({ type: 'track', event: 'Signed Up', userId: 'usr_123', context: CONSENT, properties }, { customFields });
  const PLAN = { plan: 'properties.plan' };

  it.each<[unknown, unknown]>([
    [' pro ', 'pro'],
    ['two\nlines\u0007', 'two\nlines'],
    ['half \ud83d', 'half'],
    [0, 0],
    [-1.5, -1.5],
    [false, false],
    [true, true],
  ])('take %j as %j', (plan, expected) => {
    expect(customOf({ plan }, PLAN)).toMatchObject({ contact: { custom_fields: { plan: expected } }, notes: [] });
  });

  it.each([[null], [undefined], [''], [' \n ']])('take %p as nothing', (plan) => {
    const { contact, notes } = customOf({ plan }, PLAN);
    expect(contact).not.toHaveProperty('custom_fields');
    expect(notes).toEqual([]);
  });

  it.each([[{ id: 1 }], [['pro']], [Number.NaN], [Infinity], [1n], [new Date(0)]])('never send %p', (plan) => {
    const { contact, notes } = customOf({ plan }, PLAN);
    expect(contact).not.toHaveProperty('custom_fields');
    expect(notes).toEqual(['custom_fields.plan: not a text, number or yes-or-no value; left out']);
  });

  it('are cut where they are huge', () => {
    const { contact, notes } = customOf({ plan: 'p'.repeat(1_000_000) }, PLAN);
    expect(contact.custom_fields).toEqual({ plan: 'p'.repeat(65_000) });
    expect(notes).toEqual(['custom_fields.plan: longer than 65000 characters; cut']);
  });

  it('are read from anywhere in the event, deep ones and items of lists too', () => {
    const paths = {
      deep: 'properties.a.b',
      second: 'properties.list[1]',
      event: 'event',
      user: 'userId',
      none: 'properties.x.y',
    };
    expect(customOf({ a: { b: 'c' }, list: [1, 2] }, paths).contact.custom_fields).toEqual({
      ...{ deep: 'c', second: 2, event: 'Signed Up', user: 'usr_123' },
    });
  });

  it('never read a prototype, and never become one', () => {
    const properties = parsed('{"__proto__":{"plan":"pro"},"constructor":"c"}');
    const paths = { a: 'properties.__proto__.plan', b: 'properties.constructor', c: 'properties.plan', d: 'toString' };
    expect(customOf(properties, paths).contact).not.toHaveProperty('custom_fields');
    const own = customOf({ plan: 'pro' }, parsed('{"__proto__":"properties.plan"}') as Record<string, string>);
    expect(JSON.stringify(own.contact.custom_fields)).toBe('{"__proto__":"pro"}');
    expect(Object.getPrototypeOf(own.contact.custom_fields)).toBe(Object.prototype);
  });
});

describe('traits of the wrong kind', () => {
  it('are passed over with a note each, which holds nothing of theirs', () => {
    const traits = { name: { first: 'Mara' }, firstName: ['Mara'], lastName: 7, title: {}, jobTitle: true };
    const { contact, notes } = person(traits);
    expect(contact).toStrictEqual({ name: 'usr_123', unique_external_id: 'usr_123', tags: ['marketing-consent'] });
    expect(notes).toEqual(
      ['name', 'firstName', 'lastName', 'title', 'jobTitle'].map((field) => `${field}: not a text; left out`),
    );
  });

  it('do nothing when they are named like a prototype', () => {
    const traits = parsed('{"__proto__":{"name":"Eve","email":"eve@evil.example"},"constructor":{"name":"Eve"}}');
    expect(person(traits)).toMatchObject({ contact: { name: 'usr_123' }, standInName: true, email: null, notes: [] });
  });
});
