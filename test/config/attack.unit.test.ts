/** A config file with many mistakes, or one that is made to keep the service busy. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Document, parse } from 'yaml';
import { parseConfig } from '../../src/config/load';
import { ConfigError } from '../../src/config/problems';

function problemsOf(text: string): string[] {
  try {
    parseConfig(text, 'c.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
  }
}

it('names a key that stands there twice together with all other mistakes', () => {
  const text = [
    'dispatch:',
    '  afterCreate: publish',
    '  afterCreate: draft',
    '  attachements: true',
    'workOrder:',
    '  title: { from: tickt.subject }',
  ];
  expect(problemsOf(text.join('\n'))).toEqual([
    '3:3 dispatch.afterCreate',
    '4:3 dispatch.attachements',
    '6:18 workOrder.title.from',
  ]);
});

it('checks a map of twenty thousand values without holding the service up', () => {
  const map = Array.from({ length: 20_000 }, (_, n) => `k${n}: ${n}`).join(', ');
  const before = process.cpuUsage();
  expect(problemsOf(`workOrder: { title: { from: ticket.type, map: { ${map}, K7: x } } }`)).toHaveLength(1);
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
});

it.each([
  ['a byte order mark', '\uFEFFdispatch: { afterCreate: draft }'],
  ['the line ends of Windows', 'dispatch:\r\n  afterCreate: draft\r\n'],
])('is taken with %s', (_, text) => {
  expect(parseConfig(text, 'c.yaml').dispatch.afterCreate).toBe('draft');
});

describe('an object that claims to have a length', () => {
  const TRAP = { length: { toString: 1, valueOf: 1 } };
  const shipped = parse(readFileSync(join(__dirname, '../../config/deskbridge.yaml'), 'utf8')) as object;
  /** Every place in the shipped file, and where only some file has something. */
  const places = (value: unknown, path: (string | number)[]): (string | number)[][] => [
    path,
    ...(typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) =>
          places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : []),
  ];
  const also = ['from', 'static', 'template', 'concat', 'separator', 'first', 'when', 'text', 'map', 'range', 'date'];
  const all = [
    ...places(shipped, []).filter((path) => path.length > 0),
    ...[...also, 'phone', 'truncate', 'default'].map((key) => ['workOrder', 'title', key]),
    ...['statuses', 'tags'].map((key) => ['dispatch', 'when', key, 0]),
    ...['ticketStatus', 'note', 'addTags', 'removeTags', 'fields'].map((key) => ['status', 'paid', key]),
    ...['addTags', 'removeTags'].map((key) => ['status', 'paid', key, 0]),
    ...['concat', 'first', 'range'].map((key) => ['workOrder', 'title', key, 0]),
  ];

  it.each(all.map((path) => [path.join('.'), path] as const))('is a mistake with a place at %s', (_, path) => {
    const document = new Document(shipped);
    document.setIn(path, document.createNode(TRAP));
    // Any JSON value may stand here, and any key in a map.
    const mayBe = path.some((key) => ['static', 'default', 'value', 'map'].includes(String(key)));
    const [problem = 'none'] = problemsOf(document.toString());
    expect(problem).toMatch(mayBe ? /./ : /^\d+:\d+ /);
  });
});
