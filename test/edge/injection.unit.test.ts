/** What strangers write into a log: one line a record, of bearable length, and nothing that a terminal or a reader obeys. */
import { createLogger } from '../../src/log';
import { serveApp } from './app-server';

const HOSTILE = [
  'a\r\nb',
  'a\n{"level":"fatal","msg":"forged"}',
  '\u001b[2J\u001b[31mred\u0007',
  '\u009b31m\u0085',
  '\u2028line\u2029',
  '"},"level":"fatal","x":{"',
  '\0\b\f\v\x7f',
  '${jndi:ldap://x}%n%s%d',
  '\ud800',
];

function logged(write: (log: ReturnType<typeof createLogger>) => void): string[] {
  const lines: string[] = [];
  write(createLogger('debug', false, { write: (line) => void lines.push(line) }));
  return lines;
}
/** Everything that a terminal or a reader of lines could take for more than text. */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/;

it.each(HOSTILE)('%j stays within one record, wherever it stands', (text) => {
  const cause = new Error(text);
  const lines = logged((log) => {
    log.info(
      { text, [text]: 1, list: [text], deep: { [text]: { text } }, err: new Error(text, { cause }) },
      'fixed words',
    );
    log.child({ requestId: 'r' }).warn({ path: text }, 'fixed words');
  });
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line.endsWith('\n')).toBe(true);
    expect(line.slice(0, -1)).not.toContain('\n');
    expect(line).not.toMatch(OBEYED);
    expect((JSON.parse(line) as { level: string }).level).toMatch(/^(info|warn)$/);
  }
});

it.each<[string, unknown]>([
  ['a text', 'x'.repeat(1_000_000)],
  ['a key', { ['k'.repeat(1_000_000)]: 1 }],
  ['many keys', Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]))],
  ['a list', Array(1_000_000).fill('x')],
  ['a deep one', JSON.parse('[['.repeat(5000) + ']]'.repeat(5000))],
  ['an error', new Error('x'.repeat(1_000_000))],
])('%s of a megabyte is cut', (_, field) => {
  const [line = ''] = logged((log) => log.info({ field, err: field }, 'fixed words'));
  expect(Buffer.byteLength(line)).toBeLessThan(20_000);
  expect(JSON.parse(line)).toMatchObject({ msg: 'fixed words' });
});

it('requests bring in nothing but text of bearable length', async () => {
  const app = await serveApp();
  try {
    const long = 'x'.repeat(900_000);
    for (const text of [...HOSTILE, long]) {
      await app.freshdesk({ ticket_id: 1, account: text });
      await app.freshdesk({ ticket_id: text });
      await app.fieldNation({ event: { name: text }, workorder: { id: 1, title: text } });
      await app.fieldNation({ [text]: text });
      await app.post(`/nowhere/${encodeURIComponent(Buffer.from(text.slice(0, 2000)).toString())}`, '', {
        'x-request-id': 'a b',
      });
      await app.events('track', { userId: text.slice(0, 9000), event: text.slice(0, 9000) });
    }
    expect(app.lines.length).toBeGreaterThan(HOSTILE.length * 4);
    for (const line of app.lines) {
      expect(line).not.toMatch(OBEYED);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(Buffer.byteLength(line)).toBeLessThan(20_000);
      expect(JSON.parse(line)).not.toMatchObject({ level: 'fatal' });
    }
  } finally {
    await app.close();
  }
});
