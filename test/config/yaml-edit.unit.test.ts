/** Values changed in the text of the config file, as a person would change them. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { parse } from 'yaml';
import { changedLines } from '../../src/config/line-difference';
import { parseConfig } from '../../src/config/load';
import { editYaml, YamlEditError, type YamlChange } from '../../src/config/yaml-edit';

const SHIPPED = readFileSync(resolve(__dirname, '../../config/deskbridge.yaml'), 'utf8');
const change = (text: string, path: YamlChange['path'], value: unknown): string[] =>
  changedLines(text, editYaml(text, [{ path, value }])).map(({ sign, text: line }) => `${sign}${line}`);

it('changes one value of the shipped file and nothing else: comments, quotes and folds stay', () => {
  expect(change(SHIPPED, ['dispatch', 'afterCreate'], 'draft')).toEqual([
    '-  afterCreate: publish',
    '+  afterCreate: draft',
  ]);
  expect(change(SHIPPED, ['workOrder', 'location.address1', 'first', 0], 'ticket.custom_fields.cf_street')).toEqual([
    '-  location.address1: { first: [ticket.custom_fields.cf_site_address, ticket.custom_fields.cf_fsm_service_location] }',
    '+  location.address1: { first: [ticket.custom_fields.cf_street, ticket.custom_fields.cf_fsm_service_location] }',
  ]);
  expect(change(SHIPPED, ['alerts', 'url'], 'https://a.example')).toEqual([
    '-  url: null # where alerts are posted to, such as https://hooks.example.com/deskbridge',
    "+  url: 'https://a.example' # where alerts are posted to, such as https://hooks.example.com/deskbridge",
  ]);
});

it('puts a key that is missing at the end of its map, or makes the map', () => {
  expect(editYaml('a:\n  b: 1 # one\n\n# c\nc: 2\n', [{ path: ['a', 'd'], value: [] }])).toBe(
    'a:\n  b: 1 # one\n  d: []\n\n# c\nc: 2\n',
  );
  expect(editYaml('a: {b: 1}', [{ path: ['a', 'c'], value: 'x y' }])).toBe("a: {b: 1, c: 'x y'}");
  expect(editYaml('# only a comment\n', [{ path: ['a', 'b'], value: null }])).toBe(
    '# only a comment\na: { b: null }\n',
  );
});

it('replaces a block of lines by one, and keeps the comments that follow it', () => {
  expect(editYaml('a: # kind\n  b: 1\n  # tail\nc: 2\n', [{ path: ['a'], value: { z: '1' } }])).toBe(
    "a: { z: '1' }\n  # tail\nc: 2\n",
  );
});

it('reads back as the old file with exactly the change, or is refused', () => {
  const keys = Object.keys((parse(SHIPPED) as { workOrder: object }).workOrder);
  const value = fc.jsonValue({ maxDepth: 2 }).map((one) => JSON.parse(JSON.stringify(one)) as unknown);
  fc.assert(
    fc.property(fc.constantFrom(...keys, 'new.key'), value, (key, given) => {
      const before = parse(SHIPPED) as { workOrder: Record<string, unknown> };
      try {
        const after = parse(editYaml(SHIPPED, [{ path: ['workOrder', key], value: given }])) as unknown;
        expect(after).toEqual({ ...before, workOrder: { ...before.workOrder, [key]: given } });
      } catch (error) {
        expect(error).toBeInstanceOf(YamlEditError);
      }
    }),
    { numRuns: 60 },
  );
});

it('says which key a person must change where the text does not allow it', () => {
  const anchored = 'a: &x { b: 1 }\nc: *x\n';
  expect(() => editYaml(anchored, [{ path: ['a', 'b'], value: 2 }])).toThrow(/^a\.b: .*Edit the file/);
});

it('leaves the shipped file valid', () => {
  const text = editYaml(SHIPPED, [
    { path: ['workOrder', 'types_of_work'], value: { static: [{ id: 77, isPrimary: true }] } },
    { path: ['dispatch', 'approval', 'payAbove'], value: null },
  ]);
  expect(parseConfig(text, 'x').dispatch.approval.payAbove).toBeNull();
});
