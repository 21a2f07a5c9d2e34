/** Ticket fields that a status sets, by the same actions as the work order's. */
import { decideEffect } from '../../activities/effects';
import type { EffectInput } from '../../src/contract/effect-calls';
import { parseConfig } from '../../src/config/load';
import type { ConfigError } from '../../src/config/problems';
import { readWebhookEvent } from '../../src/domain/order-contents';
import { readOrderEvent } from '../../src/domain/read-order-event';

const event = readOrderEvent({
  event: { name: 'workorder.status.work_done' },
  timestamp: '2027-03-02T21:00:00Z',
  workorder: {
    id: 9,
    title: 'Reader',
    time_logs: { hours: 2.5 },
    closing_notes: `All good. ${'x'.repeat(3000)}`,
    schedule: { service_window: { start: { utc: '2027-03-02 15:00:00' } } },
    assignee: { user: { id: 7, first_name: ' Lee ', last_name: 'Park' } },
  },
});
const input: EffectInput = {
  ...{ account: 'acme', ticketId: 4711, correlationId: 'FD-acme-4711-1', visit: 1, workOrderId: 9 },
  ...{ workOrderUrl: 'https://fn.example/9', key: 'work-done', at: '2027-03-02T21:00:00.000Z', event },
};
const planOf = (effect: string, given: EffectInput = input) => {
  const plan = decideEffect(parseConfig(`status:\n  ${given.key}: ${effect}`, 'c.yaml'), given, null);
  if (plan === null || plan === 'needs-ticket') throw new Error(`no plan: ${plan}`);
  return plan;
};

it.each([
  ['a template', "'{{provider.name}}, {{workOrder.timeLogs.hours}} h'", 'Lee Park, 2.5 h'],
  ['a fixed value', 'true', true],
  ['a map', '{ from: workOrder.status, map: { work-done: Finished }, default: Running }', 'Finished'],
  [
    'a range',
    '{ from: workOrder.timeLogs.hours, range: [{ below: 2, value: short }, { min: 2, value: long }] }',
    'long',
  ],
  [
    'a date in a zone',
    '{ from: workOrder.schedule.service_window.start.utc, date: { zone: UTC, toZone: America/Chicago, to: dd.MM.yyyy HH:mm } }',
    '02.03.2027 09:00',
  ],
  [
    'a text of parts',
    '{ concat: [provider.name, { static: on }, event.timestamp] }',
    'Lee Park on 2027-03-02 21:00 UTC',
  ],
  ['a choice', '{ when: { if: workOrder.timeLogs.hours, then: { static: 1 }, else: { static: 0 } } }', 1],
  ['a cut', '{ from: workOrder.title, truncate: 3 }', 'Re…'],
  ['nothing', '{ from: provider.phone }', null],
])('takes %s', (_, setting, value) => {
  expect(planOf(`{ fields: { cf_a: ${setting} } }`).update?.fields).toEqual({ cf_a: value });
});

