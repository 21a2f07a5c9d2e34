/** Custom fields by label, choices by their words: what people write is what people see in Freshdesk. */
import { ticketFieldSchema } from '../../src/clients/freshdesk/fields';
import { parseConfig } from '../../src/config/load';
import { mapWorkOrder, needsTicketFields, withLabels } from '../../src/domain/mapping';
import { addFieldNames, namesWithoutRights } from '../../activities/ticket-field-names';
import { NO_FIELDS, SITE, sourcesOf } from './ticket';

const FIELDS = [
  { name: 'status', type: 'default_status', choices: { 2: ['Open', 'Being Processed'], 8: ['Field visit', 'Soon'] } },
  { name: 'priority', type: 'default_priority', choices: { Low: 1, Hoch: 3 } },
  { name: 'group', type: 'default_group', choices: { 'North team': 71 } },
  { name: 'cf_site_city', label: ' Site City ', type: 'custom_text' },
  { name: 'cf_a', label: 'Floor', type: 'custom_text' },
  { name: 'cf_b', label: 'Floor', type: 'custom_text' },
  {
    ...{ name: 'cf_region', label: 'Region', type: 'nested_field' },
    nested_ticket_fields: [{ name: 'cf_district', label: 'District' }],
  },
].map((field, index) => ticketFieldSchema.parse({ id: index + 1, ...field }));

const names = namesWithoutRights();
addFieldNames(names, FIELDS);

const titleOf = (from: string, changes: object = {}, ticketFields = names) => {
  const { payload, problems } = mapWorkOrder({ title: { from } }, sourcesOf({ ...changes }), {
    ...NO_FIELDS,
    ticketFields,
  });
  return { title: payload['title'], problem: problems.find(({ target }) => target === 'title') };
};

it.each([
  ['ticket.custom_fields."Site city"', 'Dayton'],
  ['ticket.custom_fields."  SITE CITY "', 'Dayton'],
  ['ticket.custom_fields."cf_site_city"', 'Dayton'],
  ['ticket.custom_fields.cf_site_city', 'Dayton'],
  ['ticket.custom_fields.district', 'East'],
  ['ticket.status_label', 'Field visit'],
  ['ticket.priority_label', 'Hoch'],
  ['ticket.source_label', 'Portal'],
  ['ticket.group_label', 'North team'],
])('%s is %s', (from, title) => {
  const custom_fields = { ...SITE, cf_district: 'East' };
  expect(titleOf(from, { custom_fields, status: 8, group_id: 71 })).toEqual({ title, problem: undefined });
});

it('a label that no field bears is a problem of the line, with the field that was meant', () => {
  expect(titleOf('ticket.custom_fields."Site sity"').problem).toMatchObject({
    ...{ message: 'Freshdesk has no ticket field "Site sity"', value: 'Site sity' },
    remedy: 'did you mean "site city"?',
  });
});

it('a label that two fields bear is a problem that names their keys', () => {
  expect(titleOf('ticket.custom_fields."Floor"').problem?.remedy).toContain('cf_a, cf_b');
});

it('without the right to read the fields, labels are a problem and the shipped words of choices are known', () => {
  const none = namesWithoutRights();
  expect(titleOf('ticket.custom_fields."Site city"', {}, none).problem?.message).toContain('may not read');
  expect(titleOf('ticket.priority_label', {}, none).title).toBe('High');
});

it('a key that the account does not have is no value, as before', () => {
  expect(titleOf('ticket.custom_fields.cf_none').problem?.message).toBe('The work order lacks a title');
});

it('asks for the names of fields only when a path needs them', () => {
  expect(needsTicketFields(['ticket.custom_fields.cf_x', 'ticket.status', 'ticket.tags[0]'])).toBe(false);
  expect(needsTicketFields(['ticket.custom_fields."X y"'])).toBe(true);
  expect(needsTicketFields([' ticket.status_label'])).toBe(true);
});

it.each(['__proto__', 'constructor', 'toString'])('a field called %s is no way to a prototype', (label) => {
  const { ticket } = withLabels({ custom_fields: { cf_x: 'x' } }, [`ticket.custom_fields."${label}"`], {
    ...{ readable: true, choices: new Map() },
    keys: new Map([[label.toLowerCase(), ['cf_x']]]),
  });
  expect(Object.getPrototypeOf(ticket['custom_fields'])).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

it('the config takes labels wherever a path may stand, and says how to write one without quotes', () => {
  const line = (path: string): string => `workOrder:\n  title: { first: ['${path}', { template: 'a {{${path}}}' }] }\n`;
  expect(() => parseConfig(line('ticket.custom_fields."Site city"'), 'x.yaml')).not.toThrow();
  expect(() => parseConfig(line('ticket.custom_fields.Site city'), 'x.yaml')).toThrow(/double quotes/);
  expect(() => parseConfig(line('ticket.custom_fields."__proto__"'), 'x.yaml')).toThrow(/may not go through/);
  for (const odd of ['ticket."', 'ticket.""', 'ticket."a"b', 'ticket.', 'ticket..a', '."a"'])
    expect(() => parseConfig(line(odd), 'x.yaml')).toThrow(/is not a path|is not a source/);
});
