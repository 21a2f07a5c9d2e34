import { createLogger } from '../../src/log';
import { withoutPersonal } from '../../src/personal';

it.each([
  ['ann.lee+x@example.co.uk is taken', '***@*** is taken'],
  ['/people/ann%40example.com/x', '/people/***@***/x'],
  ['call +44 7700 900123 or +1 (218) 555-0100', 'call +*** or +***'],
  ['phone=%2B447700900123', 'phone=+***'],
])('hides whom %s is about', (text, shown) => expect(withoutPersonal(text)).toBe(shown));

it.each([
  'dispatch-acme-4711 visit 2',
  '2026-11-22T11:43:45.163Z+01:00',
  'node_modules/@temporalio/worker/lib/worker.js:12:3',
  'undici@7.30.2',
  '4711@host#a1b2',
  'https://acme.freshdesk.com/a/tickets/4711',
  'cf_site_zip: 55802-1234',
])('leaves %s alone', (text) => expect(withoutPersonal(text)).toBe(text));

it('takes long texts in no time', () => {
  const began = process.cpuUsage();
  withoutPersonal('a'.repeat(200_000));
  withoutPersonal(`+${'1 '.repeat(100_000)}`);
  withoutPersonal(`a@${'b.'.repeat(100_000)}`);
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1);
});

it('keeps addresses and numbers out of every line of the log, errors and their causes included', () => {
  const lines: string[] = [];
  const log = createLogger('trace', false, { write: (line) => void lines.push(line) });
  const cause = new Error('+447700900123 is no number');
  log.trace({ path: '/a/ann@example.com', err: new Error('ann@example.com', { cause }) }, 'failed for ann@example.com');
  expect(lines.join('')).not.toMatch(/ann@|7700900123/);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ path: '/a/***@***', msg: 'failed for ***@***' });
});
