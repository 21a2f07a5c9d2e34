import fc from 'fast-check';
import {
  dispatchStateOf,
  isAssigned,
  isFinal,
  isStage,
  isWorkOver,
  mayBeOurChange,
  passesWorkDone,
  sameStage,
  STATUS_KEYS,
  type KnownStatus,
  type NewsKey,
  type OrderStatus,
} from '../../src/domain/status';
import { bearsOut, judge } from '../../src/domain/status-order';
import { NEWS_EVENTS, statusOfEvent } from '../../src/domain/status-of-event';
import { statusOfOrder } from '../../src/domain/status-of-order';
import { EVENT_NAMES } from '../../sandbox';
import { deliveriesOf, knownAfter, lives, timeOf } from './work-order-life';

const at = (key: OrderStatus, seconds: number | null): KnownStatus => ({
  key,
  at: seconds === null ? null : timeOf(seconds),
});
const KEYS: OrderStatus[] = ['draft', ...STATUS_KEYS];
const anyStatus = fc.record({
  key: fc.constantFrom(...KEYS),
  at: fc.option(fc.oneof(fc.nat(100).map(timeOf), fc.string())),
});

describe('the order of events', () => {
  it('ends in the last true status, whatever the order and repetition of the events', () => {
    const delivered = lives(60).chain((life) => deliveriesOf(life).map((deliveries) => ({ life, deliveries })));
    fc.assert(
      fc.property(delivered, ({ life, deliveries }) => {
        const last = life[life.length - 1] as KnownStatus;
        expect(knownAfter(deliveries, last.key)).toEqual(last);
      }),
      { numRuns: 2000 },
    );
  });

  it('changes nothing any more when all events come a second time', () => {
    const delivered = lives(60).chain((life) => deliveriesOf(life).map((deliveries) => ({ life, deliveries })));
    fc.assert(
      fc.property(delivered, ({ life, deliveries }) => {
        const truth = (life[life.length - 1] as KnownStatus).key;
        expect(knownAfter([...deliveries, ...deliveries], truth)).toEqual(knownAfter(deliveries, truth));
      }),
    );
  });

  it('never believes a step back that the work order does not confirm', () => {
    fc.assert(
      fc.property(anyStatus, anyStatus, (known, event) => {
        const cancelledAssignment = event.key === 'assignment-cancelled' && sameStage(known.key, 'assigned');
        const stepsBack = isStage(event.key) && knownStage(event.key) < knownStage(known.key);
        if (stepsBack && !cancelledAssignment) expect(judge(known, event)).not.toBe('apply');
      }),
    );
  });

  it('has a verdict for anything', () => {
    fc.assert(
      fc.property(fc.option(anyStatus), anyStatus, (known, event) => {
        expect(['apply', 'old', 'check']).toContain(judge(known, event));
      }),
    );
  });

  it.each<[string, KnownStatus | null, KnownStatus, 'apply' | 'old' | 'check']>([
    ['takes the first word', null, at('checked-in', 5), 'apply'],
    ['takes the next status of the path', at('published', 1), at('assigned', 2), 'apply'],
    ['keeps an older event as old news', at('assigned', 2), at('published', 1), 'old'],
    ['keeps an older event of a later stage as old news', at('assigned', 9), at('work-done', 5), 'old'],
    ['takes a second check-in after a check-out', at('checked-out', 5), at('checked-in', 9), 'apply'],
    [
      'takes the cancellation of an assignment at its word',
      at('checked-in', 5),
      at('assignment-cancelled', 9),
      'apply',
    ],
    ['asks when work that was done is assigned again', at('work-done', 5), at('assigned', 9), 'check'],
    ['asks when a published order is a draft again', at('published', 5), at('draft', 9), 'check'],
    ['knows the draft of the second in which it was published', at('published', 5), at('draft', 5), 'old'],
    ['asks when a cancelled order comes back', at('cancelled', 5), at('published', 9), 'check'],
    ['asks when the assignment of done work is cancelled', at('work-done', 5), at('assignment-cancelled', 9), 'check'],
    ['takes the usual path within one second', at('checked-in', 5), at('checked-out', 5), 'apply'],
    ['keeps the usual path within one second', at('checked-out', 5), at('checked-in', 5), 'old'],
    ['keeps a repeated event as old news', at('assigned', 5), at('assigned', 5), 'old'],
    ['asks about a step back within one second', at('work-done', 5), at('assigned', 5), 'check'],
    ['knows that nobody checks in in the second after work done', at('work-done', 5), at('checked-in', 5), 'old'],
    [
      'asks when somebody is assigned in the second of a cancellation',
      at('assignment-cancelled', 5),
      at('assigned', 5),
      'check',
    ],
    ['takes a forward step without a time', at('published', 5), at('assigned', null), 'apply'],
    ['takes a forward step from a status without a time', at('published', null), at('assigned', 5), 'apply'],
    ['asks about a step back without a time', at('work-done', 5), at('assigned', null), 'check'],
    [
      'asks about a step back from a status without a time',
      at('checked-in', null),
      at('assignment-cancelled', 5),
      'check',
    ],
    ['keeps the same status as old news when a time is missing', at('published', null), at('published', 5), 'old'],
    ['knows the draft of our own create whose time is missing', at('published', null), at('draft', 5), 'old'],
    ['asks about a step back that has no time', at('assigned', 5), at('published', null), 'check'],
    ['asks whether work that was done is cancelled in its own second', at('approved', 5), at('work-done', 5), 'check'],
    ['tells of a newer problem', at('work-done', 5), at('problem-reported', 9), 'apply'],
    ['tells of a problem that comes late', at('work-done', 5), at('problem-reported', 1), 'apply'],
    ['tells of a problem without a time', at('work-done', 5), at('problem-reported', null), 'apply'],
  ])('%s', (_, known, event, verdict) => {
    expect(judge(known, event)).toBe(verdict);
  });
});

