import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const MOST_LINES = 200;

it.each(['src/domain', 'workflows'])('holds no file in %s that is too long to be read at one sitting', (folder) => {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
  const isLong = (file: string): boolean => readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 > MOST_LINES;
  expect(files.filter(isLong)).toEqual([]);
});
