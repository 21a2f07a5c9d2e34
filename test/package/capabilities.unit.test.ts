/** The table of the vendor's capabilities names tests that there are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namedTests } from '../helpers/documented';

const ROOT = join(__dirname, '../..');
const page = readFileSync(join(ROOT, 'docs/capabilities.md'), 'utf8');
const [table = ''] = page.split('## What Field Nation');
const rows = table.split('\n').filter((line) => line.startsWith('| ') && !/^\| (Capability|---)/.test(line));

test.each(namedTests(page))('%s has a test "%s"', (file, title) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain(title);
});

test('every row names the test that shows it', () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const row of rows) expect(namedTests(row)).toHaveLength(1);
});
