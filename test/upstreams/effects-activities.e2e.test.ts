import type { OrderEvent } from '../../src/domain/order-event';
import { ACCOUNT, attempt, correlationIdOf, failureOf, startBench, type Bench } from './activity-setup';
import type { EffectInput, EffectPlan } from '../../src/contract/effect-calls';

let bench: Bench;
beforeAll(async () => void (bench = await startBench()));
afterEach(() => bench.reset());
afterAll(() => bench.stop());

const AT = '2027-03-02T16:30:00.000Z';
const event = (patch: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ key: '1', name: 'workorder.status.work_done', at: AT, status: 'work-done', workOrderId: 901234 },
  ...{ correlationId: null, title: 'A visit', closingNotes: null, hours: null, start: null },
  provider: { id: 55021, first_name: 'Lee', last_name: 'Park' },
  ...patch,
});
const input = (patch: Partial<EffectInput> = {}): EffectInput => ({
  ...{ account: ACCOUNT, ticketId: 4711, correlationId: correlationIdOf(4711), visit: 1, workOrderId: 901234 },
  ...{ workOrderUrl: 'https://fn.example/901234', key: 'work-done', at: AT, event: event() },
  ...patch,
});
const planOf = async (status: string, patch: Partial<EffectInput> = {}): Promise<EffectPlan> => {
  const activities = bench.start({ config: `status: ${status}` });
  return (await attempt(() => activities.planEffect(input(patch)))) as EffectPlan;
};

