/** Each form in which Field Nation publishes what an order holds, read into one. */
import fc from 'fast-check';
import { readOrderEvent } from '../../src/domain/read-order-event';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import { contentsOf, keptContents, readWebhookEvent } from '../../src/domain/order-contents';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const asEvent = (workorder: object) =>
  readWebhookEvent({ event: { name: 'workorder.status.approved', params: { work_order_id: 9 } }, workorder });

describe('pay', () => {
  const of = (pay: unknown) => contentsOf({ pay }).pay;

  it.each<[string, object, object]>([
    ['the schema', { type: 'hourly', total: 240, labor_sum: 215 }, { type: 'hourly', total: 240 }],
    ['the guide', { type: 'hourly', total: { amount: 195, hours_worked: 3 } }, { type: 'hourly', total: 195 }],
    ['numbers as text', { type: 'hourly', total: '240.50' }, { type: 'hourly', total: 240.5 }],
    [
      'nothing of a total',
      { type: 'hourly', base: { amount: 65, units: 4 } },
      { type: 'hourly', base: { amount: 65, units: 4 } },
    ],
    [
      'a fixed pay, whose amount is the total',
      { type: 'fixed', base: { amount: 150, units: 1 } },
      { type: 'fixed', base: { amount: 150, units: 1 }, total: 150 },
    ],
    [
      'zeros where there is nothing',
      { type: 'fixed', base: { amount: 400, units: 1 }, additional: { units: 0, amount: 0 }, total: 0 },
      { type: 'fixed', base: { amount: 400, units: 1 }, total: 400 },
    ],
    [
      'a fixed pay of several units',
      { type: 'fixed', base: { amount: 150, units: 2 } },
      { type: 'fixed', base: { amount: 150, units: 2 }, total: 300 },
    ],
    [
      'a fixed pay without units',
      { type: 'fixed', base: { amount: 150 } },
      { type: 'fixed', base: { amount: 150 }, total: 150 },
    ],
    ['a fixed pay without an amount', { type: 'fixed', base: {} }, { type: 'fixed' }],
    [
      'a second rate',
      { type: 'blended', base: { amount: 100, units: 2 }, additional: { amount: '45', units: '3' } },
      { type: 'blended', base: { amount: 100, units: 2 }, additional: { amount: 45, units: 3 } },
    ],
  ])('reads %s', (_, told, read) => expect(of(told)).toEqual(read));

  it.each<[string, unknown, object]>([
    [
      'the sums of the schema, whose counts are no sums',
      {
        sum: { all: 70, approved: 2, approved_amount: 45, pending: 1 },
        results: [
          {
            id: 1,
            amount: 45,
            quantity: 1,
            status: 'approved',
            description: 'Cat6 cable',
            category: { id: 1, label: 'Materials' },
          },
        ],
      },
      {
        sum: { all: 70, approved_amount: 45 },
        results: [{ description: 'Cat6 cable', category: 'Materials', amount: 45, status: 'approved' }],
      },
    ],
    [
      'the totals of the guide',
      {
        results: [{ category: { name: 'Materials' }, amount: 45, status: 'pending' }],
        totals: { pending: 45, approved: 10, rejected: 5 },
      },
      { sum: { all: 55, approved_amount: 10 }, results: [{ category: 'Materials', amount: 45, status: 'pending' }] },
    ],
    ['two sums alone', { pending: 25, approved: 0 }, { sum: { all: 25, approved_amount: 0 } }],
    [
      'a list',
      [
        { description: 'Parking', amount: 12.1, status: 'approved' },
        { amount: 0.2, status: 'new' },
      ],
      {
        sum: { all: 12.3, approved_amount: 12.1 },
        results: [
          { description: 'Parking', amount: 12.1, status: 'approved' },
          { amount: 0.2, status: 'new' },
        ],
      },
    ],
    ['sums that are blank as no sums', { pending: ' ', approved: '25' }, { sum: { approved_amount: 25 } }],
    ['a sum below zero as none', { pending: -5, approved: 25 }, { sum: { approved_amount: 25 } }],
    ['a sum without an end as none', { pending: Infinity, approved: 25 }, { sum: { approved_amount: 25 } }],
    ['pending ones alone without making up a sum', { pending: 25 }, { sum: {} }],
    ['nothing of what is no list', 'a lot', { sum: {} }],
    ['the sum of nothing', [], { sum: { all: 0, approved_amount: 0 }, results: [] }],
    [
      'one without an amount without making up a sum',
      [{ status: 'new' }, { amount: 5, status: 'approved' }],
      { sum: { approved_amount: 5 }, results: [{ status: 'new' }, { amount: 5, status: 'approved' }] },
    ],
    [
      'a hundred at most',
      Array.from({ length: 101 }, () => ({ amount: 1, status: 'new' })),
      {
        sum: { all: 100, approved_amount: 0 },
        results: Array.from({ length: 100 }, () => ({ amount: 1, status: 'new' })),
      },
    ],
    [
      'several of a kind without making up a sum',
      [{ amount: 5, quantity: 3, status: 'approved' }],
      { sum: {}, results: [{ amount: 5, quantity: 3, status: 'approved' }] },
    ],
  ])('reads expenses as %s', (_, expenses, read) => expect(of({ expenses })?.expenses).toEqual(read));
});

