import fc from 'fast-check';
import {
  afterRefusal,
  afterSending,
  canonical,
  changedTargets,
  keyOf,
  namedKeys,
  patchOf,
  printsOf,
} from '../../src/domain/order-update';

/** A print that can be read in a failed test. */
const asIs = (text: string): string => text;

const fields = (...values: [number, string][]) => ({
  results: [{ results: values.map(([id, value]) => ({ id, value })) }],
});
const PAYLOAD = {
  title: 'Till down',
  description: { html: '<p>Till</p><p>Deskbridge FD-acme-1-1</p>' },
  schedule: { service_window: { mode: 'exact', start: { utc: '2027-03-02 15:00:00' } } },
  pay: { type: 'fixed', base: { amount: 150, units: 1 } },
  contacts: { results: [{ role: 'Location Contact', name: 'Ann' }] },
  custom_fields: fields([129, 'FD-acme-1-1'], [7, 'high']),
};
const SENT = printsOf(PAYLOAD, asIs);

const patchSince = (payload: Record<string, unknown>, refused = {}): Record<string, unknown> =>
  patchOf(payload, changedTargets(printsOf(payload, asIs), SENT, refused));

test('an equal mapping sends nothing, whatever the order of its keys', () => {
  expect(patchSince(PAYLOAD)).toEqual({});
  expect(patchSince({ ...PAYLOAD, pay: { base: { units: 1, amount: 150 }, type: 'fixed' } })).toEqual({});
});

test('values that differ have texts that differ', () => {
  const values = [[1, 2], [12], ['1,2'], { a: 1, b: 2 }, { a: { b: 2 } }, null, 'null', '', [], {}];
  expect(new Set(values.map(canonical)).size).toBe(values.length);
  expect(canonical(undefined)).toBe('null');
});

test('what was refused before stays refused, and a change of a key says nothing of others', () => {
  const changed = printsOf({ ...PAYLOAD, title: 'Else' }, asIs);
  expect(afterRefusal({ pay: 'p' }, SENT, changed, ['title'])).toEqual({ pay: 'p', title: '"Else"' });
});

test('a changed value beside a custom field that is gone empties that field alone', () => {
  const payload = { ...PAYLOAD, title: 'Else', custom_fields: fields([129, 'FD-acme-1-1']) };
  expect(patchSince(payload)).toEqual({ title: 'Else', custom_fields: fields([129, 'FD-acme-1-1'], [7, '']) });
});

test('custom fields without any group hold nothing', () => {
  expect(printsOf({ custom_fields: {} }, asIs)).toEqual({});
  expect(printsOf({ custom_fields: { results: [{}] } }, asIs)).toEqual({});
});

test('a changed value goes out with its whole top-level key and no other', () => {
  const pay = { type: 'fixed', base: { amount: 200, units: 1 } };
  expect(patchSince({ ...PAYLOAD, pay })).toEqual({ pay });
});

test('custom fields go out together, with the correlation id, and what is gone is emptied', () => {
  expect(patchSince({ ...PAYLOAD, custom_fields: fields([129, 'FD-acme-1-1'], [8, 'new']) })).toEqual({
    custom_fields: fields([129, 'FD-acme-1-1'], [8, 'new'], [7, '']),
  });
});

test('what lost its value is emptied where Field Nation can be told so, else left', () => {
  const { contacts: _, ...without } = PAYLOAD;
  expect(patchSince(without)).toEqual({ contacts: { results: [] } });
  const { pay: __, ...unpaid } = PAYLOAD;
  expect(Object.keys(patchSince(unpaid))).toEqual([]);
});

test('a refused value is not sent again, the next one is', () => {
  const withPay = (amount: number) => ({ ...PAYLOAD, pay: { type: 'fixed', base: { amount, units: 1 } } });
  const refused = afterRefusal({}, SENT, printsOf(withPay(-1), asIs), ['pay']);
  expect(Object.keys(refused)).toEqual(['pay']);
  expect(patchSince(withPay(-1), refused)).toEqual({});
  expect(patchSince({ ...withPay(-1), title: 'Else' }, refused)).toEqual({ title: 'Else' });
  expect(patchSince(withPay(9), refused)).toEqual({ pay: withPay(9).pay });
});

test('a refused custom field is remembered by itself', () => {
  const payload = { ...PAYLOAD, custom_fields: fields([129, 'FD-acme-1-1'], [7, 'odd']) };
  const refused = afterRefusal({}, SENT, printsOf(payload, asIs), ['custom_fields']);
  expect(refused).toEqual({ 'custom_fields.7': 'odd' });
  expect(patchSince(payload, refused)).toEqual({});
});

test('only what was taken counts as sent', () => {
  const prints = printsOf({ title: 'New', pay: 1, custom_fields: fields([129, 'x']) }, asIs);
  const after = afterSending(SENT, prints, ['title', 'custom_fields']);
  expect(after).toMatchObject({ title: '"New"', pay: SENT.pay, 'custom_fields.129': 'x' });
  expect(after).not.toHaveProperty(['custom_fields.7']);
});

test.each([
  [['/pay/base/amount'], ['pay']],
  [
    ['schedule.service_window.mode', '/title'],
    ['title', 'schedule'],
  ],
  [['/types_of_work/0/id', null, ''], []],
  [['pay'], ['pay']],
])('finds in the complaints %j the keys %j', (pointers, keys) => {
  expect(namedKeys(PAYLOAD, pointers)).toEqual(keys);
});

test('keyOf leads from a custom field to its collection', () => {
  expect(['title', 'custom_fields.7'].map(keyOf)).toEqual(['title', 'custom_fields']);
});

test('after everything that differs was sent, nothing differs any more', () => {
  const payloads = fc.record(
    { title: fc.string(), pay: fc.jsonValue(), location: fc.jsonValue(), contacts: fc.jsonValue() },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(payloads, payloads, (before, after) => {
      const sent = printsOf(before, asIs);
      const prints = printsOf(after, asIs);
      const targets = changedTargets(prints, sent, {});
      expect(changedTargets(prints, afterSending(sent, prints, targets.map(keyOf)), {})).toEqual([]);
      for (const target of targets) expect(prints[target]).not.toBe(sent[target]);
    }),
  );
});

test('equal values have one canonical text, different ones have two', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const equal = canonical(a) === canonical(b);
      if (equal) expect(JSON.parse(canonical(a))).toEqual(JSON.parse(canonical(b)));
      expect(canonical(JSON.parse(JSON.stringify(a)))).toBe(canonical(a));
    }),
  );
});
