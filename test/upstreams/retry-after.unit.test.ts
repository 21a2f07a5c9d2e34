import { parseRetryAfter } from '../../src/clients/retry-after';

const now = Date.parse('2026-02-02T10:00:00Z');

it.each([
  ['34', 34_000],
  [' 0 ', 0],
  ['1.5', 1500],
  ['1000000000', 1_000_000_000_000],
  ['Mon, 02 Feb 2026 10:01:00 GMT', 60_000],
  ['Monday, 02-Feb-26 10:01:00 GMT', 60_000],
  ['Mon, 02 Feb 2026 09:00:00 GMT', 0],
  ['-5', null],
  ['soon', null],
  ['1 day', null],
  ['', null],
  ['NaN', null],
  [`1${'0'.repeat(400)}`, null],
  [undefined, null],
])('reads %j as %j ms', (header, ms) => {
  expect(parseRetryAfter(header, now)).toBe(ms);
});