describe('an event that names its order and no more', () => {
  const thin = (): OrderEvent => event({ title: null, provider: null, thin: true });
  const done = async (): Promise<number> => {
    const { workOrderId } = await bench.draft(bench.ticket());
    for (const action of ['assign', 'check-in', 'check-out'] as const) bench.control.act(workOrderId, action);
    bench.control.act(workOrderId, 'work-done', { text: 'Swapped the reader.' });
    bench.control.clearHistory();
    return workOrderId;
  };

  it('is completed by one read of the order: technician, time and closing notes stand in the note', async () => {
    const workOrderId = await done();
    const effect = input({ workOrderId, event: { ...thin(), workOrderId } });
    const { note } = (await attempt(() => bench.start().planEffect(effect))) as EffectPlan;
    expect(note?.body).toMatch(/Completed by \w+ \w+\s+on \d{4}-/);
    expect(note?.body).toContain('Swapped the reader.');
    expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id']);
  });

  it('is completed for a field, too', async () => {
    const workOrderId = await done();
    const fields = '{ work-done: { fields: { cf_title: { from: workOrder.title }, cf_by: { from: provider.name } } } }';
    const effect = input({ workOrderId, event: { ...thin(), workOrderId } });
    const activities = bench.start({ config: `status: ${fields}` });
    const { update } = (await attempt(() => activities.planEffect(effect))) as EffectPlan;
    expect(update?.fields).toEqual({
      cf_title: expect.stringMatching(/\w/) as string,
      cf_by: expect.stringMatching(/\w/) as string,
    });
    expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id']);
  });

  it('costs no read where no template names the order, or the event tells all', async () => {
    const workOrderId = await done();
    const effect = input({ workOrderId, event: { ...thin(), workOrderId } });
    const plain = bench.start({ config: 'status: { work-done: { note: Done } }' });
    expect(await attempt(() => plain.planEffect(effect))).toMatchObject({ update: null });
    await attempt(() => bench.start({ config: '' }).planEffect(input({ workOrderId })));
    expect(bench.calls('field-nation')).toEqual([]);
  });

  const FIELDS =
    '{ work-done: { fields: { cf_pay: { from: workOrder.pay.type }, cf_city: { from: workOrder.location.city } } } }';
  const fieldsOf = async (effect: EffectInput, fields = FIELDS): Promise<unknown> => {
    const activities = bench.start({ config: `status: ${fields}` });
    return ((await attempt(() => activities.planEffect(effect))) as EffectPlan).update?.fields;
  };

  it('is completed by what the order holds: pay and place', async () => {
    const workOrderId = await done();
    const effect = input({ workOrderId, event: { ...thin(), workOrderId } });
    expect(await fieldsOf(effect)).toEqual({ cf_pay: 'fixed', cf_city: expect.stringMatching(/\w/) as string });
    expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id']);
  });

  it('is read for a part that had no room in an event, and for no other', async () => {
    const workOrderId = await done();
    const contents = { location: { city: 'Duluth' } };
    const effect = input({ workOrderId, event: event({ workOrderId, contents }) });
    const city = '{ work-done: { fields: { cf_city: { from: workOrder.location.city } } } }';
    expect(await fieldsOf(effect, city)).toEqual({ cf_city: 'Duluth' });
    expect(bench.calls('field-nation')).toEqual([]);
    expect(await fieldsOf(effect)).toEqual({ cf_pay: 'fixed', cf_city: 'Duluth' });
    expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id']);
  });

  it.each(['workOrder.title', 'workOrder.schedule.service_window.start.utc'])(
    'is read for %s, which every order has, where its event tells other things alone',
    async (path) => {
      const workOrderId = await done();
      const effect = input({ workOrderId, event: event({ workOrderId, title: null }) });
      const fields = `{ work-done: { fields: { cf_told: { from: ${path} } } } }`;
      expect(await fieldsOf(effect, fields)).toEqual({ cf_told: expect.stringMatching(/\w/) as string });
      expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id']);
    },
  );

  it('is completed where a status came without an event', async () => {
    const workOrderId = await done();
    expect(await fieldsOf(input({ workOrderId, event: null }))).toMatchObject({ cf_pay: 'fixed' });
  });

  it('has the address of the technician from Field Nation’s users, who alone tell it', async () => {
    const workOrderId = await done();
    const fields =
      '{ work-done: { fields: { cf_mail: { from: provider.email }, cf_phone: { from: provider.phone } } } }';
    const read = {
      cf_mail: expect.stringMatching(/@techs\.example$/) as string,
      cf_phone: expect.stringMatching(/^\+1/) as string,
    };
    expect(await fieldsOf(input({ workOrderId, event: { ...thin(), workOrderId } }), fields)).toEqual(read);
    expect(bench.calls('field-nation')).toEqual(['GET /workorders/:id', 'GET /users/:id']);
    bench.control.clearHistory();
    const contents = { contact: { phone: '+1', email: 'lee@techs.example' } };
    await fieldsOf(input({ workOrderId, event: event({ workOrderId, contents }) }), fields);
    expect(bench.calls('field-nation')).toEqual([]);
  });

  it('does not keep the ticket waiting for a Field Nation that is away', async () => {
    const workOrderId = await done();
    bench.control.addFault({ system: 'field-nation', kind: 'status', status: 503 });
    const effect = input({ workOrderId, event: { ...thin(), workOrderId } });
    const activities = bench.start();
    const { nonRetryable } = await failureOf(() => activities.planEffect(effect));
    expect(nonRetryable).toBeFalsy();
    const plan = (await attempt(() => activities.planEffect(effect), 2)) as EffectPlan;
    expect(plan.note?.body).toContain('Completed by the provider');
  });
});

