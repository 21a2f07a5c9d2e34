import { customFieldValue, parseFieldNationTime, toFieldNationTime } from '../../src/clients/field-nation/shapes';

describe('times', () => {
  it.each([
    ['2027-03-02 15:00:00', '2027-03-02T15:00:00.000Z'],
    ['2027-03-02T15:00:00Z', '2027-03-02T15:00:00.000Z'],
    ['2027-02-27T09:15:42-06:00', '2027-02-27T15:15:42.000Z'],
    ['2028-02-29 00:00:00', '2028-02-29T00:00:00.000Z'],
    [{ utc: '2027-03-02 15:00:00', local: {} }, '2027-03-02T15:00:00.000Z'],
    [{ utc: '' }, null],
    [{}, null],
    ['', null],
    ['soon', null],
    ['2027-13-40 15:00:00', null],
    [0, null],
    [null, null],
    [undefined, null],
  ])('reads %j as %j', (value, iso) => {
    expect(parseFieldNationTime(value)).toBe(iso);
  });

  it('are written in UTC with a blank', () => {
    expect(toFieldNationTime('2027-03-02T09:00:00-06:00')).toBe('2027-03-02 15:00:00');
    expect(toFieldNationTime('soon')).toBeNull();
  });
});

describe('custom field values', () => {
  const field = { id: '129', name: 'Ticket', value: 'ticket:acme:4711' };

  it.each([
    [
      'grouped',
      {
        results: [
          { id: 1, name: 'Buyer', results: [field] },
          { id: 2, results: [] },
        ],
      },
    ],
    ['flat', { results: [field] }],
    ['a bare list', [field]],
    ['internal', { internal: field, results: [] }],
    ['internal beside an empty value', { internal: field, results: [{ results: [{ ...field, value: '' }] }] }],
  ])('are found by id and by name when they are %s', (_, custom_fields) => {
    for (const key of [129, '129', 'Ticket', ' ticket ']) {
      expect(customFieldValue({ custom_fields }, key)).toBe('ticket:acme:4711');
    }
    for (const key of [1, 130, 'Buyer', '']) expect(customFieldValue({ custom_fields }, key)).toBeNull();
  });

  it.each([undefined, null, '', [], {}, { results: [null, 5, {}] }, { internal: '' }, { results: { a: 1 } }])(
    'are absent in %j',
    (custom_fields) => {
      expect(customFieldValue({ custom_fields }, 129)).toBeNull();
    },
  );
});
