/** The page of settings has every setting that Deskbridge reads, and no other. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { unknownSettings } from '../../src/config/known-names';

const ROOT = resolve(__dirname, '../..');
const textOf = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

const onThePage = [...textOf('docs/settings.md').matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name = '']) => name);
const ofTheExample = [...textOf('.env.example').matchAll(/^#([A-Z_]+)=/gm)].map(([, name = '']) => name);

it('has each setting of .env.example once', () => {
  expect([...onThePage, 'POSTGRES_PASSWORD'].sort()).toEqual(ofTheExample.sort());
});

it('has each setting that is known by name', () => {
  const source = textOf('src/config/known-names.ts');
  const known = [...source.matchAll(/'([A-Z_]{6,})'/g)].map(([, name = '']) => name);
  expect(known.length).toBeGreaterThan(20);
  expect(onThePage).toEqual(expect.arrayContaining(known));
});

it('names no setting that would be reported as unknown', () => {
  expect(unknownSettings(Object.fromEntries(onThePage.map((name) => [name, 'set'])))).toEqual([]);
});
