/** The rules of the sweep: what is news to whom, what an order's dispatch has missed, and what a sweep may spend. */
import type { DispatchSync } from '../../src/contract/reconcile';
import { judge } from '../../src/domain/status-order';
import { sameStage, STATUS_KEYS, type KnownStatus, type OrderStatus } from '../../src/domain/status';
import { allowanceOf } from '../../src/domain/sweep/allowance';
import { isDue } from '../../src/domain/sweep/due';
import { unseenNow } from '../../src/domain/sweep/unseen';
import { deliveryFailed } from '../../src/domain/sweep/delivery-log';
import { isSameNews, isSweepKey, orderDrift, sweepKey, type SeenOrder } from '../../src/domain/sweep/order-drift';
import { ticketDrift, type ListedTicket } from '../../src/domain/sweep/ticket-drift';

const T = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString();

describe('a listed ticket', () => {
  const ticket = (patch: Partial<ListedTicket> = {}): ListedTicket => ({
    ...{ ticketId: 1, updatedAt: T(10), status: 8, matches: true, closed: false, gone: false },
    ...patch,
  });
  const sync = (patch: Partial<DispatchSync> = {}): DispatchSync => ({
    ...{ lookedAt: T(10), writtenAt: null, status: 8, matches: true, gone: false, orders: [] },
    ...patch,
  });
  const running = (patch: Partial<DispatchSync> = {}) => ({ running: true, sync: sync(patch) });
  const ended = (patch: Partial<DispatchSync> = {}) => ({ running: false, sync: sync(patch) });

  test.each([
    ['that its dispatch has seen is no news', ticket(), running(), null],
    ['that changed since the look is told', ticket({ updatedAt: T(11) }), running(), 'tell'],
    [
      'whose last change is our own write may hide another',
      ticket({ updatedAt: T(11) }),
      running({ writtenAt: T(11) }),
      'check',
    ],
    [
      'closed in the second of our write is told',
      ticket({ status: 5 }),
      running({ lookedAt: T(9), writtenAt: T(10) }),
      'tell',
    ],
    ['from a list that lags is no news', ticket({ updatedAt: T(9), status: 2 }), running(), null],
    ['that is gone is told once', ticket({ gone: true }), running(), 'tell'],
    [
      'that its dispatch knows to be gone is no news',
      ticket({ gone: true, updatedAt: T(20) }),
      running({ gone: true }),
      null,
    ],
    ['that came back is told', ticket(), running({ gone: true }), 'tell'],
    ['of a run that has published nothing is told', ticket(), { running: true, sync: null }, 'tell'],
    ['without a run starts one when it matches', ticket(), null, 'start'],
    ['without a run that matches no rule is nobody’s', ticket({ matches: false }), null, null],
    ['without a run that is closed wants nobody', ticket({ closed: true }), null, null],
    ['of a run that ended over this very change is no news', ticket(), ended(), null],
    ['of a run that ended before it changed starts one', ticket({ updatedAt: T(11) }), ended(), 'start'],
  ] as const)('%s', (_, listed, standing, drift) => {
    expect(ticketDrift(listed, standing)).toBe(drift);
  });
});

