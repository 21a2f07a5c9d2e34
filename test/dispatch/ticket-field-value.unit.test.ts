import { asFieldValue } from '../../activities/ticket-field-value';

test.each([
  ['2.5', 'custom_decimal', 2.5],
  [' 7 ', 'custom_number', 7],
  ['seven', 'custom_number', 'seven'],
  ['2027-03-02 15:00', 'custom_date', '2027-03-02'],
  ['soon', 'custom_date', 'soon'],
  ['TRUE', 'custom_checkbox', true],
  ['false', 'custom_checkbox', false],
  ['2.5', 'custom_text', '2.5'],
  ['2.5', undefined, '2.5'],
  ['', 'custom_decimal', null],
  ['  ', undefined, null],
  [3, 'custom_text', 3],
  [true, undefined, true],
  [null, 'custom_date', null],
])('%j in a field of type %s becomes %j', (value, type, expected) => {
  expect(asFieldValue(value, type)).toBe(expected);
});
