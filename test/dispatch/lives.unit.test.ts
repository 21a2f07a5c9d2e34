/**
 * The real core – decide, evolve – over any order and repetition of any valid life of a work order: the ticket ends in the
 * state of the last true status. Only Freshdesk and Field Nation are make-believe.
 */
import fc from 'fast-check';
import { startVisit } from '../../src/domain/dispatch/empty-memory';
import { receive } from '../../src/domain/dispatch/inbox';
import type { OrderEvent } from '../../src/domain/order-event';
import { judge } from '../../src/domain/status-order';
import type { KnownStatus } from '../../src/domain/status';
import { knownAfterLook } from '../../src/domain/known-ticket';
import { Run, RULES, World, type End } from '../simulation/core-world';
import { lives } from './work-order-life';

const ORDER = 901;

/** A dispatch whose order is out: published by us, as the answer to the publish told it, or left as a draft. */
function follow(world: World, life: readonly KnownStatus[]): Run {
  const run = new Run(world);
  run.memory.known = knownAfterLook(null, world.sight());
  const visit = startVisit(run.dispatch, 1);
  const byUs = life[1]?.key === 'published';
  // Either way must do: what the last look said writes to the ticket is decided and written by one call.
  Object.assign(visit, { stage: 'open', workOrderId: ORDER, ownStatus: byUs, rules: RULES });
  visit.status = byUs ? { key: 'published', at: null } : { key: 'draft', at: life[0]?.at ?? null };
  // Our own publish has written its effect already.
  if (byUs) world.told = 'published';
  return run;
}

/**
 * Plays a life against the dispatch; `choices` decide what comes next, between steps and in the middle of calls: the life
 * goes on, one of its events arrives, arrives again or under another delivery id, a step is taken, a new run begins.
 */
function play(life: readonly KnownStatus[], choices: readonly number[]): World {
  const world = new World();
  const order = { id: ORDER, visit: 1, status: 'draft' as const, at: '', payload: {}, published: 1 };
  world.orders.push(order);
  const run = follow(world, life);
  const open: OrderEvent[] = [];
  const past: OrderEvent[] = [];
  let lived = 0;
  let turn = 0;
  const isPlaying = (): boolean => turn < choices.length;
  const choice = (): number => choices[turn++] ?? 0;

  const goOn = (): void => {
    const status = life[lived];
    if (!status) return;
    lived += 1;
    Object.assign(order, { status: status.key, at: status.at });
    const event = { ...world.eventOf(order), key: `delivery-${lived}` };
    open.push(event);
    past.push(event);
  };
  const deliver = (pick: number): void => {
    const [event] = open.splice(pick % Math.max(open.length, 1), 1);
    if (event) receive(run.dispatch, event);
  };
  const repeat = (pick: number): void => {
    const event = past[pick % past.length];
    if (event) open.push(pick % 2 === 0 ? event : { ...event, key: `again-${turn}` });
  };
  const happen = (pick: number): void => {
    if (pick % 4 === 0) goOn();
    else if (pick % 4 === 3) repeat(pick >> 2);
    else deliver(pick >> 2);
  };
  world.bringsNote = () => world.writes % 2 === 0;
  const endOf = (): End => (isPlaying() && choice() % 6 === 0 ? 'refused' : 'answered');
  const meanwhile = (): void => {
    if (isPlaying() && choice() % 3 === 0) happen(choice());
  };

  goOn();
  if (life[1]?.key === 'published') goOn();
  while (isPlaying()) {
    const pick = choice();
    if (pick % 11 === 10) run.memory.blocked = [];
    else if (pick % 5 === 4) run.continueAsNew();
    else if (pick % 5 < 2) run.turn(endOf, meanwhile);
    else happen(pick >> 2);
  }
  run.memory.blocked = [];
  while (lived < life.length) goOn();
  while (open.length > 0) deliver(open.length >> 1);
  run.settle();
  expect(run.memory.blocked).toEqual([]);
  expect(run.memory.doubtful).toEqual([]);
  return world;
}

const choices = fc.array(fc.nat(1 << 16), { maxLength: 150, size: 'max' });
// What a draft does to the ticket no config can say. A cancel after the work was done is only recorded (section 8); in a
// life with both, whether it came after depends on whether the event that reopened the visit was heard before it.
const told = (gap: number): fc.Arbitrary<KnownStatus[]> => lives(gap).filter((life) => life.length > 1 && isTold(life));
const isTold = (life: readonly KnownStatus[]): boolean => {
  const last = life.at(-1)?.key;
  return last !== 'draft' && !(last === 'cancelled' && life.some(({ key }) => key === 'work-done'));
};

it('ends with the ticket in the state of the last true status, and with each note once, in 10,000 lives', () => {
  fc.assert(
    fc.property(told(60), choices, (life, picks) => {
      const world = play(life, picks);
      expect(world.told).toBe(life.at(-1)?.key);
      expect(world.writes).toBeLessThanOrEqual(life.length);
      expect(world.doubledNotes).toBe(0);
    }),
    { numRuns: 10_000 },
  );
});

it('ends there too when a life takes the usual path within one second, where only the path itself can tell', () => {
  fc.assert(
    fc.property(told(0).filter(takesUsualPath), choices, (life, picks) => {
      expect(play(life, picks).told).toBe(life.at(-1)?.key);
    }),
    { numRuns: 1_000 },
  );
});

/** Each status is later on the path than the one before; Field Nation's times have whole seconds. */
function takesUsualPath(life: readonly KnownStatus[]): boolean {
  return life.every((status, index) => index === 0 || judge(life[index - 1] ?? null, status) === 'apply');
}
