/** The table of published forms names tests that there are, and every knob that it names. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultKnobs } from '../../sandbox/knobs';
import { namedTests } from '../helpers/documented';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/wire-forms.md'), 'utf8');
const rows = page.split('\n').filter((line) => line.startsWith('| ') && !/^\| (What|---)/.test(line));

test.each(namedTests(page))('%s has a test "%s"', (file, title) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
});

test('every row names what plays it', () => {
  expect(rows.length).toBeGreaterThan(40);
  for (const row of rows) expect(row).toMatch(/`test\/[^`]+`, "|_alone_/);
});

test('every knob of the table is one of the sandbox', () => {
  const { freshdesk, fieldNation } = defaultKnobs();
  const knobs = rows.flatMap((row) => [...(row.split('|')[3] ?? '').matchAll(/`(\w+)`/g)].map(([, knob = '']) => knob));
  expect(knobs.length).toBeGreaterThan(40);
  expect(knobs.filter((knob) => !(knob in freshdesk) && !(knob in fieldNation) && !knob.includes('/'))).toEqual([]);
});
