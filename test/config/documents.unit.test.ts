import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../src/config/load';

const document = readFileSync(join(__dirname, '../../docs/mapping.md'), 'utf8');

describe('docs/mapping.md', () => {
  const actions = document
    .split('\n')
    .filter((line) =>
      /^\| `(from|static|template|concat|first|when|text|map|range|date|phone|zip|state|truncate)` +\|/.test(line),
    )
    .map((line) => /\| `([^`]*: \{.*?\})`(?: –.*?)? *\|$/.exec(line)?.[1] ?? line);

  it('has an example of each action', () => expect(actions).toHaveLength(14));

  it.each(actions)('%s is a line that the config takes', (line) => {
    expect(() => parseConfig(`workOrder:\n  ${line}\n`, 'docs')).not.toThrow();
  });

  it('names every target and every key of the shipped file', () => {
    const shipped = parse(readFileSync(join(__dirname, '../../config/deskbridge.yaml'), 'utf8')) as Record<
      string,
      object
    >;
    for (const section of ['dispatch', 'contacts', 'alerts']) {
      for (const key of Object.keys(shipped[section] ?? {})) expect(document).toContain(`\`${section}.${key}`);
    }
  });
});
