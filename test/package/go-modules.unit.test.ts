/** The Temporal server has to be buildable on a machine that has never built it: Go refuses a module whose hash it lacks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleFolder } from '../../engine/go-build';

const linesOf = (file: string): string[] => readFileSync(join(moduleFolder(), file), 'utf8').split('\n');

test('go.sum holds the hash of each module that go.mod asks for', () => {
  const lines = linesOf('go.mod');
  const replaced = lines.flatMap((line) => /(\S+)(?: v\S+)? =>/.exec(line)?.[1] ?? []);
  const wanted = lines.flatMap((line) => {
    const [, name = '', version = ''] = /^(?:require )?\s*([\w.-]+\.[\w.-]+\/\S+) (v\S+)/.exec(line) ?? [];
    return name === '' || replaced.includes(name) ? [] : [`${name} ${version}`];
  });
  const hashed = new Set(linesOf('go.sum').map((line) => line.split(' ').slice(0, 2).join(' ')));
  expect(wanted.length).toBeGreaterThan(200);
  expect(wanted.filter((module) => !hashed.has(module))).toEqual([]);
});
