/** What the core does in the cases that the interface names, against a world without wires. */
import { receiveApproval, receiveCancel, receiveRetry } from '../../src/domain/dispatch/commands';
import { receive } from '../../src/domain/dispatch/inbox';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderEvent } from '../../src/domain/order-event';
import type { OrderStatus } from '../../src/domain/status';
import { MOST_PUT_OFF } from '../../src/domain/dispatch/publish';
import type { Step } from '../../src/domain/dispatch/steps';
import {
  PENDING,
  RESOLVED,
  RULES,
  type Run,
  TRIGGER,
  type World,
  type End,
  type WorldOrder,
} from '../simulation/core-world';
import { begin, settled } from './begun-run';

const order = (id: number, status: OrderStatus, visit = 1): WorldOrder => ({
  ...{ id, visit, status, at: '2027-01-27T08:00:00.000Z', payload: {}, published: 0 },
});

const theOnly = ({ orders }: World): WorldOrder => {
  expect(orders).toHaveLength(1);
  return orders[0] as WorldOrder;
};
const wordsOf = (run: Run): string[] => viewOf(run.dispatch).timeline.map(({ what }) => what);
const publishes = ({ orders }: World): number => orders.reduce((sum, { published }) => sum + published, 0);

describe('a run without memory of a visit', () => {
  it('follows an open order of its ticket, and makes and publishes nothing', () => {
    const { world, run } = settled(({ orders }) => orders.push(order(900, 'assigned')));
    expect(viewOf(run.dispatch)).toMatchObject({ state: 'assigned', workOrderId: 900, attention: null });
    expect([world.orders.length, publishes(world)]).toEqual([1, 0]);
  });

  it('asks about a draft; a retry keeps it and never publishes it', () => {
    const { world, run } = settled(({ orders }) => orders.push(order(900, 'draft')));
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'decision' });
    receiveRetry(run.dispatch, { by: 'ann' });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900, workOrderStatus: 'draft' });
    expect(publishes(world)).toBe(0);
  });

  it('skips a ticket whose order is final', () => {
    const { world, run } = settled(({ orders }) => orders.push(order(900, 'paid')));
    expect(viewOf(run.dispatch).state).toBe('skipped');
    expect(world.orders).toHaveLength(1);
  });

  it('leaves two orders with one id to a person, and deletes neither', () => {
    const { world, run } = settled(({ orders }) => orders.push(order(900, 'assigned'), order(901, 'draft')));
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'ambiguous' });
    expect(world.orders.map(({ status }) => status)).toEqual(['assigned', 'draft']);
  });

  it('believes no event alone: an order that Field Nation does not show keeps nobody from being sent', () => {
    const { run, world } = begin();
    receive(run.dispatch, world.eventOf(order(888, 'assigned', 7)));
    run.settle();
    askForLook(run.dispatch, null);
    run.settle();
    const { state, attention, timeline } = viewOf(run.dispatch);
    expect([state, attention, publishes(world)]).toEqual(['dispatched', null, 1]);
    expect(timeline.map(({ what }) => what)).toContain('Event not confirmed');
  });

  it('follows the latest of the visits whose events come, in whichever order they do', () => {
    const { run, world } = begin(({ orders, now }) =>
      orders.push(order(900, 'paid', 1), { ...order(901, 'assigned', 2), madeAt: now }),
    );
    for (const nth of [1, 0]) receive(run.dispatch, world.eventOf(world.orders[nth] as WorldOrder));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 2, workOrderId: 901, workOrderStatus: 'assigned' });
    expect(world.orders).toHaveLength(2);
  });

  it('asks about the link of its ticket all the same where an event told of another order', () => {
    const { run, world } = begin(({ ticket }) => void (ticket.link = '777'));
    receive(run.dispatch, world.eventOf(order(888, 'assigned', 7)));
    run.settle();
    const { attention } = viewOf(run.dispatch);
    expect(attention).toMatchObject({ reason: 'decision', detail: expect.stringContaining('777') as string });
    expect(world.orders).toEqual([]);
  });

  it('asks about a link that nobody knows; a retry lets it stand', () => {
    const { world, run } = settled(({ ticket }) => void (ticket.link = '777'));
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'decision' });
    receiveRetry(run.dispatch, { by: 'ann' });
    run.settle();
    expect([viewOf(run.dispatch).state, world.orders.length]).toEqual(['skipped', 0]);
  });
});