describe('what the order holds', () => {
  const body = {
    ...{ id: 9, title: 'Reader', status: { id: 5, name: 'Approved' } },
    pay: {
      ...{ type: 'hourly', base: { amount: 65, units: 4 }, additional: { amount: 0, units: 0 }, total: 240 },
      expenses: {
        sum: { all: 70, approved_amount: 45 },
        results: [
          { description: 'Cat6 cable', amount: 45, quantity: 1, status: 'approved' },
          { category: { label: 'Parking' }, amount: 12.5, quantity: 2, status: 'new' },
        ],
      },
    },
    location: {
      ...{ mode: 'custom', display_name: 'Store 18', address1: '200 Elm Ave', address2: 'Dock 3', city: 'Duluth' },
      ...{ state: 'MN', zip: '55802', country: 'US' },
    },
    schedule: {
      service_window: {
        mode: 'between',
        start: { utc: '2027-03-02 15:00:00', local: { date: '2027-03-02', time: '09:00:00' } },
        end: { utc: '2027-03-02 19:00:00', local: { date: '2027-03-02', time: '13:00:00' } },
      },
      time_zone: { name: 'America/Chicago' },
    },
    time_logs: {
      hours: 3.5,
      results: [
        { in: { created: { utc: '2027-03-02 15:05:10' } }, out: { created: { utc: '2027-03-02 17:05:10' } }, hours: 2 },
        {
          in: { created: { utc: '2027-03-02 18:00:00' } },
          out: { created: { utc: '2027-03-02 19:30:00' } },
          hours: 1.5,
        },
      ],
    },
    custom_fields: {
      results: [
        { role: 'buyer', results: [{ id: 130, name: 'Priority', value: 'high' }] },
        { role: 'assigned_provider', results: [{ id: 140, name: 'Serial number ', value: 'SN-778812' }] },
      ],
    },
    tasks: {
      results: [
        { label: 'Swap', status: 'complete' },
        { label: 'Test', status: 'incomplete' },
      ],
    },
    signatures: { results: [{ name: 'Ana Ruiz' }, { name: 'Bo Lind' }] },
    closing_notes: 'All good.',
    assignee: { user: { id: 7, first_name: 'Lee', last_name: 'Park', phone: '', cell: '+12185550172' } },
  };
  const told = readWebhookEvent({ event: { name: 'workorder.status.approved' }, workorder: body });
  const approved: EffectInput = { ...input, key: 'approved', event: told };
  const ORDER = 'workOrder';

  it.each<[string, string | number | null]>([
    ['pay.type', 'hourly'],
    ['pay.base.amount', 65],
    ['pay.base.units', 4],
    ['pay.additional.amount', null],
    ['pay.total', 240],
    ['pay.currency', null],
    ['cost', 240],
    ['cost.total', 240],
    ['cost.approved', 240],
    ['cost.expenses', 45],
    ['expenses.total', 70],
    ['expenses.approved', 45],
    ['expenses.list', 'Cat6 cable: 45 (approved), Parking: 2 × 12.5 (new)'],
    ['location.display_name', 'Store 18'],
    ['location.address1', '200 Elm Ave'],
    ['location.address2', 'Dock 3'],
    ['location.city', 'Duluth'],
    ['location.state', 'MN'],
    ['location.zip', '55802'],
    ['location.country', 'US'],
    ['schedule.service_window.mode', 'between'],
    ['schedule.service_window.start.utc', '2027-03-02 15:00:00'],
    ['schedule.service_window.start.local.time', '09:00:00'],
    ['schedule.service_window.end.utc', '2027-03-02 19:00:00'],
    ['schedule.service_window.end.local.date', '2027-03-02'],
    ['schedule.time_zone.name', 'America/Chicago'],
    ['timeLogs.hours', 3.5],
    ['timeLogs.in', '2027-03-02 15:05'],
    ['timeLogs.out', '2027-03-02 19:30'],
    ['timeLogs.results[1].in', '2027-03-02 18:00'],
    ['timeLogs.results[1].hours', 1.5],
    ['timeLogs.results[2].hours', null],
    ['customFields.Priority', 'high'],
    ['customFields.priority', 'high'],
    ['customFields." SERIAL number"', 'SN-778812'],
    ['customFields.140', 'SN-778812'],
    ['customFields.toString', null],
    ['tasks.done', 'Swap'],
    ['tasks.open', 'Test'],
    ['signatures', 'Ana Ruiz, Bo Lind'],
    ['signatures[1]', 'Bo Lind'],
    ['closingNotes', 'All good.'],
  ])('fills workOrder.%s', (path, value) => {
    const setting = JSON.stringify({ from: `${ORDER}.${path}` });
    expect(planOf(`{ fields: { cf_a: ${setting} } }`, approved).update?.fields).toEqual({ cf_a: value });
    const template = JSON.stringify(`{{${ORDER}.${path}}}`);
    const shown = value === null ? '' : String(value);
    expect(planOf(`{ fields: { cf_a: ${template} } }`, approved).update?.fields).toEqual({ cf_a: shown });
  });

  it.each([
    [
      'a range on the pay',
      '{ from: workOrder.pay.total, range: [{ below: 200, value: low }, { min: 200, value: high }] }',
      'high',
    ],
    [
      'a date on the end',
      '{ from: workOrder.schedule.service_window.end.utc, date: { zone: UTC, toZone: America/Chicago, to: dd.MM.yyyy HH:mm } }',
      '02.03.2027 13:00',
    ],
    ['a date on a check-in', '{ from: workOrder.timeLogs.in, date: { zone: UTC, to: yyyy-MM-dd } }', '2027-03-02'],
    ['a map of a custom field', '{ from: workOrder.customFields.Priority, map: { HIGH: 1, low: 3 } }', 1],
    [
      'an address of parts',
      "{ concat: [{ from: workOrder.location.address1 }, { from: workOrder.location.city }], separator: ', ' }",
      '200 Elm Ave, Duluth',
    ],
    ['a phone number', '{ from: provider.phone, phone: US }', '+12185550172'],
    ['the first that is there', '{ first: [{ from: workOrder.pay.currency }, { static: USD }] }', 'USD'],
    [
      'a choice by a field',
      '{ when: { if: workOrder.customFields.Priority, is: high, then: { static: true }, else: { static: false } } }',
      true,
    ],
  ])('takes %s', (_, setting, value) => {
    expect(planOf(`{ fields: { cf_a: ${setting} } }`, approved).update?.fields).toEqual({ cf_a: value });
  });

  it('is read anew, whatever a signal holds', () => {
    const contents = JSON.parse(
      '{ "custom_fields": 5, "pay": "x", "time_logs": [1], "tasks": { "results": 7 } }',
    ) as object;
    const event = told && { ...told, contents };
    expect(
      planOf('{ fields: { cf_a: "{{workOrder.customFields.x}}{{workOrder.pay.total}}" } }', { ...approved, event })
        .update?.fields,
    ).toEqual({ cf_a: '' });
  });

  it('has an approved sum only from the approval on', () => {
    const done: EffectInput = { ...approved, key: 'work-done' };
    const fields = '{ fields: { cf_a: "{{workOrder.cost.approved}}", cf_b: "{{workOrder.cost.total}}" } }';
    expect(planOf(fields, done).update?.fields).toEqual({ cf_a: '', cf_b: '240' });
  });

  it('is nothing where the event told nothing', () => {
    const thin = readWebhookEvent({
      event: { name: 'workorder.status.approved' },
      workorder: { id: 9, title: 'Reader' },
    });
    const template = '{{workOrder.pay.total}}{{workOrder.location.city}}{{provider.phone}}{{workOrder.tasks.done}}';
    expect(planOf(`{ fields: { cf_a: "${template}" } }`, { ...approved, event: thin }).update?.fields).toEqual({
      cf_a: '',
    });
  });
});