it.each<[string, OrderStatus | null, KnownStatus, KnownStatus | null, boolean]>([
  ['its own status', 'assigned', at('assigned', 9), at('work-done', 5), true],
  ['another of its stage', 'confirmed', at('assigned', 9), at('work-done', 5), true],
  ['another of its stage, while nothing is known', 'confirmed', at('assigned', 9), null, true],
  ['a later stage', 'work-done', at('assigned', 9), at('work-done', 5), false],
  ['no status', null, at('problem-reported', 9), at('work-done', 5), false],
  ['its own status of the very second', 'assigned', at('assigned', 5), at('work-done', 5), true],
  ['another of its stage and the very second', 'confirmed', at('assigned', 5), at('work-done', 5), false],
  ['another of its stage, where no time is told', 'confirmed', at('assigned', null), at('work-done', null), true],
])('a step back is borne out by an order that stands at %s: %s', (_, read, event, known, isTrue) => {
  expect(bearsOut(read, event, known)).toBe(isTrue);
});

const STAGES: OrderStatus[][] = [
  ['problem-reported'],
  ['draft'],
  ['published', 'routed', 'assignment-cancelled', 'postponed'],
  ['assigned', 'confirmed', 'on-my-way', 'checked-in', 'checked-out', 'at-risk', 'delayed'],
  ['work-done'],
  ['approved'],
  ['paid'],
  ['cancelled'],
];
const knownStage = (key: OrderStatus): number => STAGES.findIndex((keys) => keys.includes(key));

describe('what a status means for the dispatch', () => {
  it.each<[OrderStatus, boolean]>([
    ['schedule-changed', true],
    ['field-changed', true],
    ['task-completed', false],
    ['assigned', false],
  ])('%s may be of our own making: %s', (key, may) => expect(mayBeOurChange(key)).toBe(may));

  it.each<[OrderStatus, ReturnType<typeof dispatchStateOf>]>([
    ['draft', 'dispatched'],
    ['published', 'dispatched'],
    ['routed', 'dispatched'],
    ['postponed', 'dispatched'],
    ['assignment-cancelled', 'dispatched'],
    ['assigned', 'assigned'],
    ['confirmed', 'assigned'],
    ['on-my-way', 'assigned'],
    ['at-risk', 'assigned'],
    ['delayed', 'assigned'],
    ['checked-in', 'on-site'],
    ['checked-out', 'on-site'],
    ['work-done', 'work-done'],
    ['approved', 'completed'],
    ['paid', 'completed'],
    ['cancelled', 'cancelled'],
    ['problem-reported', null],
  ])('%s is state %s', (key, state) => {
    expect(dispatchStateOf(key)).toBe(state);
  });

  it('is assigned from the assignment until the cancellation', () => {
    expect(KEYS.filter(isAssigned)).toEqual(KEYS.filter((key) => knownStage(key) >= 3 && key !== 'cancelled'));
  });

  it('is over from work done on and when cancelled, and final when paid or cancelled', () => {
    expect(KEYS.filter(isWorkOver)).toEqual(['work-done', 'approved', 'paid', 'cancelled']);
    expect(KEYS.filter(isFinal)).toEqual(['paid', 'cancelled']);
  });

  it('knows that the work was done from what can only follow it, and says so once', () => {
    for (const known of KEYS) {
      const passed = KEYS.filter((told) => passesWorkDone({ key: known, at: null }, told));
      expect(passed).toEqual(isWorkOver(known) ? [] : ['approved', 'paid']);
    }
    expect(passesWorkDone(null, 'approved')).toBe(true);
  });

  it('compares stages, not shades', () => {
    for (const a of KEYS) for (const b of KEYS) expect(sameStage(a, b)).toBe(knownStage(a) === knownStage(b));
  });
});

