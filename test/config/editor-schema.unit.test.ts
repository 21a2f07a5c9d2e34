/** The JSON Schema that editors read; `UPDATE_GOLDEN=1` writes it anew after a change of the config. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { configJsonSchema } from '../../src/config/json-schema';

const CONFIG = join(__dirname, '../../config');
const SCHEMA = join(CONFIG, 'deskbridge.schema.json');
const made = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

if (process.env.UPDATE_GOLDEN) writeFileSync(SCHEMA, made);

const shipped = readFileSync(join(CONFIG, 'deskbridge.yaml'), 'utf8');
const schema = z.fromJSONSchema(JSON.parse(made) as Parameters<typeof z.fromJSONSchema>[0]);

it('is shipped beside the config file, which names it, and is up to date', () => {
  expect(readFileSync(SCHEMA, 'utf8')).toBe(made);
  expect(shipped.split('\n')[0]).toBe('# yaml-language-server: $schema=./deskbridge.schema.json');
});

it('takes the shipped file', () => {
  expect(schema.safeParse(parse(shipped)).error).toBeUndefined();
});

it.each([
  ['a bare path inside an action', { workOrder: { title: { first: ['ticket.subject'] } } }, true],
  ['a custom field and an item of a list', { workOrder: { 'custom_fields.Site': { static: 1 } } }, true],
  ['an item of a list', { workOrder: { 'contacts.results[1].name': { from: 'ticket.requester.name' } } }, true],
  ['a key that is not known', { dispatch: { afterCreat: 'draft' } }, false],
  ['a target that is not known', { workOrder: { titel: { static: 'x' } } }, false],
  ['an action that is not known', { workOrder: { title: { form: 'ticket.subject' } } }, false],
])('judges %s', (_, file, good) => {
  expect(schema.safeParse(file).success).toBe(good);
});
