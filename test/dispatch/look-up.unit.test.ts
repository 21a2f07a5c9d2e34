/** An unanswered create: what exists is taken, what is doubled deleted, and none is made before it is sure (interface, section 8). */
import { receiveCancel } from '../../src/domain/dispatch/commands';
import { askForLook } from '../../src/domain/dispatch/look-request';
import type { Step, StepKind } from '../../src/domain/dispatch/steps';
import { nextDue } from '../../src/domain/dispatch/times';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import { RULES, Run, World, type End, type WorldOrder } from '../simulation/core-world';

/** A run whose create was not answered; its order is there, as work order 901. */
function unanswered(patch: (world: World) => void = () => undefined): { world: World; run: Run } {
  const world = new World();
  const run = new Run(world);
  askForLook(run.dispatch, null);
  until(run, 'create', 'lost');
  // Field Nation's search shows it at once.
  for (const made of world.orders) made.madeAt = 0;
  patch(world);
  return { world, run };
}
function until(run: Run, kind: StepKind, end: End): Step {
  for (let turns = 0; turns < 100; turns++) {
    const step = run.turn((next) => (next.kind === kind ? end : 'answered'));
    if (step?.kind === kind) return step;
    if (step === null) run.world.now = Math.max(nextDue(run.dispatch) ?? 0, run.world.now + 1);
  }
  throw new Error(`${kind} never came`);
}
const order = (world: World, id: number, status: OrderStatus, at = world.time()): WorldOrder => ({
  ...{ id, visit: 1, status, at, payload: {}, published: 0, madeAt: 0 },
});
const statuses = ({ orders }: World): OrderStatus[] => orders.map(({ status }) => status);
const saysOf = ({ memory }: Run): [string, string | null][] =>
  memory.timeline.map(({ what, detail }) => [what, detail]);
const nothingMade = (world: World): void => void (world.orders = []);

describe('where no order was made', () => {
  it('it is looked for at growing distances, and made again only after the patience', () => {
    const { run, world } = unanswered(nothingMade);
    const since = world.now;
    const begun: number[] = [];
    while (run.memory.visits[0]?.stage === 'unsure') {
      const step = until(run, 'find-unsure', 'answered');
      if (step.kind !== 'find-unsure') continue;
      expect(step.input).toMatchObject({ visit: 1, since: new Date(since - 3_600_000).toISOString() });
      if (step.input.by === 'search') begun.push(world.now - since);
    }
    expect(begun).toEqual([0, 2000, 10_000, 30_000, RULES.createPatienceMs]);
    expect(saysOf(run)).toContainEqual([
      'No work order found',
      'The unanswered create surely had no effect; creating again',
    ]);
    expect(run.memory.look.wanted).toBe(true);
    run.settle();
    expect(world.orders).toMatchObject([{ status: 'published', published: 1 }]);
  });

  it('the visit ends where it was called off', () => {
    const { run, world } = unanswered(nothingMade);
    receiveCancel(run.dispatch, { reason: 'no need' });
    run.settle();
    expect([world.orders, run.memory.visits[0]?.stage]).toEqual([[], 'ended']);
    expect(saysOf(run)).toContainEqual(['Visit 1 cancelled', 'no need']);
  });

  it('the newest orders are read page by page, forty at most', () => {
    const { run, world } = unanswered(nothingMade);
    const pages: number[] = [];
    const answer = world.answer.bind(world);
    world.answer = (step) => {
      if (step.kind !== 'find-unsure' || step.input.by === 'search') return answer(step);
      pages.push(step.input.page);
      return { orders: [], nextPage: step.input.page + 1 };
    };
    while ((run.memory.visits[0]?.lookUps ?? 0) === 0) run.turn();
    expect(pages).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  });

  it('an order of another visit is none', () => {
    const { run, world } = unanswered((it) => void (it.orders = [{ ...order(it, 950, 'published'), visit: 3 }]));
    run.settle();
    expect(run.memory.visits[0]).toMatchObject({ number: 1, workOrderId: 902 });
    expect(world.orders).toHaveLength(2);
  });
});

