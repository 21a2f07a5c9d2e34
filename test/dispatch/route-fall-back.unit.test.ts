/** A routed order that nobody takes in time goes to the marketplace: once, and never after somebody took it. */
import { nextDue } from '../../src/domain/dispatch/times';
import type { OrderStatus } from '../../src/domain/status';
import { Run, RULES, World, type End } from '../simulation/core-world';

const HOUR = 3_600_000;

function routed(routedFor: number | null = 4 * HOUR): { world: World; run: Run } {
  const world = new World();
  world.rules = { ...RULES, afterCreate: 'route', routeTo: 55021, ...(routedFor === null ? {} : { routedFor }) };
  const run = new Run(world);
  run.dispatch.memory.look.wanted = true;
  settle(run);
  tell(run);
  return { world, run };
}

/** Steps until nothing is to be done now. */
function settle(run: Run, endOf: () => End = () => 'answered'): string[] {
  const kinds: string[] = [];
  for (let step = run.turn(endOf); step && kinds.length < 50; step = run.turn(endOf)) kinds.push(step.kind);
  return kinds;
}

/** Field Nation's events arrive. */
function tell(run: Run): void {
  for (const event of run.world.events.splice(0)) run.memory.inbox.push(event);
  settle(run);
}

const orderOf = ({ orders: [order] }: World) => {
  if (!order) throw new Error('there is no order');
  return order;
};
const saysOf = (run: Run): string[] => run.memory.timeline.map(({ what }) => what);

it('waits for its providers, then publishes once', () => {
  const { world, run } = routed();
  expect(orderOf(world)).toMatchObject({ status: 'routed', published: 1 });
  expect(nextDue(run.dispatch)).toBe(Date.parse(run.dispatch.newest?.times.publishedAt ?? '') + 4 * HOUR);
  world.now += 4 * HOUR - 60_000;
  expect(settle(run)).not.toContain('publish');
  world.now += 60_000;
  expect(settle(run)).toContain('publish');
  expect(orderOf(world)).toMatchObject({ status: 'published', published: 2 });
  tell(run);
  world.now += 100 * HOUR;
  expect(settle(run)).not.toContain('publish');
  expect(run.dispatch.newest).toMatchObject({ stage: 'open', status: { key: 'published' } });
  expect(saysOf(run)).toEqual(expect.arrayContaining(['Routed', 'Nobody took it', 'Published']));
  expect(run.memory.blocked).toEqual([]);
});

it('waits for ever where the config names no time', () => {
  const { world, run } = routed(null);
  world.now += 1000 * HOUR;
  expect(settle(run)).not.toContain('publish');
  expect(orderOf(world).status).toBe('routed');
});

it.each<[string, OrderStatus]>([
  ['was taken', 'assigned'],
  ['was published by somebody', 'published'],
  ['was put on hold', 'postponed'],
  ['was cancelled', 'cancelled'],
])('leaves an order alone that %s', (_, status) => {
  const { world, run } = routed();
  world.become(orderOf(world), status);
  tell(run);
  world.now += 10 * HOUR;
  expect(settle(run)).not.toContain('publish');
  expect(orderOf(world)).toMatchObject({ status, published: 1 });
});

it('follows whoever took it at the last moment, of whom no event has told', () => {
  const { world, run } = routed();
  world.become(orderOf(world), 'assigned');
  world.events = [];
  world.now += 5 * HOUR;
  expect(settle(run)).toContain('publish');
  expect(orderOf(world)).toMatchObject({ status: 'assigned', published: 1 });
  expect(run.dispatch.newest).toMatchObject({ stage: 'open', status: { key: 'assigned' } });
});

it('is held back by a pause, and goes on after it', () => {
  const { world, run } = routed();
  world.paused = true;
  world.now += 4 * HOUR;
  settle(run);
  expect(orderOf(world).status).toBe('routed');
  expect(run.dispatch.state()).toBe('dispatched');
  world.paused = false;
  world.now += HOUR;
  settle(run);
  expect(orderOf(world).status).toBe('published');
});

it('is tried again after an answer that was lost, without a second order and over a new run', () => {
  const { world, run } = routed();
  world.now += 4 * HOUR;
  let calls = 0;
  settle(run, () => (calls++ === 0 ? 'lost' : 'answered'));
  run.continueAsNew();
  world.now += HOUR;
  settle(run);
  tell(run);
  expect(orderOf(world).status).toBe('published');
  expect(world.orders).toHaveLength(1);
  expect(run.dispatch.newest).toMatchObject({ stage: 'open', status: { key: 'published' } });
});

it('asks a person when Field Nation refuses, and publishes after a retry', () => {
  const { world, run } = routed();
  world.now += 4 * HOUR;
  let calls = 0;
  settle(run, () => (calls++ === 0 ? 'refused' : 'answered'));
  expect(run.memory.blocked.map(({ step }) => step)).toEqual(['publish']);
  run.memory.blocked = [];
  settle(run);
  expect(orderOf(world)).toMatchObject({ status: 'published', published: 2 });
});
