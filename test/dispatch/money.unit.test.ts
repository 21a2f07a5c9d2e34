/** Which sums wait for a person's yes, and what a yes holds for (interface, section 8, "Money needs a yes"). */
import type { OrderChange } from '../../src/contract/ticket-calls';
import type { Approval, Visit } from '../../src/contract/visit';
import { receiveApproval, receiveCancel } from '../../src/domain/dispatch/commands';
import { startVisit } from '../../src/domain/dispatch/empty-memory';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { keysInNeed, mayCost, sumText } from '../../src/domain/dispatch/money';
import { isMoneyOpen } from '../../src/domain/dispatch/plan';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import { PAY_ABOVE, RULES, Run, World } from '../simulation/core-world';
import { settled } from './begun-run';

const yesTo = (amount: number | null, print: string | null = null): Approval => ({
  ...{ amount, print, by: 'ann', at: '2027-01-27T09:00:00.000Z', beyondHour: false },
});
const visitWith = (patch: Partial<Visit>): Visit =>
  Object.assign(startVisit(new Run(new World()).dispatch, 1), { rules: RULES }, patch);

const costing = (pay: number) => settled(({ ticket }) => void (ticket.pay = pay));
const lastOf = (run: Run) => viewOf(run.dispatch).timeline.at(-1);
const approve = (run: Run, hint: { by?: string; amount?: number | null }): void => {
  receiveApproval(run.dispatch, hint);
  run.turn();
};

test.each([
  [150, '$150'],
  [1250.5, '$1250.50'],
  [0.07, '$0.07'],
  [0, '$0'],
  [null, 'a sum without an upper bound'],
])('writes %j as %s', (sum, words) => {
  expect(sumText(sum)).toBe(words);
});

describe('the pay of an order', () => {
  it.each([
    ['at the limit', PAY_ABOVE, PAY_ABOVE, null, true],
    ['a cent above it', PAY_ABOVE + 0.01, PAY_ABOVE, null, false],
    ['without a bound', null, PAY_ABOVE, null, false],
    ['without a bound, and no limit', null, null, null, true],
    ['above the limit, as high as the yes', 150, PAY_ABOVE, yesTo(150), true],
    ['above the limit, below the yes', 149, PAY_ABOVE, yesTo(150), true],
    ['above the yes', 150.01, PAY_ABOVE, yesTo(150), false],
    ['without a bound, and a yes to a sum', null, PAY_ABOVE, yesTo(150), false],
    ['without a bound, and a yes to just that', null, PAY_ABOVE, yesTo(null), true],
    ['above the limit, and a yes to what had no bound', 150, PAY_ABOVE, yesTo(null), false],
  ])('%s', (_, cost, payAbove, approved, may) => {
    expect(mayCost(visitWith({ approved }), { cost }, { ...RULES, payAbove })).toBe(may);
  });

  it.each([
    ['above the limit', 150, [], true],
    ['below the limit', 50, [], false],
    ['that cannot be mapped', 150, ['title'], false],
  ])('waits for a yes where nobody gave one: %s', (_, cost, targets, isOpen) => {
    const problems = targets.map((target) => ({ target, source: null, message: 'x', value: null, remedy: 'y' }));
    const plan = { cost, problems, payload: {}, prints: {}, start: null, mayComeByItself: false };
    expect(isMoneyOpen(plan, RULES)).toBe(isOpen);
  });
});

describe('a change of an order', () => {
  const change = (patch: object, cost: number | null = 50): OrderChange => ({
    ...{ patch: patch as Record<string, unknown>, cost, problems: [], start: null },
    prints: { pay: 'p1', location: 'l1', title: 't1' },
  });
  const ALL = { pay: {}, location: {}, title: 'x' };

  it.each<[string, object, OrderStatus | null, number | null, Approval | null, string[]]>([
    ['of pay and site of an assigned order', ALL, 'assigned', 50, null, ['pay', 'location']],
    ['of the site of an assigned order', { location: {} }, 'assigned', 50, null, ['location']],
    ['of the title of an assigned order', { title: 'x' }, 'assigned', 50, null, []],
    ['of all of an open order, below the limit', ALL, 'published', 50, null, []],
    ['of all of an open order, above the limit', ALL, 'published', 150, null, ['pay']],
    ['of the site of an open order that costs too much', { location: {} }, 'published', 150, null, []],
    ['of all of an order whose status is not known', ALL, null, 150, null, ['pay']],
    ['of all of an open order, as high as the yes to it', ALL, 'published', 150, yesTo(150), []],
    ['that somebody said yes to', ALL, 'assigned', 150, yesTo(150, 'p1 l1'), []],
    ['after a yes to another site', ALL, 'assigned', 150, yesTo(150, 'p1 l2'), ['pay', 'location']],
    ['after a yes to the order itself', ALL, 'assigned', 150, yesTo(150), ['pay', 'location']],
  ])('%s', (_, patch, key, cost, approved, keys) => {
    const status = key && { key, at: null };
    expect(keysInNeed(visitWith({ approved, status }), change(patch, cost))).toEqual(keys);
  });

  it('needs no yes to its pay before the rules are known', () => {
    expect(keysInNeed(visitWith({ rules: null }), change(ALL, 150))).toEqual([]);
  });

  it('knows a yes again where a part has no value', () => {
    const visit = visitWith({ approved: yesTo(50, 'p1 '), status: { key: 'assigned', at: null } });
    expect(keysInNeed(visit, { ...change(ALL), prints: { pay: 'p1' } })).toEqual([]);
  });

  it('to what costs too much waits, and goes out after the yes to it', () => {
    const { world, run } = costing(50);
    world.change({ pay: 150, site: 'Side St' });
    askForLook(run.dispatch, null);
    run.settle();
    const order = world.orders[0];
    expect(order?.payload).toMatchObject({ pay: { base: { amount: 50 } }, location: { site: 'Side St' } });
    expect(viewOf(run.dispatch).attention?.detail).toBe('The change of pay or site needs a yes: up to $150.');
    approve(run, { by: 'ann', amount: 150 });
    run.settle();
    expect(order?.payload).toMatchObject({ pay: { base: { amount: 150 } } });
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null });
    expect(viewOf(run.dispatch).timeline.map(({ what }) => what)).toContain('Approved by ann');
  });

  it('that is taken back waits for nothing any more', () => {
    const { world, run } = costing(50);
    world.change({ pay: 150 });
    askForLook(run.dispatch, null);
    run.settle();
    expect(run.memory.visits[0]?.approval).toMatchObject({ of: 'change', amount: 150 });
    world.change({ pay: 50 });
    askForLook(run.dispatch, null);
    run.settle();
    expect(run.memory.visits[0]?.approval).toBeNull();
    expect(viewOf(run.dispatch).attention).toBeNull();
  });
});

