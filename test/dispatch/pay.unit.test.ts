/** The most that a mapped pay can come to (interface, section 8, "Money needs a yes"). */
import { mostPay } from '../../src/domain/pay';

test.each([
  ['no pay at all', undefined, 0],
  ['a fixed sum', { type: 'fixed', base: { amount: 150 } }, 150],
  ['an hourly pay with its most hours', { type: 'hourly', base: { amount: 40, units: 3 } }, 120],
  [
    'a blended pay',
    { type: 'blended', base: { amount: 100, units: 1 }, additional: { amount: 30.1, units: 3 } },
    190.3,
  ],
  ['bonuses on top', { base: { amount: '100' }, bonuses: [{ amount: 25 }, { amount: 0.1 }] }, 125.1],
  ['expenses on top', { base: { amount: 100 }, expenses: { results: [{ amount: 20 }] } }, 120],
  ['hours without an end', { type: 'hourly', base: { amount: 40 } }, null],
  ['a percentage', { base: { amount: 100 }, bonuses: [{ calculation: 'percent', amount: 10 }] }, null],
  ['what is no number', { base: { amount: 'a lot' } }, null],
  ['less than nothing', { base: { amount: -5 } }, null],
])('%s', (_, pay, most) => {
  expect(mostPay({ title: 'A visit', pay })).toBe(most);
});
