/** What is true for all dispatches of an account, without a server: pauses, the sliding hour, and copies that differ. */
import fc from 'fast-check';
import type { OrderCount } from '../../src/contract/dispatching';
import { countOrders, largestBlock, takeOrders } from '../../src/domain/dispatching/orders';
import { NOT_PAUSED } from '../../src/domain/dispatching/pause';
import { begin, onOtherCopy, onPause, onResume, onTold, tellIn } from '../../src/domain/dispatching/state';
import { DEFAULT_DISPATCHING_POLICY as policy } from '../../src/contract/policy';

const T0 = Date.parse('2026-03-01T08:00:00Z');
const HOUR = 3_600_000;
const fresh = begin({ account: 'acme', policy }, T0);
const PAUSED = { paused: true, reason: 'storm', by: 'ann', since: '2026-03-01T08:00:00.000Z' };
const upstreams = { freshdesk: 'acme.freshdesk.com', fieldNation: null };

describe('a pause', () => {
  it('says why, who and since when, and its end asks to tell those who waited', () => {
    const held = onPause(fresh, { reason: ' storm ', by: 'ann' }, T0);
    expect(held).toMatchObject({ pause: PAUSED, tellAt: [], copied: false });
    const on = onResume({ ...held, copied: true }, T0, [0, 10_000]);
    expect(on).toMatchObject({ pause: NOT_PAUSED, copied: false });
    expect(tellIn(on, T0)).toBe(0);
    expect(tellIn(onTold(on), T0)).toBe(10_000);
    expect(tellIn(onTold(onTold(on)), T0)).toBeNull();
  });

  it('beside a pause changes the reason, not since when it holds', () => {
    const again = onPause(onPause(fresh, { reason: 'storm' }, T0), { reason: 'flood', by: 'bob' }, T0 + 1000);
    expect(again.pause).toEqual({ paused: true, reason: 'flood', by: 'bob', since: PAUSED.since });
  });

  it.each([[undefined], [null], [{}], [{ reason: 7, by: {} }], [{ reason: '  ' }]])(
    'typed as %j pauses too',
    (asked) => {
      expect(onPause(fresh, asked, T0).pause).toMatchObject({ paused: true, reason: 'no reason was given', by: null });
    },
  );

  it('that ends twice tells nobody twice', () => {
    expect(onResume(fresh, T0, [0])).toBe(fresh);
  });
});

describe('of two copies', () => {
  it.each([
    ['the run', PAUSED, NOT_PAUSED],
    ['the other', NOT_PAUSED, PAUSED],
  ])('the pause of %s holds', (_, mine, other) => {
    const memory = onOtherCopy({ ...fresh, pause: mine }, { pause: other, upstreams }, T0, HOUR);
    expect(memory).toMatchObject({ pause: PAUSED, upstreams });
    expect(begin({ account: 'acme', policy, known: { pause: PAUSED, upstreams } }, T0)).toMatchObject({
      pause: PAUSED,
      upstreams,
    });
  });

  it('the one that counts more orders holds, and what is over an hour old counts nowhere', () => {
    const old: OrderCount[] = [[T0 - HOUR, 90]];
    const memory = onOtherCopy({ ...fresh, orders: [[T0 - 5, 2]] }, { orders: [...old, [T0 - 9, 3]] }, T0, HOUR);
    expect(memory.orders).toEqual([[T0 - 9, 3]]);
  });
});

describe('the sliding hour', () => {
  it('never lets more through in any hour than its limit, and loses no room for more than 10 s', () => {
    const steps = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 600_000 }), want: fc.integer({ min: 1, max: 9 }) }),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 30 }), (asked, limit) => {
        let orders: OrderCount[] = [];
        let now = T0;
        const made: number[] = [];
        for (const { after, want } of asked) {
          now += after;
          const room = limit - made.filter((at) => at > now - HOUR - 10_000).length;
          const taken = takeOrders(orders, { want, limit }, now, HOUR);
          orders = taken.orders;
          made.push(...Array<number>(taken.granted).fill(now));
          expect(taken.granted).toBeGreaterThanOrEqual(Math.max(0, Math.min(want, room)));
          expect(made.filter((at) => at > now - HOUR).length).toBeLessThanOrEqual(limit);
        }
        expect(orders.length).toBeLessThanOrEqual(361);
      }),
    );
  });

  it('counts without a limit what a person said yes to', () => {
    const taken = takeOrders([[T0 - 1, 5]], { want: 1, limit: null }, T0, HOUR);
    expect(taken.granted).toBe(1);
    expect(countOrders(taken.orders, T0, HOUR)).toBe(6);
  });

  it.each([
    [1, 1],
    [39, 1],
    [40, 2],
    [100, 5],
    [1000, 50],
    [null, 20],
  ])('of %p gives at most %i to a process at once', (limit, block) => expect(largestBlock(limit)).toBe(block));
});
