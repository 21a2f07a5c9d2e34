import { readCall } from '../../src/domain/contacts';
import { callOf, errorsOf, parsed } from './rules';

const TYPES = 'identify, track, page, screen, group, alias';

describe('what is no call', () => {
  it.each<[string, unknown, string[]]>([
    ['nothing', null, ['event: not an object; send one JSON object for each event']],
    ['text', 'track', ['event: not an object; send one JSON object for each event']],
    ['a list', [{ type: 'page' }], ['event: not an object; send one JSON object for each event']],
    ['a call without type', {}, [`type: missing; write one of ${TYPES}`]],
    ['an unknown type', { type: 'Track' }, [`type: unknown; write one of ${TYPES}`]],
    ['a type that is no text', { type: { a: 1 } }, [`type: unknown; write one of ${TYPES}`]],
    ['the name of a prototype', { type: 'constructor' }, [`type: unknown; write one of ${TYPES}`]],
    ['track without event', { type: 'track' }, ['event: missing or not a text; name what happened, such as Signed Up']],
    [
      'track with a blank event',
      { type: 'track', event: ' ' },
      ['event: missing or not a text; name what happened, such as Signed Up'],
    ],
    [
      'track with a number for event',
      { type: 'track', event: 7 },
      ['event: missing or not a text; name what happened, such as Signed Up'],
    ],
    [
      'track with a very long event',
      { type: 'track', event: 'x'.repeat(201) },
      ['event: longer than 200 characters; use a shorter name'],
    ],
    [
      'a user id that is an object',
      { type: 'identify', userId: {} },
      ['userId: neither text nor a number; send the user id as text, or leave it out'],
    ],
    [
      'a user id that is a truth value',
      { type: 'identify', userId: false },
      ['userId: neither text nor a number; send the user id as text, or leave it out'],
    ],
    [
      'a user id that JSON has rounded',
      parsed('{"type":"identify","userId":12345678901234567891}'),
      ['userId: too large for a number; send it as text'],
    ],
    [
      'traits that are a list',
      { type: 'identify', traits: ['a'] },
      ['traits: not an object; send names with their values, or leave it out'],
    ],
    [
      'properties that are text',
      { type: 'track', event: 'A', properties: 'x' },
      ['properties: not an object; send names with their values, or leave it out'],
    ],
    [
      'a context that is a number',
      { type: 'page', context: 1 },
      ['context: not an object; send names with their values, or leave it out'],
    ],
    [
      'traits in the context that are text',
      { type: 'page', context: { traits: 'x' } },
      ['context.traits: not an object; send names with their values, or leave it out'],
    ],
    [
      'a very long message id',
      { type: 'page', messageId: 'm'.repeat(201) },
      ['messageId: longer than 200 characters; send a shorter one, such as a UUID'],
    ],
  ])('%s', (_, item, errors) => {
    expect(readCall(item)).toEqual({ errors });
  });

  it('is told with everything that is wrong at once, and without what was sent', () => {
    const errors = errorsOf({ userId: ['john@doe.example'], traits: 'john@doe.example', messageId: {} });
    expect(errors.map((error) => error.split(':')[0])).toEqual(['type', 'userId', 'messageId', 'traits']);
    expect(errors.join(' ')).not.toContain('john');
  });

  it('is one that says another type than its route', () => {
    expect(errorsOf({ type: 'page' }, 'track')).toEqual([
      'type: says page where track is expected; leave it out or send the event as page',
    ]);
    expect(errorsOf({ type: 'john@doe.example' }, 'page')).toEqual([`type: unknown; write one of ${TYPES}`]);
  });
});