describe('what waits for a yes', () => {
  it('says the sum, what is exceeded, and how to answer', () => {
    const { run } = costing(150.5);
    expect(viewOf(run.dispatch).attention).toEqual({
      reason: 'approval',
      detail: 'The work order costs more than dispatch.approval.payAbove allows: up to $150.50.',
      remedy: 'To say yes, run `deskbridge approve 4711`. To say no, run `deskbridge cancel 4711 --reason …`.',
    });
  });

  it.each([
    [{ by: 'ann' }, 'Approved by ann'],
    [{}, 'Approved by a person, no name given'],
  ])('is noted with who said it: %j', (hint, what) => {
    const { run } = costing(150);
    approve(run, hint);
    expect(viewOf(run.dispatch).timeline).toContainEqual(
      expect.objectContaining({
        what,
        detail: 'The work order costs more than dispatch.approval.payAbove allows: up to $150',
      }),
    );
    expect(viewOf(run.dispatch).attention).toBeNull();
  });

  it('does not take a yes to another sum, and says which one waits', () => {
    const { run } = costing(150);
    approve(run, { by: 'ann', amount: null });
    expect(lastOf(run)).toMatchObject({
      what: 'Approval without effect',
      detail: '$150 waits for a yes, not a sum without an upper bound',
    });
    expect(run.memory.visits[0]).toMatchObject({ approved: null, approval: { of: 'order', amount: 150 } });
  });

  it.each([
    ['before there is a visit', () => new Run(new World())],
    ['where nothing costs too much', () => costing(50).run],
  ])('is nothing %s', (_, begun) => {
    const run = begun();
    approve(run, { by: 'ann' });
    expect(run.memory.timeline).toContainEqual(
      expect.objectContaining({ what: 'Approval without effect', detail: 'Nothing waits for a yes' }),
    );
    expect(run.memory.visits[0]?.approved ?? null).toBeNull();
  });

  it('is one order too many in the hour; the yes to it holds when the sum then needs one, too', () => {
    const { world, run } = settled((it) => void (it.hourIsFull = true));
    expect(viewOf(run.dispatch).attention?.detail).toBe(
      'More work orders than dispatch.approval.ordersPerHour were created within the last hour. This one costs up to $50.',
    );
    world.change({ pay: 150 });
    approve(run, { by: 'ann', amount: 50 });
    run.settle();
    expect([world.orders.length, run.memory.visits[0]?.approval]).toEqual([
      0,
      { of: 'order', amount: 150, print: null },
    ]);
    approve(run, { by: 'ann', amount: 150 });
    run.settle();
    expect(world.orders).toHaveLength(1);
  });

  it('is asked about the hour even after a yes to the sum', () => {
    const { world, run } = settled(
      (it) => void Object.assign(it, { hourIsFull: true, ticket: { ...it.ticket, pay: 150 } }),
    );
    approve(run, { amount: 150 });
    run.settle();
    expect([world.orders.length, run.memory.visits[0]?.approval?.of]).toEqual([0, 'hour']);
  });

  it('shows the sum of now while the hour is full', () => {
    const { world, run } = settled((it) => void (it.hourIsFull = true));
    world.change({ pay: 60 });
    askForLook(run.dispatch, null);
    run.settle();
    expect(run.memory.visits[0]?.approval).toMatchObject({ of: 'hour', amount: 60 });
  });

  it('keeps that a visit was asked for with many others', () => {
    const { run } = costing(150);
    Object.assign(run.memory.visits[0]!, { approved: { ...yesTo(0), beyondHour: true, inBulk: true } });
    approve(run, { by: 'ann', amount: 150 });
    expect(run.memory.visits[0]?.approved).toMatchObject({ amount: 150, beyondHour: true, inBulk: true });
  });

  it('is given up with the visit', () => {
    const { world, run } = costing(150);
    receiveCancel(run.dispatch, { reason: 'too dear' });
    run.settle();
    expect(run.memory.visits[0]).toMatchObject({ stage: 'ended', approval: null });
    expect(world.orders).toEqual([]);
  });
});
