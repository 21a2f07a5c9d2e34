import fc from 'fast-check';
import { readOrderEvent } from '../../src/domain/read-order-event';
import { reduceEvent } from '../../src/domain/reduce-order-event';
import { EVENT_NAMES } from '../../sandbox';

/** The sample of the Field Nation contract, 15.2, with the parts of the order that Deskbridge reads. */
const sample = (patch: Record<string, unknown> = {}, order: Record<string, unknown> = {}) => ({
  event: { name: 'workorder.status.assigned', params: { work_order_id: 901234, status_id: 3 } },
  timestamp: '2027-02-27T09:15:42-06:00',
  triggered_by_user: { id: 1068 },
  workorder: {
    ...{ id: 901234, title: 'Ticket 4711: replace receipt printer' },
    status: { id: 3, name: 'Assigned', sub_status: '' },
    assignee: { user: { id: 55021, first_name: 'Lee', last_name: 'Park' } },
    description: { html: '<p>Swap the printer.</p><p>Deskbridge FD-acme-4711-1</p>' },
    schedule: { service_window: { mode: 'exact', start: { utc: '2027-03-02 15:00:00' } } },
    time_logs: { hours: 2.5 },
    closing_notes: 'All good',
    ...order,
  },
  ...patch,
});

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3000 }),
  fc.constantFrom('漢', '\u0000', '"', '\ud800', '😀', ' ', 'é').map((char) => char.repeat(5000)),
  fc.constantFrom(' x', 'x ', 'x\n').map((part) => part.repeat(3000)),
  fc.jsonValue(),
);
const hostile = fc.record(
  {
    event: fc.record(
      {
        name: fc.oneof(fc.constantFrom(...EVENT_NAMES), nasty),
        params: fc.oneof(
          fc.record({ work_order_id: nasty, estimated_delay: fc.oneof(nasty, fc.double(), fc.integer()) }),
          nasty,
        ),
      },
      { requiredKeys: [] },
    ),
    timestamp: fc.oneof(
      nasty,
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
      fc.constant('9999-12-31T23:59:59-14:00'),
    ),
    delivery: nasty,
    workorder: fc.record(
      {
        ...{ id: fc.oneof(nasty, fc.double()), work_order_id: nasty, title: nasty, closing_notes: nasty },
        description: fc.record({ html: fc.oneof(nasty, fc.constant(`<p>Deskbridge FD-${'a'.repeat(180)}-1-1</p>`)) }),
        time_logs: fc.record({ hours: fc.oneof(nasty, fc.double(), fc.constant({ toString: 1, valueOf: 1 })) }),
        eta: fc.record({ start: fc.record({ utc: fc.oneof(nasty, fc.constant('2027-03-02 15:00:00')) }) }),
        milestones: fc.record({
          assigned: fc.record({ utc: fc.oneof(nasty, fc.constant('2027-03-02T15:00:00Z')) }),
          workdone: fc.record({ utc: fc.constantFrom('2027-03-02 15:00:00.123', '', null) }),
        }),
        schedule: fc.record({ service_window: fc.record({ start: fc.record({ utc: nasty }) }) }),
        assignee: fc.record({
          user: fc.record({ id: nasty, first_name: nasty, last_name: nasty }, { requiredKeys: [] }),
        }),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['event'] },
);

describe('reading an event', () => {
  it('takes out what Deskbridge keeps', () => {
    expect(readOrderEvent(sample({ delivery: '0b5c' }))).toEqual({
      key: '0b5c',
      name: 'workorder.status.assigned',
      at: '2027-02-27T15:15:42.000Z',
      status: 'assigned',
      workOrderId: 901234,
      correlationId: 'FD-acme-4711-1',
      title: 'Ticket 4711: replace receipt printer',
      closingNotes: 'All good',
      hours: 2.5,
      start: '2027-03-02 15:00:00',
      provider: { id: 55021, first_name: 'Lee', last_name: 'Park' },
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ['in assignee itself', { assignee: { id: 55021, first_name: 'Lee', last_name: 'Park' } }],
    ['as provider', { assignee: undefined, provider: { id: 55021, firstName: 'Lee', lastName: 'Park' } }],
    ['beside an empty user', { assignee: { user: null, id: 55021, first_name: 'Lee', last_name: 'Park' } }],
  ])('finds the technician %s', (_, order) => {
    expect(readOrderEvent(sample({}, order))?.provider).toEqual({ id: 55021, first_name: 'Lee', last_name: 'Park' });
  });

  it('reads the older body like the newest one, with names in either spelling', () => {
    const newest = readOrderEvent(sample({ delivery: 'evt_1' }));
    const { workorder, timestamp } = sample();
    const { closing_notes: closingNotes, time_logs: timeLogs, ...rest } = workorder as Record<string, unknown>;
    const data = { ...rest, closingNotes, timeLogs };
    const eventName = 'workorder.status.assigned';
    expect(readOrderEvent({ eventName, eventId: 'evt_1', workOrderId: 901234, timestamp, data })).toEqual(newest);
  });

  it('says that an event is thin, and still does when it was reduced', () => {
    const thin = readOrderEvent(sample({ workorder: { id: 901234, title: 'A visit' } }));
    expect(thin).toMatchObject({ workOrderId: 901234, thin: true });
    const full = readOrderEvent(sample({}, { title: undefined, assignee: { user: null } }));
    expect(full?.thin).toBeUndefined();
    for (const event of [thin, full]) expect(event && readOrderEvent(reduceEvent(event))).toEqual(event);
  });

  it('takes times and delay where the event carries them', () => {
    const event = { name: 'workorder.status.delayed', params: { estimated_delay: 2700 } };
    const milestones = { assigned: { utc: '2027-03-01 09:00:00' }, workdone: { utc: '' } };
    const order = { eta: { start: { utc: '2027-03-02T15:20:00Z' } }, milestones };
    expect(readOrderEvent(sample({ event }, order))?.times).toEqual({
      eta: '2027-03-02T15:20:00.000Z',
      assigned: '2027-03-01T09:00:00.000Z',
      delayMinutes: 45,
    });
  });

  it('takes the work order id from either revision of the params, and numbers as text', () => {
    const of = (params: object, order: object = { id: undefined }) =>
      readOrderEvent(sample({ event: { name: 'workorder.created', params } }, order as Record<string, unknown>))
        ?.workOrderId;
    expect(of({ work_order_id: 901234, status_id: 3 })).toBe(901234);
    expect(of({ work_order_id: '901234', previous_status_id: 2 })).toBe(901234);
    expect(of({}, { id: '901234' })).toBe(901234);
    expect(of({}, { id: '', work_order_id: 901234 })).toBe(901234);
    expect(of({ work_order_id: 0 })).toBeNull();
  });

  it('knows an event without a delivery id by work order, name and time', () => {
    expect(readOrderEvent(sample())?.key).toBe('901234 workorder.status.assigned 2027-02-27T15:15:42.000Z');
  });

  it('keeps events with the longest names apart by their time', () => {
    const of = (timestamp: string) => readOrderEvent(sample({ event: { name: 'x'.repeat(300) }, timestamp }))?.key;
    expect(of('2027-02-27T09:15:42Z')).not.toBe(of('2027-02-27T09:15:43Z'));
  });

  it('takes the same status from every one of the 33 events as from its name', () => {
    for (const name of EVENT_NAMES) expect(readOrderEvent(sample({ event: { name } }))?.name).toBe(name);
  });

  it.each([
    ['2027-02-27T09:15:42-06:00', '2027-02-27T15:15:42.000Z'],
    ['2027-02-27T15:15:42Z', '2027-02-27T15:15:42.000Z'],
    ['2027-02-27 15:15:42', '2027-02-27T15:15:42.000Z'],
    ['', null],
    ['yesterday', null],
    ['1', null],
    ['2027-02-31T25:00:00Z', null],
    [1803738942000, null],
    ['9999-12-31T23:59:59-14:00', null],
  ])('reads the time %j as %j wherever the service runs', (timestamp, at) => {
    expect(readOrderEvent(sample({ timestamp }))?.at).toBe(at);
  });

  it.each([
    null,
    undefined,
    7,
    'text',
    [],
    {},
    { event: null },
    { event: {} },
    { event: { name: ' ' } },
    { event: { name: {} } },
  ])('takes %j for no event', (body) => {
    expect(readOrderEvent(body)).toBeNull();
  });

  it('takes zero-filled and empty values for absent ones', () => {
    const empty = {
      title: '',
      closing_notes: '',
      time_logs: { hours: 0 },
      schedule: '',
      assignee: { user: '' },
      description: '',
    };
    expect(readOrderEvent(sample({}, empty))).toMatchObject({
      ...{ title: null, closingNotes: null, hours: null, start: null, provider: null, correlationId: null },
    });
  });

  it('never throws, whatever JSON comes in', () => {
    fc.assert(
      fc.property(fc.oneof(hostile, fc.jsonValue()), (body) => {
        expect(() => readOrderEvent(body)).not.toThrow();
      }),
    );
  });
});

describe('reducing an event', () => {
  it('reads the same from the reduced event as from the full one', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const event = readOrderEvent(body);
        if (event) expect(readOrderEvent(JSON.parse(JSON.stringify(reduceEvent(event))))).toEqual(event);
      }),
      { numRuns: 500 },
    );
    const event = readOrderEvent(sample());
    expect(event && readOrderEvent(reduceEvent(event))).toEqual(event);
  });

  it('stays under 4 kB for any input', () => {
    fc.assert(
      fc.property(hostile, (body) => {
        const event = readOrderEvent(body);
        if (event) expect(bytes(reduceEvent(event))).toBeLessThanOrEqual(4000);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['漢', '\u0000', '"', '\ud800', '😀', 'x'])('stays under 4 kB when every text is full of %j', (char) => {
    const long = char.repeat(5000);
    const user = { id: Number.MAX_SAFE_INTEGER, first_name: long, last_name: long };
    const event = readOrderEvent(
      sample(
        { event: { name: long }, delivery: long },
        {
          ...{ id: Number.MAX_SAFE_INTEGER, title: long, closing_notes: long, assignee: { user } },
          time_logs: { hours: Number.MAX_VALUE },
          schedule: { service_window: { start: { utc: long } } },
          custom_fields: { internal: { value: `FD-${'a'.repeat(190)}-1-1` } },
        },
      ),
    );
    expect(event).not.toBeNull();
    expect(event && bytes(reduceEvent(event))).toBeLessThanOrEqual(4000);
    expect(event && readOrderEvent(reduceEvent(event))).toEqual(event);
  });
});

test('a text that was cut shows it, and reads the same the second time', () => {
  const closing_notes = `${'Line A: replaced reader. '.repeat(200)}SERIAL SN-778812`;
  const event = readOrderEvent({ event: { name: 'workorder.status.work_done' }, workorder: { id: 1, closing_notes } });
  expect(event?.closingNotes).toMatch(/^Line A.*…$/);
  expect(readOrderEvent(reduceEvent(event!))?.closingNotes).toBe(event?.closingNotes);
  const short = { event: { name: 'x' }, workorder: { closing_notes: 'All good.' } };
  expect(readOrderEvent(short)?.closingNotes).toBe('All good.');
});
