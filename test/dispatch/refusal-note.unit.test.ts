import { refusalNote } from '../../src/domain/refusal-note';

const note = (value: unknown, said = 'Pay is locked.'): string =>
  refusalNote(901234, 'https://fn.example/901234', [{ key: 'pay', value, said }], 'FD-acme-1-1 not changed x');

test('names the field, each value, the reason, what to do and the order, and ends with its marker', () => {
  const html = note({ base: { amount: 9, units: 1 } });
  for (const words of ['<b>pay</b>', 'pay.base.amount: 9', 'Pay is locked.', 'by hand', 'https://fn.example/901234']) {
    expect(html).toContain(words);
  }
  expect(html.endsWith('<div><small>Deskbridge FD-acme-1-1 not changed x</small></div>')).toBe(true);
});

test('says how many lines it leaves out', () => {
  const html = note(Array.from({ length: 15 }, (_, index) => `value ${index}`));
  expect(html).toContain('<li>pay[11]: value 11</li><li>… and 3 more</li></ul>');
});

test('lets no text become HTML and stays short', () => {
  const html = note(Array(500).fill('<script>'.repeat(500)), '<b>'.repeat(5000));
  expect(html).not.toContain('<script>');
  expect(html.length).toBeLessThan(20_000);
});