it('leaves a field as it is whose action cannot take the value, and says so in the note', () => {
  const plan = planOf('{ fields: { cf_a: { from: workOrder.title, map: { x: y } }, cf_b: 1 } }');
  expect(plan.update?.fields).toEqual({ cf_b: 1 });
  expect(plan.note?.body).toContain('cf_a was not set: &quot;Reader&quot; is not in the map.');
});

it('shows where the rest of closing notes is that were cut', () => {
  expect(planOf('{ note: "{{workOrder.closingNotes}}" }').note?.body).toMatch(
    /^<div>All good\. x+… \[the rest is in Field Nation: https:\/\/fn\.example\/9\]<\/div>/,
  );
});

it.each([
  ['{ note: "{{workOrder.paid}}" }', 'status.work-done.note', 'workOrder.paid'],
  ['{ note: "{{provider.phones}}" }', 'status.work-done.note', 'did you mean "provider.phone"?'],
  ['{ fields: { cf_a: { from: workOrder.colour } } }', 'status.work-done.fields.cf_a.from', 'workOrder.colour'],
  ['{ note: "{{workOrder.pay.totl}}" }', 'status.work-done.note', 'did you mean "workOrder.pay.total"?'],
  ['{ note: "{{workOrder.location.cty}}" }', 'status.work-done.note', 'did you mean "workOrder.location.city"?'],
  ['{ note: "{{workOrder.timeLogs.results[0].hour}}" }', 'status.work-done.note', 'timeLogs.results[0].hours"?'],
  ['{ note: "{{workOrder.location}}" }', 'status.work-done.note', 'name one, such as "workOrder.location.mode"'],
  ['{ note: "{{event.task.label}}" }', 'status.work-done.note', 'event.task.label'],
  ['{ fields: { cf_a: { from: ticket.subjekt } } }', 'status.work-done.fields.cf_a.from', 'ticket.subject'],
])('a path that nothing fills is an error: %s', (effect, path, said) => {
  let problems: ConfigError['problems'] = [];
  try {
    parseConfig(`status:\n  work-done: ${effect}`, 'c.yaml');
  } catch (error) {
    problems = (error as ConfigError).problems;
  }
  expect(problems.map((problem) => problem.path)).toEqual([path]);
  expect(`${problems[0]?.message} ${problems[0]?.hint}`).toContain(said);
});
