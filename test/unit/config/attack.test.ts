/** A config file with many mistakes, or one that is made to keep the service busy. */
import { parseConfig } from '../../../src/config/load';
import { ConfigError } from '../../../src/config/problems';

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
  const before = performance.now();
  expect(problemsOf(`workOrder: { title: { from: ticket.type, map: { ${map}, K7: x } } }`)).toHaveLength(1);
  expect(performance.now() - before).toBeLessThan(10_000);
});

it.each([
  ['a byte order mark', '\uFEFFdispatch: { afterCreate: draft }'],
  ['the line ends of Windows', 'dispatch:\r\n  afterCreate: draft\r\n'],
])('is taken with %s', (_, text) => {
  expect(parseConfig(text, 'c.yaml').dispatch.afterCreate).toBe('draft');
});