describe('planEffect', () => {
  it('resolves the ticket with a note by the shipped config, without any call', async () => {
    const plan = (await attempt(() => bench.start().planEffect(input({ event: event({ hours: 2.5 }) })))) as EffectPlan;
    expect(plan.update).toEqual({ status: 'Resolved', fields: {}, addTags: [], removeTags: [] });
    expect(plan.note?.body).toContain('Work order 901234 is done.');
    expect(plan.note?.body).toContain('Lee Park');
    expect(plan.note?.body).toContain('Hours on site: 2.5');
    expect(bench.control.history()).toEqual([]);
  });

  it('does nothing for a status that the config does not name, and for a draft', async () => {
    const activities = bench.start();
    for (const key of ['approved', 'confirmed', 'draft'] as const) {
      expect(await attempt(() => activities.planEffect(input({ key })))).toBeNull();
    }
  });

  it('asks for neither update nor note where the config has none', async () => {
    expect(await planOf('{ work-done: { note: Done } }')).toMatchObject({ update: null });
    expect(await planOf('{ work-done: { ticketStatus: Resolved } }')).toMatchObject({ note: null });
    expect(await planOf('{ work-done: {} }')).toEqual({ update: null, note: null });
  });

  it('fills fields and tags, with text as it is', async () => {
    const provider = { id: 1, first_name: 'Anne & Bob', last_name: '<Lee>' };
    const effect =
      '{ work-done: { fields: { cf_technician: "{{provider.name}}", cf_after_hours: true }, addTags: [a], removeTags: [b] } }';
    expect((await planOf(effect, { event: event({ provider }) })).update).toEqual({
      status: null,
      fields: { cf_technician: 'Anne & Bob <Lee>', cf_after_hours: true },
      addTags: ['a'],
      removeTags: ['b'],
    });
  });

  it('lets no text of the provider become HTML in the note', async () => {
    const hostile = '<script>alert(1)</script> & "quotes" {{ticket.subject}}';
    const note = await planOf('{ work-done: { note: "By {{provider.name}}: {{workOrder.closing_notes}}" } }', {
      event: event({ closingNotes: hostile, provider: { id: 1, first_name: '<img src=x>', last_name: '' } }),
    });
    expect(note.note?.body).not.toMatch(/<script|<img/);
    expect(note.note?.body).toContain('&lt;script&gt;');
    expect(note.note?.body).toContain('{{ticket.subject}}');
  });

  it('keeps the line breaks of a plain template', async () => {
    expect((await planOf('{ work-done: { note: "One\\nTwo" } }')).note?.body).toContain('<div>One<br>Two</div>');
  });

  it('ends each note with a marker that names visit, status and time', async () => {
    const { note } = await planOf('{ work-done: { note: Done } }');
    expect(note?.marker).toBe(`${correlationIdOf(4711)} work-done ${AT}`);
    expect(note?.body.endsWith(`<div><small>Deskbridge ${note.marker}</small></div>`)).toBe(true);
    const other = await planOf('{ work-done: { note: Done } }', { correlationId: correlationIdOf(4711, 2) });
    expect(other.note?.marker).not.toBe(note?.marker);
  });

  it('goes without what an event did not tell', async () => {
    const { note } = await planOf(
      '{ work-done: { note: "{{provider.name}}{{^provider.name}}Somebody{{/provider.name}}" } }',
      { event: null, workOrderId: null },
    );
    expect(note?.body).toContain('<div>Somebody</div>');
  });

  it.each([
    ['{{ticket.id}}', false],
    ['{{ticket.subject}}', true],
    ['{{#ticket.due_by}}due{{/ticket.due_by}}', true],
    ['{{ticket.id}} {{ ticket.requester.name }}', true],
    ['ticket.subject as a word', false],
  ])('knows whether the template %j needs the ticket', async (template, needs) => {
    const plan: unknown = await planOf(`{ work-done: { note: ${JSON.stringify(template)} } }`);
    expect(plan === 'needs-ticket').toBe(needs);
  });
});

describe('planEffectWithTicket', () => {
  const effect = { config: 'status: { work-done: { note: "{{ticket.subject}} of {{ticket.requester.name}}" } }' };

  it('reads the ticket with one call, and escapes what stands in it', async () => {
    const ticketId = bench.ticket({ subject: '<b>Bold</b>' });
    const activities = bench.start(effect);
    const plan = await attempt(() => activities.planEffectWithTicket(input({ ticketId })));
    expect(plan?.note?.body).toContain('&lt;b&gt;Bold&lt;/b&gt; of ');
    expect(bench.calls('freshdesk')).toEqual(['GET /tickets/:id']);
  });

  it('finds a ticket gone that is not there', async () => {
    const activities = bench.start(effect);
    const failure = await failureOf(() => activities.planEffectWithTicket(input({ ticketId: 999_999 })));
    expect(failure).toMatchObject({ type: 'NotFound', nonRetryable: true });
  });
});

describe('findDispatchOfWorkOrder', () => {
  it('asks the engine', async () => {
    expect(await attempt(() => bench.start().findDispatchOfWorkOrder({ workOrderId: 7 }))).toBe('dispatch-of-7');
  });
});
