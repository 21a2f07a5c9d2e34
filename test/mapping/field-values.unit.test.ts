/** Ticket fields that a status sets, by the same actions as the work order's. */
import { decideEffect } from '../../activities/effects';
import type { EffectInput } from '../../src/contract/effect-calls';
import { parseConfig } from '../../src/config/load';
import type { ConfigError } from '../../src/config/problems';
import { readOrderEvent } from '../../src/domain/order-event';

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
const planOf = (effect: string) => {
  const plan = decideEffect(parseConfig(`status:\n  work-done: ${effect}`, 'c.yaml'), input, null);
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
