/** What a sweep asks next, and what an answer changes of its marks: tables, without a wire. */
import type { ReconcileInput, ReconcileMarks, ReconcileResult } from '../../src/contract/reconcile';
import type { OwnedOrder } from '../../src/contract/sweep-calls';
import { openPageOf, takeOpenPage } from '../../src/domain/sweep/open-lists';
import { dueOf, logsSince, stepsOf, takeLogs, takeStep, takeWebhook } from '../../src/domain/sweep/order-round';
import { chooseRefused } from '../../src/domain/sweep/refused-runs';
import { draftEvent, driftEvents, goneBody, unreadEvent } from '../../src/domain/sweep/sweep-events';
import { isVerdict, marksOf, SweepState } from '../../src/domain/sweep/sweep-state';
import { ticketNews, type ListedTicket } from '../../src/domain/sweep/ticket-drift';

const NOW = Date.parse('2026-03-01T00:00:00Z');
const MINUTE = 60_000;
const INPUT: ReconcileInput = {
  ...{ account: 'acme', since: '2026-01-01T00:00:00.000Z', interval: 10 * MINUTE },
  callsPerMinute: { freshdesk: 25, fieldNation: 60 },
};

const sweepAt = (now: number, last: ReconcileMarks | null = null): SweepState => new SweepState(INPUT, last, () => now);

describe('a call', () => {
  it.each([
    [null, 'unavailable', 'unavailable'],
    ['UpstreamUnavailable', 'unavailable', 'unavailable'],
    ['RateLimited', 'unavailable', 'unavailable'],
    ['WorkerShutdown', 'unavailable', 'unavailable'],
    ['Unauthorized', 'refused', 'refused'],
    ['NotFound', 'not-found', null],
    ['InvalidRequest', 'other', null],
  ])('that failed as %s is %s, and the next one %s', (type, why, next) => {
    const sweep = sweepAt(NOW);
    expect(sweep.begin('freshdesk')).toBeNull();
    expect(sweep.failed('freshdesk', { type })).toBe(why);
    expect([sweep.begin('freshdesk'), sweep.begin('field-nation')]).toEqual([next, null]);
    expect(isVerdict(sweep.failed('field-nation', { type }))).toBe(next === null);
  });

  it('that is refused where others succeed says nothing of the key', () => {
    const sweep = sweepAt(NOW);
    sweep.answered('field-nation');
    expect(sweep.failed('field-nation', { type: 'Unauthorized' })).toBe('other');
    expect(sweep.works('field-nation')).toBe(true);
  });

  it('is paid for, until the tenth of the quota is used up', () => {
    const sweep = sweepAt(NOW);
    const asked = Array.from({ length: 26 }, () => sweep.begin('freshdesk'));
    expect(asked.filter((why) => why === null)).toHaveLength(25);
    expect(asked.at(-1)).toBe('no-budget');
    expect(sweep.end()).toMatchObject({ unfinished: true, calls: { freshdesk: 25, fieldNation: 0 } });
  });
});

describe('what one sweep leaves to the next', () => {
  it('is what it was told, and what it did not spend', () => {
    const first = sweepAt(NOW);
    first.noteTold('a');
    first.noteTold('b');
    first.noteTold('a');
    for (let calls = 0; calls < 20; calls++) first.begin('freshdesk');
    const marks = marksOf(first.end());
    expect(marks?.told).toEqual(['b', 'a']);
    const second = sweepAt(NOW + MINUTE, marks);
    expect([second.ago, second.marks.left.freshdesk, second.wasTold('b')]).toEqual([MINUTE, 7.5, true]);
  });

  it.each([[null], [undefined], [{}], [{ marks: { schema: 2 } }]])('is nothing when the last one left %j', (last) => {
    expect(marksOf(last as ReconcileResult | null)).toBeNull();
  });

  it('is bounded', () => {
    const sweep = sweepAt(NOW);
    for (let key = 0; key < 600; key++) sweep.noteTold(`${key}`);
    expect(sweep.end().marks.told).toEqual(Array.from({ length: 500 }, (_, at) => `${at + 100}`));
  });
});

type OrderMarks = ReconcileMarks['orders'];
const marks = (patch: Partial<OrderMarks> = {}): OrderMarks => ({
  ...{ after: 0, width: 1000, everyOne: false, onceMore: false, webhook: 'w1', logsUntil: null },
  ...{ draftsPage: 1, openList: 0, openPage: 1, ...patch },
});
const order = (id: number, patch: Partial<OwnedOrder> = {}): OwnedOrder => ({
  ...{ id, ticketId: 4711, foundBy: id, key: 'assigned', at: '2026-02-28T10:00:00Z', ...patch },
});