describe('a work order', () => {
  const seen = (
    status: OrderStatus | null,
    at: string | null,
    milestones: Partial<SeenOrder['milestones']> = {},
  ): SeenOrder => ({
    ...{ status, at, milestones: { assigned: null, workDone: null, approved: null, ...milestones } },
  });
  const known = (key: OrderStatus, at: string | null = T(10)): KnownStatus => ({ key, at });

  test.each<[string, KnownStatus, SeenOrder, KnownStatus[]]>([
    ['as it is known tells nothing', known('assigned'), seen('assigned', T(10)), []],
    ['without a status tells nothing', known('assigned'), seen(null, null), []],
    ['back in draft tells nothing', known('published'), seen('draft', T(1)), []],
    ['a plain word tells nothing against a shade', known('checked-in'), seen('assigned', T(9), { assigned: T(9) }), []],
    [
      'a shade is told',
      known('assigned'),
      seen('checked-in', T(20), { assigned: T(10) }),
      [known('checked-in', T(20))],
    ],
    ['open again after a cancelled assignment is no news', known('assignment-cancelled'), seen('published', T(1)), []],
    [
      'done without anybody having told of the assignment tells both',
      known('published'),
      seen('work-done', T(30), { assigned: T(20) }),
      [known('assigned', T(20)), known('work-done', T(30))],
    ],
    [
      'approved tells of the work done, which resolves the ticket, even without its time',
      known('assigned'),
      seen('approved', T(40)),
      [known('work-done', null), known('approved', T(40))],
    ],
    ['cancelled tells that alone', known('assigned'), seen('cancelled', T(40)), [known('cancelled', T(40))]],
    [
      'a step back has no time, so that it is asked for',
      known('work-done'),
      seen('assigned', T(10)),
      [known('assigned', null)],
    ],
    [
      'assigned anew is told',
      known('assigned'),
      seen('assigned', T(50), { assigned: T(50) }),
      [known('assigned', T(50))],
    ],
  ])('%s', (_, before, order, steps) => {
    expect(orderDrift(before, order)).toEqual(steps);
  });

  test('whatever is told is either believed or asked for, and then it is no news any more', () => {
    for (const before of STATUS_KEYS) {
      for (const now of STATUS_KEYS) {
        for (const at of [T(5), T(10), T(15), null]) {
          let state = known(before);
          for (const step of orderDrift(state, seen(now, at))) {
            const verdict = judge(state, step);
            // Asked for, Field Nation says what the sweep saw.
            if (verdict !== 'old') state = step;
          }
          if (orderDrift(known(before), seen(now, at)).length > 0) expect(sameStage(state.key, now)).toBe(true);
        }
      }
    }
  });

  test('a finding has one key, and the same news is known by it or by its time', () => {
    const key = sweepKey(7, known('published'), known('assigned', T(20)));
    expect(key).toBe(sweepKey(7, known('routed'), known('assigned', T(20))));
    expect(isSweepKey(key)).toBe(true);
    expect(isSweepKey('11111111-2222-4333-8444-555555555555')).toBe(false);
    expect(sweepKey(7, known('work-done', T(1)), known('assigned', null))).not.toBe(
      sweepKey(7, known('work-done', T(2)), known('assigned', null)),
    );
    expect(isSameNews(known('assigned', T(20)), known('assigned', T(21)))).toBe(true);
    expect(isSameNews(known('assigned', T(20)), known('assigned', T(59)))).toBe(false);
    expect(isSameNews(known('assigned', T(20)), known('work-done', T(20)))).toBe(false);
  });
});

describe('the budget', () => {
  test('is a tenth of the quota for each interval', () => {
    const ten = { callsPerMinute: 50, interval: 600_000 };
    expect(allowanceOf({ ...ten, last: null })).toBe(50);
    expect(allowanceOf({ ...ten, last: { left: 0, ago: 600_000 } })).toBe(50);
    expect(allowanceOf({ ...ten, last: { left: 40, ago: 600_000 } })).toBe(50);
    expect(allowanceOf({ ...ten, last: { left: 0, ago: 60_000 } })).toBe(5);
  });

  test('stays a tenth over any time, however short the interval', () => {
    let left = allowanceOf({ callsPerMinute: 60, interval: 1000, last: null });
    let calls = 0;
    for (let second = 0; second < 3600; second++) {
      left = allowanceOf({ callsPerMinute: 60, interval: 1000, last: { left, ago: 1000 } });
      for (; left >= 1; left -= 1) calls += 1;
    }
    expect(calls).toBeLessThanOrEqual(360 + 10);
  });

  test('a clock that was put back earns nothing', () => {
    expect(allowanceOf({ callsPerMinute: 60, interval: 600_000, last: { left: 3, ago: -5000 } })).toBe(3);
  });
});

test.each([
  ['200', false],
  ['204', false],
  ['delivered', false],
  [' Success ', false],
  ['500', true],
  ['failed', true],
  ['waiting', true],
  ['2000', true],
  [null, true],
])('a delivery with status %p counts as failed: %p', (status, failed) => {
  expect(deliveryFailed(status)).toBe(failed);
});

describe('what a sweep need not ask about each time', () => {
  const NOW = Date.parse('2026-03-01T00:00:00Z');
  test.each<[string, KnownStatus, boolean]>([
    ['an order in the field', { key: 'assigned', at: '2025-01-01T00:00:00Z' }, true],
    ['one that was approved lately', { key: 'approved', at: '2026-02-20T00:00:00Z' }, true],
    [
      'one that has waited for its payment for more than a month',
      { key: 'approved', at: '2026-01-20T00:00:00Z' },
      false,
    ],
    ['one whose time is not known', { key: 'approved', at: null }, true],
  ])('%s', (_, known, due) => expect(isDue(known, NOW)).toBe(due));

  test('a ticket that was not found is kept for a day from when it was first heard of', () => {
    const first = unseenNow([], [7, 7], NOW);
    expect(first).toEqual([{ ticketId: 7, since: '2026-03-01T00:00:00.000Z' }]);
    const later = unseenNow(first, [7, 8], NOW + 23 * 3_600_000);
    expect(later.map(({ ticketId }) => ticketId)).toEqual([7, 8]);
    expect(unseenNow(later, [], NOW + 25 * 3_600_000).map(({ ticketId }) => ticketId)).toEqual([8]);
  });
});
