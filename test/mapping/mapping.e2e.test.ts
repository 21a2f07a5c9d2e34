/** The mapping as operators see it: previews that send nothing, and all faults at once before anything is created. */
import type { TicketDesk } from '../helpers/tickets';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';
import type { MappingPreview } from '../../src/contract/preview';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
// Each task replays its run: what is not deterministic shows.
useStack((...made) => ([stack, desk] = made), { cachedRuns: 0 });

const ask = (body: object): Promise<Response> =>
  fetch(`${stack.webUrl}/api/mapping/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const preview = async (body: object): Promise<MappingPreview> => (await ask(body)).json() as Promise<MappingPreview>;

/** No city, a date that is none, an amount that is none. */
const THREE_FAULTS = { cf_site_city: null, cf_visit_date: null, cf_visit_time: 'noonish', cf_pay_amount: null };
const STRICT = `${DEFAULT_TEST_CONFIG}workOrder:
  title: { from: ticket.subject }
  types_of_work: { static: [{ id: 62, isPrimary: true }] }
  description.html: { from: ticket.description }
  location.mode: { static: custom }
  location.address1: { from: 'ticket.custom_fields."Site address"' }
  location.city: { from: 'ticket.custom_fields."Site city"' }
  location.state: { from: ticket.custom_fields.cf_site_state }
  location.zip: { from: ticket.custom_fields.cf_site_zip }
  location.country: { static: US }
  schedule.service_window.mode: { static: exact }
  schedule.service_window.start.utc: { from: ticket.custom_fields.cf_visit_time, date: field-nation }
  pay.type: { static: fixed }
  pay.base.units: { static: 1 }
  pay.base.amount: { from: ticket.priority_label, map: { low: 100, medium: 150 } }
`;

const sentToFieldNation = (since: number): string[] =>
  stack.sandbox.control
    .history()
    .slice(since)
    .filter((call) => call.system === 'field-nation')
    .map((call) => String(call.route));

test('a preview shows each target with source, action and value, and sends nothing', async () => {
  const id = desk.newTicket({ subject: 'Card reader offline' });
  const since = stack.sandbox.control.history().length;
  const shown = await preview({ ticket_id: id });
  expect(shown).toMatchObject({
    ...{ ticketId: id, visit: 1, correlationId: `FD-${stack.account}-${id}-1`, matchesRule: false, problems: [] },
    workOrder: { title: 'Card reader offline', pay: { type: 'fixed' } },
  });
  expect(shown.fields).toContainEqual({
    ...{ target: 'title', source: 'ticket.subject', action: 'from', value: 'Card reader offline' },
  });
  expect(sentToFieldNation(since)).toEqual([]);
  expect(desk.ordersOf(id)).toEqual([]);

  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  const order = stack.sandbox.control.workOrder(workOrderId);
  expect((order.description as { html: string }).html).toContain('Freshdesk ticket');
  expect(order.title).toBe(shown.workOrder.title);
});

test('a preview of a ticket with three faults names all three with field, value and remedy', async () => {
  stack.setConfig(STRICT);
  const id = desk.newTicket({ priority: 4, custom_fields: THREE_FAULTS });
  const { problems, fields } = await preview({ ticket_id: id });
  expect(problems.map(({ target, source, value }) => [target, source, value])).toEqual([
    ['schedule.service_window.start.utc', 'ticket.custom_fields.cf_visit_time', 'noonish'],
    ['pay.base.amount', 'ticket.priority_label', 'Urgent'],
    ['location.city', 'ticket.custom_fields."Site city"', null],
  ]);
  for (const { remedy } of problems) expect(remedy).toMatch(/mend|default|Fill in/);
  expect(fields.find(({ target }) => target === 'location.city')?.value).toBeNull();
});

test('the same faults stop the dispatch all at once before anything is created, and mending them lets it go on', async () => {
  stack.setConfig(STRICT);
  const id = desk.newTicket({ priority: 4, custom_fields: THREE_FAULTS });
  desk.trigger(id);
  const { attention } = await stack.view(id, 'the attention', (v) => v.attention?.reason === 'mapping');
  for (const word of ['noonish', 'Urgent', 'lacks a city']) expect(attention?.detail).toContain(word);
  expect(attention?.remedy).toContain('"Site city"');
  expect(desk.ordersOf(id)).toEqual([]);
  stack.sandbox.control.updateTicket(id, {
    ...{ priority: 1, custom_fields: { cf_site_city: 'Dayton', cf_visit_time: '2030-03-02 15:00' } },
  });
  const order = stack.sandbox.control.workOrder(await desk.dispatched(id));
  expect(order).toMatchObject({ location: { city: 'Dayton' }, pay: { base: { amount: 100 } } });
});

test('labels that the account does not have are named, and known as soon as Freshdesk has them', async () => {
  stack.setConfig(STRICT.replace('Site city', 'City of the site'));
  const id = desk.newTicket();
  const { problems } = await preview({ ticket_id: id });
  expect(problems).toContainEqual(
    expect.objectContaining({
      target: 'location.city',
      value: 'City of the site',
      message: expect.stringContaining('no ticket field'),
    }),
  );
});

test('previews the next visit of a ticket whose work is done', async () => {
  const id = desk.newTicket();
  desk.trigger(id);
  await desk.finish(id, await desk.dispatched(id));
  expect(await preview({ ticket_id: id })).toMatchObject({ visit: 2, correlationId: `FD-${stack.account}-${id}-2` });
  // The next test counts calls.
  await desk.quiet(id);
});

test('previews a ticket in hand without asking Freshdesk for it', async () => {
  const ticket = stack.sandbox.control.ticket(desk.newTicket());
  const since = stack.sandbox.control.history().length;
  const shown = await preview({ ticket: { ...ticket, id: 987_654, subject: 'From a file', status: 8 } });
  expect(shown).toMatchObject({
    ticketId: 987_654,
    matchesRule: true,
    problems: [],
    workOrder: { title: 'From a file' },
  });
  const asked = stack.sandbox.control.history().slice(since);
  expect(asked.filter((call) => String(call.route).includes('/tickets'))).toEqual([]);
});

test.each([
  ['an unknown ticket', { ticket_id: 123_456_789 }, 404, 'not-found'],
  ['neither', {}, 400, 'malformed'],
  ['both', { ticket_id: 1, ticket: {} }, 400, 'malformed'],
  ['no number', { ticket_id: 'x' }, 400, 'malformed'],
  ['no ticket', { ticket: { id: 'x' } }, 400, 'malformed'],
])('answers %s with a problem', async (_, body, status, code) => {
  const answer = await ask(body);
  expect([answer.status, await answer.json()]).toEqual([status, expect.objectContaining({ code })]);
});

test('a key without rights is told as Freshdesk says it, with what to do', async () => {
  stack.sandbox.control.setKnobs({ freshdesk: { forbidden: true } });
  const answer = await ask({ ticket_id: 1 });
  expect([answer.status, await answer.json()]).toEqual([
    502,
    expect.objectContaining({ code: 'upstream-refused', detail: expect.stringContaining('FRESHDESK_API_KEY') }),
  ]);
});

test('Freshdesk away for a moment delays the preview, and its run keeps nothing where it could be searched', async () => {
  stack.sandbox.control.addFault({ system: 'freshdesk', path: 'viewTicket', kind: 'reset-before', times: 1 });
  const id = desk.newTicket();
  expect(await preview({ ticket_id: id })).toMatchObject({ problems: [] });
  await until('the run to be listed', async () => (await desk.runsOf('mappingPreview')).length > 0);
  for (const workflowId of await desk.runsOf('mappingPreview')) {
    const { raw, memo } = await stack.client.workflow.getHandle(workflowId).describe();
    expect([memo, raw.workflowExecutionInfo?.searchAttributes?.indexedFields ?? {}]).toEqual([
      {},
      expect.not.objectContaining({ DeskbridgeTicketId: expect.anything() }),
    ]);
  }
});