describe('a round over all open orders', () => {
  it.each<[string, string | null, number, boolean]>([
    ['does not begin while the webhook is as it was', 'w1', 0, false],
    ['begins when somebody has changed the webhook', 'w2', 0, true],
    ['begins when the webhook is off or not to be seen', null, 0, true],
    ['does not begin for a sweep that is a little late', 'w1', 20 * MINUTE, false],
    ['begins when the service was away for longer than Field Nation tries', 'w1', 20 * MINUTE + 1, true],
  ])('%s', (_, mark, overdue, everyOne) => {
    const orders = marks({ after: 500 });
    takeWebhook(orders, { mark }, overdue);
    expect(orders).toMatchObject({ webhook: mark, everyOne, after: everyOne ? 0 : 500, onceMore: false });
  });

  it('begins when more deliveries failed than the logs name', () => {
    const [some, many] = [marks(), marks()];
    takeLogs(some, { more: false });
    takeLogs(many, { more: true });
    expect([some.everyOne, many.everyOne]).toEqual([false, true]);
  });

  it('that is under way goes on, and another one follows it', () => {
    const orders = marks({ everyOne: true, after: 500 });
    takeWebhook(orders, { mark: 'w2' }, 0);
    expect(orders).toMatchObject({ after: 500, onceMore: true });
    expect(takeStep(orders, { orders: [], after: 900, width: 10, end: true, unreadable: 0 })).toBe(false);
    expect(orders).toMatchObject({ after: 0, everyOne: true, onceMore: false });
    takeStep(orders, { orders: [], after: 900, width: 10, end: true, unreadable: 0 });
    expect(orders).toMatchObject({ after: 0, everyOne: false });
  });

  it('takes many steps a sweep, and without a gap one, of which it asks only what may have changed', () => {
    const all = [order(1), order(2, { key: 'approved', at: '2025-12-01T00:00:00Z' })];
    const [gap, quiet] = [marks({ everyOne: true }), marks()];
    expect([stepsOf(gap), stepsOf(quiet)]).toEqual([60, 1]);
    expect([dueOf(gap, all, NOW), dueOf(quiet, all, NOW)]).toEqual([all, [all[0]]]);
    expect(takeStep(quiet, { orders: all, after: 2, width: 50, end: false, unreadable: 0 })).toBe(true);
    expect(quiet).toMatchObject({ after: 2, width: 50 });
  });

  it('reads the logs again from before the last look, since a delivery is tried for a while', () => {
    expect(logsSince(marks())).toBeNull();
    expect(logsSince(marks({ logsUntil: '2026-03-01T12:00:00.000Z' }))).toBe('2026-03-01T11:30:00.000Z');
  });
});

test('the lists of open orders take turns, each from its first page to its last', () => {
  const orders = marks();
  const asked = [2, 3, null, null, null, null].map((nextPage) => {
    const { list, page } = openPageOf(orders);
    return `${list.replace('workorders_', '')} ${page} ${takeOpenPage(orders, nextPage)}`;
  });
  expect(asked).toEqual([
    ...['published_routed 1 true', 'published_routed 2 true', 'published_routed 3 false'],
    ...['assigned 1 false', 'work_done 1 false', 'published_routed 1 false'],
  ]);
});

test('runs that a key has stopped take turns, as far as a call has shown that the key works', () => {
  const sweep = sweepAt(NOW);
  sweep.marks.retried = ['a'];
  sweep.marks.left.freshdesk = 2;
  sweep.answered('freshdesk');
  const of = (workflowId: string, system: 'freshdesk' | 'field-nation' | null) => ({ workflowId, system });
  const runs = [
    of('a', 'freshdesk'),
    of('b', 'field-nation'),
    of('c', 'freshdesk'),
    of('d', null),
    of('e', 'freshdesk'),
  ];
  expect(chooseRefused(sweep, runs)).toEqual(['c', 'e']);
});

test('a change that may hide behind our own write is looked at only where others were missed', () => {
  const T = (minute: number): string => new Date(NOW + minute * MINUTE).toISOString();
  const listed = (ticketId: number, at: number): ListedTicket => ({
    ...{ ticketId, updatedAt: T(at), status: 8, matches: true, closed: false, gone: false },
  });
  const sync = { lookedAt: T(1), writtenAt: T(5), status: 8, matches: true, gone: false, orders: [] };
  const standings = [1, 2].map((ticketId) => ({ ticketId, running: true, sync }));
  const [hidden, missed] = [listed(1, 5), listed(2, 9)];
  expect(ticketNews([hidden], standings, false)).toEqual({ tickets: [], checked: [] });
  expect(ticketNews([hidden], standings, true)).toEqual({ tickets: [], checked: [hidden] });
  expect(ticketNews([hidden, missed], standings, false)).toEqual({ tickets: [missed], checked: [hidden] });
});

describe('an event of a sweep', () => {
  it('names its step and its time, and says what the order said of itself', () => {
    const body = {
      event: { name: '', params: { work_order_id: 7 } },
      timestamp: 'read',
      workorder: { id: 7, title: 'A' },
    };
    const steps = [
      { key: 'work-done', at: '2026-03-01T10:00:00Z' },
      { key: 'approved', at: null },
    ] as const;
    expect(driftEvents(order(7), steps, body)).toMatchObject([
      { event: { name: 'workorder.status.work_done' }, timestamp: '2026-03-01T10:00:00Z', workorder: { title: 'A' } },
      { event: { name: 'workorder.status.approved', params: { work_order_id: 7 } }, workorder: { title: 'A' } },
    ]);
    expect(driftEvents(order(7), steps, body)[1]).not.toHaveProperty('timestamp');
  });

  it('is the same for the same finding, and another one for another', () => {
    const gone = (known: Partial<OwnedOrder>) =>
      driftEvents(order(7, known), [{ key: 'cancelled', at: null }], goneBody(order(7)))[0]?.delivery;
    const draft = { workOrderId: 7, ticketId: 4711, correlationId: 'FD-acme-4711-1', createdAt: null };
    expect(gone({})).toBe(gone({}));
    expect(gone({})).not.toBe(gone({ at: null }));
    expect(unreadEvent(order(7), { messages: 2, files: null }).delivery).toBe('reconcile-7-unread-2-0');
    expect(draftEvent(draft).delivery).toBe(draftEvent(draft).delivery);
    expect(draftEvent({ ...draft, createdAt: '2026-03-01T10:00:00Z' })).toMatchObject({
      timestamp: '2026-03-01T10:00:00Z',
      workorder: { custom_fields: { internal: { value: 'FD-acme-4711-1' } } },
    });
  });
});