describe('where several orders carry the visit’s id', () => {
  it('the oldest draft is kept, and the others deleted', () => {
    const { run, world } = unanswered((it) => it.orders.unshift(order(it, 903, 'draft'), order(it, 902, 'draft')));
    run.settle();
    expect(run.memory.visits[0]).toMatchObject({ workOrderId: 901, surplus: [] });
    expect(world.orders.map(({ id, status }) => [id, status])).toEqual([
      [903, 'cancelled'],
      [902, 'cancelled'],
      [901, 'published'],
    ]);
    expect(saysOf(run).filter(([what]) => what === 'Doubled draft')).toEqual([
      ['Doubled draft', 'Work order 902 deleted'],
      ['Doubled draft', 'Work order 903 deleted'],
    ]);
  });

  it('the one that is out already is kept', () => {
    const { run, world } = unanswered((it) => it.orders.push(order(it, 902, 'assigned')));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ workOrderId: 902, workOrderStatus: 'assigned', attention: null });
    expect(statuses(world)).toEqual(['cancelled', 'assigned']);
  });

  it.each<[string, (world: World) => WorldOrder[], string]>([
    ['two are out', (it) => [order(it, 902, 'assigned'), order(it, 903, 'published')], '902, 903'],
    ['a draft is older than the visit', (it) => [order(it, 902, 'draft', '2027-02-27T08:57:59.000Z')], '901, 902'],
  ])('a person is asked, and nothing deleted: %s', (_, more, ids) => {
    const { run, world } = unanswered((it) => it.orders.push(...more(it)));
    const before = statuses(world);
    run.settle();
    expect(run.memory.blocked).toMatchObject([{ step: 'find', summary: 'Several work orders carry FD-acme-4711-1' }]);
    expect(viewOf(run.dispatch).attention).toEqual({
      ...{ reason: 'ambiguous', detail: `Several work orders carry FD-acme-4711-1: ${ids}` },
      remedy: 'Cancel all but one of them in Field Nation, then retry.',
    });
    expect(statuses(world)).toEqual(before);
  });

  it('a draft that is no older than clocks differ is of this visit', () => {
    const { run, world } = unanswered((it) => it.orders.push(order(it, 902, 'draft', '2027-02-27T08:58:00.000Z')));
    run.settle();
    expect(statuses(world)).toEqual(['published', 'cancelled']);
  });

  it('a draft that cannot be deleted is said, and holds nothing up', () => {
    const { run, world } = unanswered((it) => it.orders.push(order(it, 902, 'draft')));
    until(run, 'delete-draft', 'refused');
    run.settle();
    expect(saysOf(run)).toContainEqual(['Doubled draft', 'Work order 902 could not be deleted']);
    expect(statuses(world)).toEqual(['published', 'draft']);
  });

  it('a draft that cannot be deleted now is deleted later, and holds up nothing', () => {
    const { run, world } = unanswered((it) => it.orders.push(order(it, 902, 'draft')));
    expect(until(run, 'delete-draft', 'unavailable')).toMatchObject({
      name: 'find',
      input: { workOrderId: 902, correlationId: 'FD-acme-4711-1' },
    });
    expect([run.memory.failing, run.memory.visits[0]?.surplus]).toMatchObject([[{ step: 'find' }], [902]]);
    run.settle();
    expect(statuses(world)).toEqual(['published', 'cancelled']);
    expect([run.memory.failing, run.memory.visits[0]?.surplus]).toEqual([[], []]);
  });
});

it('an order that was cancelled meanwhile ends the visit', () => {
  const { run, world } = unanswered((it) => void Object.assign(it.orders[0] as WorldOrder, { status: 'cancelled' }));
  run.settle();
  expect([run.memory.visits[0]?.stage, world.orders.length]).toEqual(['ended', 1]);
  expect(saysOf(run)).toContainEqual(['Visit 1 cancelled', 'Its work order was cancelled']);
});

it('a draft that was there before the visit is a question', () => {
  const { run, world } = unanswered((it) => void (it.orders = [order(it, 950, 'draft', '2027-02-27T08:00:00.000Z')]));
  run.settle();
  expect(viewOf(run.dispatch)).toMatchObject({ workOrderId: 950, attention: { reason: 'decision' } });
  expect(statuses(world)).toEqual(['draft']);
});

it('a look-up that fails waits under its name, and is forgotten with its success', () => {
  const { run } = unanswered();
  expect(until(run, 'find-unsure', 'unavailable').name).toBe('find');
  expect(run.memory.failing).toMatchObject([{ step: 'find' }]);
  run.settle();
  expect([run.memory.failing, viewOf(run.dispatch).state]).toEqual([[], 'dispatched']);
});
