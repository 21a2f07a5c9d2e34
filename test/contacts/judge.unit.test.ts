import type { ContactRules } from '../../src/domain/contacts';
import { accepted, CONSENT, judged, parsed } from './rules';

const USER = { userId: 'usr_123' };
const track = (more: Record<string, unknown>) => ({ type: 'track', event: 'Signed Up', context: CONSENT, ...more });

describe('the gates, in their order', () => {
  it.each<[string, unknown, string]>([
    ['a page of a known user', { type: 'page', ...USER, context: CONSENT }, 'anonymous'],
    ['a screen of a known user', { type: 'screen', ...USER, context: CONSENT }, 'anonymous'],
    ['an event without user id and e-mail', track({ anonymousId: 'a' }), 'anonymous'],
    ['an unknown event without user id and e-mail', track({ event: 'Clicked' }), 'anonymous'],
    ['an event with a phone only', track({ traits: { phone: '07700 900123' } }), 'anonymous'],
    ['an event with a blank e-mail', track({ traits: { email: ' ' } }), 'anonymous'],
    ['an event with an e-mail that is no text', track({ traits: { email: { a: 'b@c.example' } } }), 'anonymous'],
    ['a group of a known user', { type: 'group', ...USER, context: CONSENT }, 'unmapped-event'],
    ['an alias of a known user', { type: 'alias', ...USER, context: CONSENT }, 'unmapped-event'],
    ['a group of nobody', { type: 'group', context: CONSENT }, 'anonymous'],
    ['an event in no rule', track({ ...USER, event: 'Clicked', context: {} }), 'unmapped-event'],
    ['an event in other letters', track({ ...USER, event: 'signed up' }), 'unmapped-event'],
    ['an event named like a prototype', track({ ...USER, event: '__proto__' }), 'unmapped-event'],
    ['an event named like a method', track({ ...USER, event: 'toString' }), 'unmapped-event'],
    ['an event without consent', track({ ...USER, context: {} }), 'no-consent'],
    ['an unusable e-mail without consent', track({ traits: { email: 'x' }, context: {} }), 'no-consent'],
    ['an unusable e-mail', track({ traits: { email: 'john@localhost' } }), 'no-identifier'],
    ['a user id that is too long', track({ userId: 'u'.repeat(256) }), 'no-identifier'],
    ['a user id with control characters', track({ userId: 'usr\u0000123' }), 'no-identifier'],
    ['a user id with half a character', track({ userId: 'usr\ud83d' }), 'no-identifier'],
  ])('%s', (_, item, dropped) => {
    expect(judged(item)).toMatchObject({ dropped });
  });

  it('let an event through that has any identifier that can be used', () => {
    expect(accepted(track(USER)).identity).toEqual({ kind: 'user', value: 'usr_123' });
    expect(accepted(track({ traits: { email: 'A@B.example' } })).identity).toEqual({
      kind: 'email',
      value: 'a@b.example',
    });
    expect(accepted(track({ traits: { email: 'x', phone: '07700 900123' } }))).toMatchObject({
      identity: { kind: 'phone', value: '+447700900123' },
      ...{ userId: null, email: null },
    });
  });

  it('keep no rule for a name that is empty', () => {
    const events: ContactRules['events'] = { '': { action: 'upsert' } };
    expect(judged({ type: 'group', ...USER, context: CONSENT }, { events })).toEqual({ dropped: 'unmapped-event' });
  });

  it('take the action from the rule; an identify call counts as Identified', () => {
    expect(accepted(track(USER))).toMatchObject({ event: 'Signed Up', action: 'create' });
    expect(accepted({ type: 'identify', ...USER, context: CONSENT })).toMatchObject({
      event: 'Identified',
      action: 'upsert',
    });
    expect(accepted(track({ ...USER, event: 'Identified' }))).toMatchObject({ event: 'Identified', action: 'upsert' });
  });
});

describe('words for nobody', () => {
  const consent = { context: CONSENT };
  it.each([
    'anonymous',
    'Guest',
    'unknown',
    'N/A',
    '-1',
    '"null"',
    "'anonymous'",
    '#N/A',
    '\\N',
    '-',
    '\u200bguest',
    'n.a.',
    '{{user.id}}',
    '${userId}',
    '%user_id%',
    '*|UNIQID|*',
  ])('%j is no user id: two people stay two', (userId) => {
    const read = accepted({ type: 'identify', userId, traits: { email: 'a@b.example' }, ...consent });
    expect(read).toMatchObject({ userId: null, identity: { kind: 'email', value: 'a@b.example' } });
    expect(read.notes).toEqual(['userId: stands for nobody; left out']);
    expect(judged({ type: 'identify', userId, ...consent })).toMatchObject({ dropped: 'anonymous' });
  });

  it('are more with those of the config, as ids, names and addresses', () => {
    const nobody = ['Shared Till', 'till@shop.example'];
    const traits = { email: 'Till@shop.example', name: 'shared till', phone: '07700 900123' };
    const item = { type: 'identify', userId: 'shared till', traits, ...consent };
    expect(judged(item, { nobody })).toMatchObject({ dropped: 'anonymous' });
    const { contact, notes } = accepted({ ...item, userId: 'u1' }, { nobody });
    expect(contact).toStrictEqual({
      ...{ name: '+447700900123', phone: '+447700900123', unique_external_id: 'u1', tags: ['marketing-consent'] },
    });
    expect(notes).toHaveLength(2);
  });
});