describe('a run that was reset', () => {
  const created = (world: World, made: WorldOrder): OrderEvent => {
    return { ...world.eventOf(made), key: `${made.id} created`, name: 'created', status: null };
  };

  it('asks about a draft that it learns of by the event of its create, and publishes nothing', () => {
    const { world, run } = begin();
    run.turn();
    world.orders.push(order(900, 'draft'));
    receive(run.dispatch, created(world, order(900, 'draft')));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ workOrderId: 900, attention: { reason: 'decision' } });
    expect([world.orders.length, publishes(world)]).toEqual([1, 0]);
  });

  it('takes over the order of a later visit than it remembers, and asks about nothing else', () => {
    const { world, run } = settled();
    const first = world.orders[0] as WorldOrder;
    for (const status of ['assigned', 'work-done'] as const) world.become(first, status);
    world.events.forEach((event) => receive(run.dispatch, event));
    run.settle();
    world.change({ status: TRIGGER });
    askForLook(run.dispatch, null);
    world.orders.push(order(900, 'draft', 2));
    receive(run.dispatch, created(world, order(900, 'draft', 2)));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 2, workOrderId: 900, attention: { reason: 'decision' } });
    expect(viewOf(run.dispatch).attention?.detail).toMatch('draft of a run that is gone');
    expect(world.orders).toHaveLength(2);
  });

  it('does not call off work that is done already for a cancel that was given before anything was known', () => {
    const { world, run } = begin(({ orders }) => orders.push(order(900, 'approved')));
    receiveCancel(run.dispatch, { reason: 'no need', by: 'ann' });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderStatus: 'approved' });
    expect(world.orders[0]?.status).toBe('approved');
  });
});

describe('a cancel of work that Field Nation has approved', () => {
  it('waits for nobody once the refusal’s reason is known', () => {
    const { world, run } = settled();
    const made = theOnly(world);
    world.become(made, 'approved');
    receiveCancel(run.dispatch, { reason: 'no need', by: 'ann' });
    run.settle();
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'rejected' });
    receive(run.dispatch, world.eventOf(made));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderStatus: 'approved' });
    expect(wordsOf(run)).toContain('Cancel without effect');
  });

  it('is not even asked for when that is known before', () => {
    const { world, run } = settled();
    const made = theOnly(world);
    world.become(made, 'approved');
    receive(run.dispatch, world.eventOf(made));
    run.settle();
    receiveCancel(run.dispatch, { reason: 'no need', by: 'ann' });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderStatus: 'approved' });
    expect(wordsOf(run)).toContain('Cancel without effect');
  });
});

describe('a wanted cancel', () => {
  it('is not sent once its work is known to be approved, whatever hid that from it', () => {
    const { world, run } = settled();
    const made = theOnly(world);
    world.become(made, 'approved');
    receive(run.dispatch, world.eventOf(made));
    run.settle();
    // News of a visit that another one followed settle nothing; here that one has been withdrawn.
    Object.assign(run.dispatch.newest ?? {}, { cancel: { reason: 'no need', byTicket: false, onlyUnassigned: false } });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderStatus: 'approved' });
    expect(wordsOf(run)).toContain('Cancel without effect');
  });
});

describe('money', () => {
  const expensive = ({ ticket }: World): void => void (ticket.pay = 150);

  it('above the limit waits before anything is made, and a retry is no yes', () => {
    const { world, run } = settled(expensive);
    receiveRetry(run.dispatch, { by: 'ann' });
    run.settle();
    expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'approval' });
    expect(world.orders).toEqual([]);
  });

  it.each([
    ['the sum that was shown', 150, 1],
    ['another sum', 200, 0],
  ])('is spent after a yes to %s: %d', (_, amount, orders) => {
    const { world, run } = settled(expensive);
    receiveApproval(run.dispatch, { by: 'ann', amount });
    run.settle();
    expect(world.orders).toHaveLength(orders);
  });

  it('is judged anew at the yes: a trigger that is gone ends the visit', () => {
    const { world, run } = settled(expensive);
    world.change({ status: PENDING });
    receiveApproval(run.dispatch, { by: 'ann', amount: 150 });
    run.settle();
    expect([viewOf(run.dispatch).state, world.orders.length]).toEqual(['skipped', 0]);
  });

  it('is held while dispatching is paused, and the visit keeps its state', () => {
    const { world, run } = settled();
    expect(world.orders).toHaveLength(1);
    const held = begin((it) => void (it.paused = true));
    for (let turns = 0; turns < 10; turns++) held.run.turn();
    expect(viewOf(held.run.dispatch)).toMatchObject({ attention: null, waitingFor: 'dispatching is paused: rates' });
    held.world.paused = false;
    held.run.settle();
    expect(publishes(held.world)).toBe(1);
    expect(viewOf(run.dispatch).state).toBe('dispatched');
  });
});

