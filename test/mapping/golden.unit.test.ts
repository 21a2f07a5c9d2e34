/**
 * Golden files: a ticket as Freshdesk gives it, and what must come of it. `UPDATE_GOLDEN=1` writes what comes of it now;
 * read the difference before you keep it.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addFieldNames, namesWithoutRights } from '../../activities/ticket-field-names';
import { ticketFieldSchema } from '../../src/clients/freshdesk/fields';
import { ticketSchema } from '../../src/clients/freshdesk/schemas';
import { parseConfig } from '../../src/config/load';
import { mapWorkOrder } from '../../src/domain/mapping';

const FOLDER = join(__dirname, '../fixtures/mapping');

interface Golden {
  about: string;
  /** Lines of the config; the shipped mapping when left out. */
  workOrder?: object;
  /** Keys of the config's section `dispatch`. */
  dispatch?: object;
  /** What differs from {@link BASE}; a description in parts, of which some repeat. */
  changes?: { description?: string | (string | { repeat: string; times: number })[]; custom_fields?: object };
  ticket?: object;
  expected: unknown;
}

const LABELS = {
  ...{ cf_site_name: 'Site name', cf_site_address: 'Site address', cf_site_city: 'Site city' },
  ...{ cf_site_country: 'Site country', cf_hours: 'Hours', cf_floor: 'Floor', cf_storey: 'Floor' },
};

const names = namesWithoutRights();
addFieldNames(
  names,
  [
    { name: 'status', type: 'default_status', choices: { 2: ['Open', 'Soon'], 8: ['Field Service Required', 'Soon'] } },
    { name: 'priority', type: 'default_priority', choices: { Low: 1, Medium: 2, High: 3, Urgent: 4 } },
    ...Object.entries(LABELS).map(([name, label]) => ({ name, label, type: 'custom_text' })),
  ].map((field, id) => ticketFieldSchema.parse({ id: id + 1, ...field })),
);

const context = {
  correlationField: 129,
  customFieldIds: new Map([
    ['priority', 130],
    ['summary', 131],
  ]),
  ticketFields: names,
};

/** An ordinary ticket with everything that the shipped mapping needs. */
const BASE = {
  ...{ id: 4711, subject: 'Card reader offline', type: 'Incident', status: 8, priority: 3, source: 2 },
  ...{ due_by: '2030-02-05T17:00:00Z', description: '<div>Lane 3</div>', tags: [], attachments: [] },
  custom_fields: {
    ...{ cf_site_name: 'Store 18', cf_site_address: '12 Mill Road', cf_site_city: 'Dayton', cf_site_state: 'OH' },
    ...{ cf_site_zip: '45402', cf_site_country: 'US', cf_visit_date: '2030-02-04', cf_visit_time: '9:30' },
  },
  requester: { id: 1, name: 'Mara Quint', email: 'mara@quint-foods.example', mobile: null, phone: '+19375550142' },
  company: { id: 2, name: 'Quint Foods' },
};

function changed({ description, custom_fields: fields, ...changes }: NonNullable<Golden['changes']>): object {
  const parts = Array.isArray(description) ? description : [description ?? BASE.description];
  const html = parts.map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times))).join('');
  return { ...BASE, ...changes, description: html, custom_fields: { ...BASE.custom_fields, ...fields } };
}

/** When every ticket of these files is mapped. */
const NOW = '2030-02-01T12:00:00.000Z';

function outcomeOf({ workOrder, dispatch = {}, changes = {}, ticket = changed(changes) }: Golden): unknown {
  // JSON is YAML.
  const config = parseConfig(JSON.stringify({ dispatch, ...(workOrder ? { workOrder } : {}) }), 'golden.yaml');
  const parsed = ticketSchema.parse(ticket);
  const sources = { ticket: parsed, account: 'acme', correlationId: 'FD-acme-4711-1', visit: 1 };
  const { payload, problems } = mapWorkOrder(config.workOrder, sources, {
    ...context,
    schedule: { ...config.dispatch, now: NOW, previous: null },
  });
  return JSON.parse(JSON.stringify({ problems, workOrder: payload })) as unknown;
}

const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

it('has at least forty tickets', () => expect(files.length).toBeGreaterThanOrEqual(40));

it.each(files.map((name) => [name.replaceAll('-', ' ').replace('.json', ''), join(FOLDER, name)]))('%s', (_, path) => {
  const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
  const outcome = outcomeOf(golden);
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, `${JSON.stringify({ ...golden, expected: outcome }, null, 2)}\n`);
  else expect(outcome).toEqual(golden.expected);
});