describe('the technician’s numbers', () => {
  const person = {
    id: 7,
    first_name: 'Lee',
    last_name: 'Park',
    phone: '+19375550171',
    cell: '',
    email: 'lee@techs.example',
  };
  const read = { phone: '+19375550171', email: 'lee@techs.example' };
  it.each<[string, object, object | undefined]>([
    ['under assignee.user', { assignee: { user: person } }, read],
    ['in assignee itself', { assignee: { user: null, ...person } }, read],
    ['as provider', { provider: person }, read],
    ['nowhere, of an order that nobody has', { assignee: { user: null } }, {}],
    ['nowhere, in a body that names the technician alone', { assignee: { id: 7, first_name: 'Lee' } }, undefined],
    ['nowhere, in a thin body', { id: 9, title: 'Reader' }, undefined],
  ])('are found %s', (_, order, contact) => expect(contentsOf({ ...order }).contact).toEqual(contact));
});

describe('place and time', () => {
  it('reads the address, and the name of a saved location', () => {
    const address = { address1: '200 Elm Ave', address2: '', city: 'Duluth', state: 'MN', zip: '55802', country: 'US' };
    const { address2: _, ...told } = address;
    expect(contentsOf({ location: { ...address, mode: 'custom', display_name: 'Store 18' } }).location).toEqual({
      ...{ ...told, mode: 'custom', display_name: 'Store 18' },
    });
    const saved = { ...address, display_name: '', saved_location: { id: 3, name: 'Store 18', display_name: '' } };
    expect(contentsOf({ location: saved }).location).toEqual({ ...told, display_name: 'Store 18' });
  });

  it('reads start and end in UTC and at the site, in either spelling', () => {
    const start = { utc: '2027-03-02T15:00:00Z', local: { date: '2027-03-02', time: '09:00:00' } };
    const window = { mode: 'between', start, end: { utc: '2027-03-02 19:00:00', local: { date: '', time: '' } } };
    const read = {
      service_window: {
        mode: 'between',
        start: { utc: '2027-03-02 15:00:00', local: { date: '2027-03-02', time: '09:00:00' } },
        end: { utc: '2027-03-02 19:00:00' },
      },
      time_zone: { name: 'America/Chicago' },
    };
    const zone = { id: 9, name: 'America/Chicago' };
    expect(contentsOf({ schedule: { service_window: window, time_zone: zone } }).schedule).toEqual(read);
    expect(contentsOf({ schedule: { serviceWindow: window, timeZone: zone } }).schedule).toEqual(read);
  });

  it.each<[string, object]>([
    [
      'of the schema',
      {
        hours: 2.5,
        results: [
          {
            id: 1,
            in: { created: { utc: '2027-03-02 15:00:00' } },
            out: { created: { utc: '2027-03-02 17:30:00' } },
            hours: 2.5,
          },
        ],
      },
    ],
    [
      'of the guide',
      {
        total_hours: 2.5,
        results: [{ id: 1, start: { utc: '2027-03-02 15:00:00' }, end: { utc: '2027-03-02 17:30:00' }, hours: 2.5 }],
      },
    ],
  ])('reads time logs %s', (_, logs) => {
    const read = [{ in: '2027-03-02T15:00:00.000Z', out: '2027-03-02T17:30:00.000Z', hours: 2.5 }];
    expect(asEvent({ time_logs: logs })).toMatchObject({ hours: 2.5, contents: { time_logs: { results: read } } });
  });
});

describe('custom fields, tasks and signatures', () => {
  const [ticket, serial] = [
    { id: 129, name: ' Ticket ', value: 'T-1' },
    { id: 140, name: 'Serial', value: 'SN-7' },
  ];
  const read = [{ id: 129, name: 'Ticket', value: 'T-1' }, serial];
  it.each<[string, unknown]>([
    [
      'in groups',
      {
        internal: { ...ticket },
        results: [
          { id: 1, name: 'Buyer', results: [ticket, { id: 130, name: 'Priority', value: '' }] },
          { id: 2, role: 'assigned_provider', results: [serial] },
        ],
      },
    ],
    ['in one list', { metadata: { total: 2 }, results: [ticket, serial] }],
    ['as a bare list', [ticket, serial]],
  ])('reads fields %s, without empty ones', (_, fields) =>
    expect(contentsOf({ custom_fields: fields }).custom_fields).toEqual(read),
  );

  it('reads the internal ticket number where it is all there is', () => {
    expect(contentsOf({ customFields: { internal: ticket } }).custom_fields).toEqual([read[0]]);
  });

  it('says which tasks are done', () => {
    const results = [
      { label: 'Check in', status: 'complete' },
      { label: '', description: 'Swap the reader', status: 'new', completed: { utc: '2027-03-02 16:00:00' } },
      { label: 'Check out', status: 'incomplete', completed: { utc: '', local: { date: '', time: '' } } },
    ];
    expect(contentsOf({ tasks: { results } }).tasks).toEqual([
      { label: 'Check in', done: true },
      { label: 'Swap the reader', done: true },
      { label: 'Check out', done: false },
    ]);
  });

  it('names who signed, without the picture', () => {
    const results = [
      { id: 101, name: 'Ana Ruiz', data: 'data:image/png;base64,iVBOR' },
      { id: 102, name: '' },
    ];
    expect(contentsOf({ signatures: { results } }).signatures).toEqual(['Ana Ruiz']);
  });
});