it('shows after its patience what fails, tries it every few minutes, and forgets it with the first success', () => {
  const { world, run } = begin();
  const policy = run.dispatch.policy;
  const seen: number[] = [];
  const wait = (): void => void (world.now = Date.parse(run.memory.failing[0]?.nextTry ?? run.dispatch.at()));
  while (seen.length < 3) {
    run.turn(() => 'unavailable');
    if (run.memory.blocked.length > 0) seen.push(world.now);
    wait();
  }
  expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'unavailable' });
  expect(seen.slice(1).map((at, index) => at - (seen[index] ?? 0))).toEqual([policy.stuckRetry, policy.stuckRetry]);
  run.settle();
  expect(viewOf(run.dispatch)).toMatchObject({ attention: null, state: 'dispatched' });
});

it('shows a ticket that cannot be changed after its patience, however often the change is planned anew meanwhile', () => {
  const { world, run } = settled();
  world.become(world.orders[0] as WorldOrder, 'work-done');
  receive(run.dispatch, world.events.pop()!);
  const refuses = (step: Step): End =>
    step.kind === 'write-effect' || step.kind === 'change-ticket' ? 'unavailable' : 'answered';
  const patienceIsOver = world.now + 2 * RULES.patienceMs;
  while (run.memory.blocked.length === 0 && world.now < patienceIsOver) if (!run.turn(refuses)) world.now += 1000;
  expect(viewOf(run.dispatch).attention).toMatchObject({ reason: 'unavailable' });
  run.settle();
  expect(viewOf(run.dispatch)).toMatchObject({ attention: null, state: 'work-done' });
});

it('looks for an order that may exist before a visit is called off', () => {
  const { world, run } = begin();
  while (run.memory.visits[0]?.stage !== 'unsure') run.turn((step) => (step.kind === 'create' ? 'lost' : 'answered'));
  receiveCancel(run.dispatch, { reason: 'no need' });
  run.settle();
  expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
  expect(run.memory.visits[0]?.stage).toBe('ended');
});

it('never publishes for a ticket that it has seen closed, however often publishing was put off for a look before', () => {
  const { world, run } = begin();
  while (run.memory.visits[0]?.stage !== 'publish') run.turn();
  // A webhook comes whenever the publish waits for its turn.
  const waits = (step: Step): End => {
    if (step.kind !== 'publish') return 'answered';
    askForLook(run.dispatch, null);
    return 'not made';
  };
  const turnUntil = (holds: () => boolean): void => {
    for (let turns = 0; turns < 100 && !holds(); turns++) if (!run.turn(waits)) world.now += 1000;
  };
  turnUntil(() => run.memory.visits[0]?.publishPutOff === MOST_PUT_OFF);
  world.change({ status: RESOLVED });
  turnUntil(() => run.memory.loss !== null);
  run.settle();
  expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
  expect(publishes(world)).toBe(0);
});

it('passes on a reason of 250 characters whole', () => {
  const { run } = begin();
  const reason = 'x'.repeat(249) + '.';
  receiveCancel(run.dispatch, { reason, by: 'y'.repeat(200) });
  expect(run.memory.commands.cancel).toEqual({ reason, by: 'y'.repeat(100) });
  receiveCancel(run.dispatch, { reason: `${reason}more` });
  expect(run.memory.commands.cancel).toEqual({ reason, by: null });
});

it('takes an event that names no work order for no proof of one', () => {
  const { world, run } = settled(({ ticket }) => void (ticket.pay = 150));
  const event = { ...world.eventOf(order(900, 'cancelled')), workOrderId: null };
  receive(run.dispatch, event);
  run.settle();
  expect(run.memory.visits[0]).toMatchObject({ stage: 'approval', status: null, workOrderId: null });
});

it('ends as skipped when the only visit that it knows is withdrawn, whatever its number', () => {
  const { world, run } = begin(({ orders, ticket }) => {
    orders.push(order(900, 'paid'));
    ticket.pay = 150;
  });
  run.memory.commands.visit = { by: 'ann' };
  run.settle();
  expect(run.memory.visits[0]).toMatchObject({ number: 2, stage: 'approval' });
  world.change({ status: PENDING });
  askForLook(run.dispatch, null);
  run.settle();
  expect(viewOf(run.dispatch).state).toBe('skipped');
});