describe('who an event is about', () => {
  it('is told by the user id before the e-mail and the phone, so that one person has one workflow', () => {
    const traits = { email: 'John@Doe.example', phone: '07700 900123' };
    expect(accepted(track({ ...USER, traits }))).toMatchObject({
      identity: { kind: 'user', value: 'usr_123' },
      ...{ userId: 'usr_123', email: 'john@doe.example' },
    });
    expect(accepted(track({ traits })).identity).toEqual({ kind: 'email', value: 'john@doe.example' });
  });

  it('is told by the e-mail where the user id cannot be used, which a note says', () => {
    const { identity, userId, contact, notes } = accepted(
      track({ userId: 'u'.repeat(256), traits: { email: 'a@b.example' } }),
    );
    expect(identity).toEqual({ kind: 'email', value: 'a@b.example' });
    expect(userId).toBeNull();
    expect(contact).not.toHaveProperty('unique_external_id');
    expect(notes).toEqual(['userId: longer than 255 characters or with control characters; left out']);
  });
});

describe('consent', () => {
  const at = (more: Record<string, unknown>, rules: Partial<ContactRules> = {}): boolean =>
    'accepted' in judged({ type: 'identify', ...USER, ...more }, rules);
  const deep = (marketing: unknown) => ({ consent: { categoryPreferences: { marketing } } });

  it.each<[string, Record<string, unknown>, boolean]>([
    ['in the category preferences', { context: deep(true) }, true],
    ['in the context', { context: CONSENT }, true],
    ['in the call itself', CONSENT, true],
    ['in the traits', { traits: { marketing_consent: true } }, true],
    ['given twice', { context: CONSENT, traits: { marketing_consent: true } }, true],
    ['given beside an unclear answer', { context: CONSENT, traits: { marketing_consent: 'no' } }, false],
    ['given beside a number', { context: CONSENT, traits: { marketing_consent: 0 } }, false],
    ['given beside null', { context: CONSENT, traits: { marketing_consent: null } }, true],
    [
      'given in the traits, refused in those of the context',
      { traits: { marketing_consent: true }, context: { traits: { marketing_consent: false } } },
      false,
    ],
    ['nowhere', {}, false],
    ['as text', { traits: { marketing_consent: 'true' } }, false],
    ['as a number', { traits: { marketing_consent: 1 } }, false],
    ['as an object', { traits: { marketing_consent: { true: true } } }, false],
    ['refused', { traits: { marketing_consent: false } }, false],
    ['given and refused', { context: CONSENT, traits: { marketing_consent: false } }, false],
    ['refused and given', { context: deep(false), traits: { marketing_consent: true } }, false],
    ['for something else', { context: { consent: { categoryPreferences: { advertising: true } } } }, false],
    ['in a text that is read as an object', { context: { consent: 'marketing' } }, false],
  ])('%s', (_, more, given) => {
    expect(at(more)).toBe(given);
  });

  it.each<[unknown, boolean]>([
    ['true', true],
    [' TRUE ', true],
    [true, true],
    ['false', false],
    ['yes', false],
    ['1', false],
    ['', false],
  ])('may in imports be the text %p: %p', (marketing, given) => {
    expect(at({ traits: { marketing_consent: marketing } }, { textConsent: true })).toBe(given);
  });

  it('is withdrawn by the text false in imports only; elsewhere it only drops', () => {
    const no = { type: 'identify', ...USER, context: CONSENT, traits: { marketing_consent: 'False' } };
    expect(judged(no, { textConsent: true })).toMatchObject({ dropped: 'no-consent', notes: ['withdrawal'] });
    expect(judged(no)).toEqual({ dropped: 'no-consent', notes: ['traits.marketing_consent: neither true nor false'] });
  });

  it('is withdrawn by a clear no of somebody who can be found, and of nobody else', () => {
    const no = { context: { consent: { marketing: false } } };
    const withdrawal = (item: object) => (judged(item) as { withdrawal?: object }).withdrawal;
    expect(withdrawal({ type: 'identify', ...USER, ...no, traits: { email: 'A@b.example', name: 'A' } })).toMatchObject(
      {
        action: 'withdraw',
        identity: { kind: 'user', value: 'usr_123' },
        contact: { unique_external_id: 'usr_123', email: 'a@b.example', tags: [] },
      },
    );
    expect(withdrawal({ type: 'identify', traits: { email: 'no address' }, ...no })).toBeUndefined();
    expect(withdrawal({ type: 'track', event: 'Clicked', ...USER, ...no })).toBeUndefined();
    expect(withdrawal({ type: 'identify', ...USER, traits: { marketing_consent: 'no' } })).toBeUndefined();
  });

  it('is never read from a prototype, whatever the config names', () => {
    const consent = ['traits.__proto__.marketing', 'traits.constructor', '__proto__.marketing', 'not a path', ''];
    expect(
      at(parsed('{"traits":{"__proto__":{"marketing":true},"constructor":true}}') as Record<string, unknown>, {
        consent,
      }),
    ).toBe(false);
    expect(at({ traits: Object.create({ marketing_consent: true }) })).toBe(false);
  });

  it('is given by nobody when the config names no place', () => {
    expect(at({ context: CONSENT }, { consent: [] })).toBe(false);
  });
});