describe('what a call holds', () => {
  it('takes the type of its route when it says none', () => {
    expect(readCall({ event: 'A', type: null }, 'track')).toMatchObject({ call: { type: 'track', event: 'A' } });
    expect(readCall({ type: 'identify' }, 'identify')).toMatchObject({ call: { type: 'identify' } });
  });

  it.each([
    ['identify', 'Identified'],
    ['track', 'Some Event'],
    ['page', ''],
    ['screen', ''],
    ['group', ''],
    ['alias', ''],
  ])('of type %s is named "%s"', (type, event) => {
    expect(callOf({ type, event: 'Some Event' }).event).toBe(event);
  });

  it.each<[unknown, string | null]>([
    [undefined, null],
    [null, null],
    ['', null],
    [' \t', null],
    ['usr_123', 'usr_123'],
    ['  usr_123\n', 'usr_123'],
    [42, '42'],
    [0, null],
    ['None', null],
    ['(null)', null],
    ['00000000-0000-0000-0000-000000000000', null],
    ['none of these', 'none of these'],
    [-1.5, '-1.5'],
    [Number.NaN, null],
    ['null', null],
    [' NULL ', null],
    ['undefined', null],
    ['NaN', null],
    ['[object Object]', null],
    ['nullable', 'nullable'],
    ['__proto__', '__proto__'],
  ])('has for user id %p the text %p', (userId, expected) => {
    expect(callOf({ type: 'identify', userId }).userId).toBe(expected);
  });

  it('treats null like what is absent', () => {
    const nothing = { userId: null, messageId: null, traits: null, properties: null, context: null };
    const { source, hidden, ...call } = callOf({ type: 'identify', ...nothing });
    expect(hidden).toEqual([]);
    const expected = { userId: null, messageId: null, timestamp: null, notes: [], traits: {}, properties: {} };
    expect(call).toEqual({ type: 'identify', event: 'Identified', ...expected });
    expect(source).toMatchObject({ context: {}, traits: {}, properties: {} });
    expect(callOf({ type: 'page', context: { traits: null }, messageId: '' })).toMatchObject({ messageId: null });
  });

  const BOTH = { context: { traits: { email: 'context', plan: 'pro' } }, traits: { email: 'traits' } };

  it('has the traits of the context, overlaid by those of the call', () => {
    for (const type of ['track', 'identify']) {
      expect(callOf({ type, event: 'A', ...BOTH }).traits).toEqual({ email: 'traits', plan: 'pro' });
    }
    expect(callOf({ type: 'track', event: 'A', context: BOTH.context }).traits).toBe(BOTH.context.traits);
    expect(callOf({ type: 'track', event: 'A', traits: BOTH.traits }).traits).toBe(BOTH.traits);
  });

  it('takes empty lists for nothing, a number for a message id, and blanks off the name of the event', () => {
    const nothing = { traits: [], properties: [], context: [], integrations: [] };
    expect(callOf({ type: 'track', event: ' Signed Up ', messageId: 7, ...nothing })).toMatchObject({
      ...{ event: 'Signed Up', messageId: '7', traits: {}, properties: {} },
      source: { context: {}, integrations: {} },
    });
    expect(callOf({ type: 'identify', context: { traits: [] } }).traits).toEqual({});
  });

  it.each<[unknown, string | null]>([
    ['2026-01-30T10:00:00.123Z', '2026-01-30T10:00:00.123Z'],
    ['2026-01-30T10:00:00.123456+00:00', '2026-01-30T10:00:00.123Z'],
    ['2026-01-30T11:00:00+0100', '2026-01-30T10:00:00.000Z'],
    ['2026-01-30T10:00:00', '2026-01-30T10:00:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    [null, null],
  ])('has for timestamp %j the time %j', (timestamp, time) => {
    const { timestamp: read, notes } = callOf({ type: 'identify', timestamp });
    expect(read).toBe(time === null ? null : Date.parse(time));
    expect(notes).toEqual([]);
  });

  it.each([7, 'yesterday', {}, '2026-13-40T00:00:00Z'])('says that timestamp %j is none', (timestamp) => {
    expect(callOf({ type: 'identify', timestamp })).toMatchObject({
      ...{ timestamp: null, notes: ['timestamp: not a time in ISO 8601; the time of arrival counts'] },
    });
  });

  it('has the context of its batch, its own values winning, and what they hide', () => {
    const shared = {
      context: { consent: { marketing: false, ads: true }, traits: { plan: 'pro' } },
      integrations: { All: true },
    };
    const item = { type: 'identify', context: { consent: { marketing: true } }, integrations: { Other: false } };
    const read = readCall(item, undefined, shared);
    expect(read).toMatchObject({
      call: {
        traits: { plan: 'pro' },
        source: {
          context: { consent: { marketing: true, ads: true } },
          integrations: { All: true, Other: false },
        },
      },
    });
    expect('call' in read && read.call.hidden).toContainEqual({ context: shared.context });
  });

  it('offers to paths what the config may name', () => {
    const parts = { context: { a: 1 }, properties: { b: 2 }, consent: { c: 3 }, integrations: { d: 4 } };
    const { source } = callOf({ type: 'track', event: 'A', userId: 7, traits: { e: 5 }, ...parts, other: 6 });
    expect(source).toEqual({ ...parts, traits: { e: 5 }, event: 'A', userId: '7' });
  });
});

describe('properties that an object has from its prototype', () => {
  it('are not read', () => {
    const call = { type: 'track', event: 'Signed Up', userId: 'usr_123', traits: { email: 'a@b.example' } };
    expect(readCall(Object.create(call))).toEqual({ errors: [`type: missing; write one of ${TYPES}`] });
    expect(callOf(parsed('{"type":"identify","__proto__":{"userId":"usr_123"}}')).userId).toBeNull();
  });

  it('stay as they are when traits are joined', () => {
    const { traits } = callOf(
      parsed('{"type":"track","event":"A","context":{"traits":{"__proto__":{"email":"x"}}},"traits":{"a":1}}'),
    );
    expect(Object.getPrototypeOf(traits)).toBe(Object.prototype);
    expect(traits['email']).toBeUndefined();
    expect({}).not.toHaveProperty('email');
  });
});