describe('an event', () => {
  const whole = {
    ...{ id: 9, title: 'Reader', status: { id: 5 }, pay: { type: 'fixed', base: { amount: 150, units: 1 } } },
    ...{ location: { city: 'Duluth' }, custom_fields: { results: [] }, tasks: { results: [] }, signatures: null },
  };

  it('carries what its order holds, also that there is nothing of a kind', () => {
    const event = asEvent(whole);
    expect(Object.keys(event?.contents ?? {}).sort()).toEqual([
      'custom_fields',
      'location',
      'pay',
      'signatures',
      'tasks',
    ]);
    expect(event && readOrderEvent(reduceEvent(event))).toEqual(event);
  });

  it('carries nothing of it where no status hangs on the event', () => {
    expect(
      readWebhookEvent({ event: { name: 'workorder.message_posted' }, workorder: whole })?.contents,
    ).toBeUndefined();
  });

  it('leaves out whole parts that have no room in 4 kB, and keeps the others', () => {
    const tasks = { results: Array.from({ length: 60 }, (_, n) => ({ label: `Task ${n} ${'x'.repeat(100)}` })) };
    const event = asEvent({ ...whole, tasks });
    expect(event?.contents).toMatchObject({ pay: { total: 150 }, location: { city: 'Duluth' } });
    expect(event?.contents?.tasks).toBeUndefined();
    expect(event && bytes(reduceEvent(event))).toBeLessThanOrEqual(4000);
  });

  it('takes over contents that were kept, and none that have no room', () => {
    const kept = { event: { name: 'workorder.status.approved' }, workorder: { id: 9 } };
    expect(readOrderEvent({ ...kept, contents: { pay: { total: 5 } } })?.contents).toEqual({ pay: { total: 5 } });
    expect(readOrderEvent({ ...kept, contents: { pay: 'x'.repeat(4000) } })?.contents).toBeUndefined();
    expect(readWebhookEvent({ ...kept, contents: { pay: { total: 5 } } })?.contents).toBeUndefined();
  });

  it('lets no provider’s field pass for the buyer’s id, also when it is read again', () => {
    const results = [{ role: 'assigned_provider', results: [{ id: 140, name: 'Serial', value: 'FD-acme-1-1' }] }];
    const event = asEvent({ ...whole, custom_fields: { results } });
    expect(event?.correlationId).toBeNull();
    expect(event && readOrderEvent(reduceEvent(event))?.correlationId).toBeNull();
  });

  it('reads the same from what it was reduced to, and stays small, whatever stands in the parts', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.constantFrom('漢', '\ud800', ' x', '"').map((char) => char.repeat(900)),
      fc.constantFrom('2027-03-02 15:00:00', 'complete', 'fixed', '1e308', -0, 1e308, 0.1, 3, null, true),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const some = (...names: string[]) =>
      fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
    const listed = (item: fc.Arbitrary<unknown>) =>
      fc.oneof(value, fc.array(item, { maxLength: 5 }), fc.record({ results: fc.array(item, { maxLength: 5 }) }));
    const expense = some('description', 'category', 'amount', 'quantity', 'status');
    const expenses = fc.oneof(
      listed(expense),
      some('pending', 'approved', 'sum'),
      fc.record({ sum: some('all', 'approved_amount'), totals: some('pending', 'approved'), results: value }),
    );
    const order = fc.record(
      {
        pay: fc.oneof(value, fc.record({ type: value, base: some('amount', 'units'), total: value, expenses })),
        ...{ location: some('city', 'display_name', 'saved_location'), assignee: some('id', 'phone', 'user') },
        schedule: fc.record({ service_window: fc.record({ mode: value, start: some('utc', 'local') }) }),
        time_logs: listed(some('in', 'out', 'start', 'hours')),
        custom_fields: listed(
          fc.oneof(some('id', 'name', 'value'), fc.record({ results: listed(some('name', 'value')) })),
        ),
        ...{ tasks: listed(some('label', 'status', 'completed')), signatures: listed(some('name')) },
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(order, (workorder) => {
        const event = asEvent(workorder);
        if (!event) throw new Error('it has a name');
        expect(readOrderEvent(JSON.parse(JSON.stringify(reduceEvent(event))))).toEqual(event);
        expect(bytes(reduceEvent(event))).toBeLessThanOrEqual(4000);
        const contents = contentsOf(workorder);
        expect(keptContents(JSON.parse(JSON.stringify(contents)))).toEqual(contents);
      }),
      { numRuns: 500 },
    );
  });
});