describe('the status of a work order', () => {
  const byId: [number, string, OrderStatus][] = [
    [1, 'Draft', 'draft'],
    [2, 'Published', 'published'],
    [3, 'Assigned', 'assigned'],
    [4, 'Work Done', 'work-done'],
    [5, 'Approved', 'approved'],
    [6, 'Paid', 'paid'],
    [7, 'Cancelled', 'cancelled'],
    [8, 'Postponed', 'postponed'],
    [9, 'Routed', 'routed'],
    [10, 'Deleted', 'cancelled'],
  ];

  it.each(byId)('id %s is %s', (id, name, status) => {
    expect(statusOfOrder({ id, name })).toBe(status);
    expect(statusOfOrder({ id: String(id), name: '' })).toBe(status);
    expect(statusOfOrder({ id: 0, name: ` ${name.toUpperCase()} ` })).toBe(status);
    expect(statusOfOrder({ name })).toBe(status);
  });

  const shades: [string, string, OrderStatus][] = [
    ['confirmed', 'Confirmed', 'confirmed'],
    ['at_risk', 'At risk', 'at-risk'],
    ['on_my_way', 'On my way', 'on-my-way'],
    ['checked_in', 'Checked in', 'checked-in'],
    ['checked_out', 'Checked out', 'checked-out'],
    ['delayed', 'Delayed', 'delayed'],
    ['cancelled', 'Cancelled', 'assignment-cancelled'],
    ['eta_set', 'ETA Set', 'assigned'],
    ['on_hold', 'On hold', 'assigned'],
    ['', '', 'assigned'],
  ];

  it.each(shades)('code %j or words %j of Assigned is %s', (code, words, status) => {
    expect(statusOfOrder({ id: 3, code })).toBe(status);
    expect(statusOfOrder({ id: 3, code: '', sub_status: words })).toBe(status);
    expect(statusOfOrder({ id: 3, code: null, sub_status: null, display: words })).toBe(status);
    expect(statusOfOrder({ id: 3, display: `Assigned: ${words.toUpperCase()}` })).toBe(status);
  });

  it('believes the code before the sub-status before the display', () => {
    expect(statusOfOrder({ id: 3, code: 'checked_out', sub_status: 'Delayed', display: 'Confirmed' })).toBe(
      'checked-out',
    );
    expect(statusOfOrder({ id: 3, code: '', sub_status: 'Delayed', display: 'Confirmed' })).toBe('delayed');
  });

  it('reads words only of an assigned order', () => {
    expect(statusOfOrder({ id: 2, sub_status: 'Cancelled' })).toBe('published');
  });

  it.each([
    {},
    { id: 99 },
    { id: -1 },
    { id: 'x', name: 'Constructor' },
    { id: null, name: null },
    { name: '__proto__' },
  ])('says nothing about %j', (status) => {
    expect(statusOfOrder(status)).toBeNull();
  });

  it('has a word or none for anything', () => {
    const words = fc.option(fc.string());
    const status = fc.record({
      id: fc.oneof(words, fc.integer()),
      name: words,
      code: words,
      sub_status: words,
      display: words,
    });
    fc.assert(fc.property(status, (given) => expect([null, ...KEYS]).toContain(statusOfOrder(given))));
  });
});

describe('the status that an event tells of', () => {
  const silent = new Set(
    ['created', 'routed', 'undeclined', 'task_incomplete', 'provider_upload', 'message_posted']
      .concat(['tag_added', 'tag_removed', 'part_updated'])
      .map((name) => `workorder.${name}`),
  );
  const special: Record<string, OrderStatus> = {
    'workorder.status.assigned_cancelled': 'assignment-cancelled',
    'workorder.status.deleted': 'cancelled',
    'workorder.problem_reported': 'problem-reported',
    ...Object.fromEntries(Object.entries(NEWS_EVENTS).map(([key, name]) => [name, key as NewsKey])),
  };

  it('knows all 33 events', () => expect(EVENT_NAMES).toHaveLength(33));

  it.each(EVENT_NAMES.map((name) => [name]))('%s', (name) => {
    const usual = name.replace('workorder.status.', '').replaceAll('_', '-');
    expect(statusOfEvent(name)).toBe(silent.has(name) ? null : (special[name] ?? usual));
  });

  it.each(['', 'constructor', '__proto__', 'toString', 'workorder.status.unheard_of', 'WORKORDER.STATUS.PAID'])(
    'none for %j',
    (name) => {
      expect(statusOfEvent(name)).toBeNull();
    },
  );
});
