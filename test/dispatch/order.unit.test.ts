/** From the plan to an order that is linked: one create per decision, and no stranger's order (interface, section 8). */
import type { Linked } from '../../src/contract/ticket-calls';
import type { Visit } from '../../src/contract/visit';
import { startVisit } from '../../src/domain/dispatch/empty-memory';
import { createStep, evolveLink } from '../../src/domain/dispatch/order';
import type { StepKind } from '../../src/domain/dispatch/steps';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import { knownAfterLook } from '../../src/domain/known-ticket';
import { notFound, RULES, Run, World, type End, type WorldOrder } from '../simulation/core-world';
import { begin } from './begun-run';

const HOUR = 3_600_000;

const order = (world: World, id: number, status: OrderStatus, visit = 1): WorldOrder => ({
  ...{ id, visit, status, at: world.time(), payload: {}, published: 0, madeAt: world.now },
});
function until(run: Run, kind: StepKind, end: End): void {
  for (let turns = 0; turns < 50; turns++) {
    if (run.turn((next) => (next.kind === kind ? end : 'answered'))?.kind === kind) return;
    run.world.now += 1000;
  }
  throw new Error(`${kind} never came`);
}
const saysOf = ({ memory }: Run): [string, string | null][] =>
  memory.timeline.map(({ what, detail }) => [what, detail]);

describe('a create', () => {
  const inputWith = (patch: Partial<Visit>) => {
    const { dispatch } = new Run(new World());
    const { input } = createStep(dispatch, Object.assign(startVisit(dispatch, 1), { rules: RULES }, patch));
    return input as unknown as Record<string, unknown>;
  };
  const approved = { amount: 1, by: null, at: '', beyondHour: false, print: null };

  it.each<[string, Partial<Visit>, object]>([
    ['trusts the search where the ticket has a link field', {}, { thorough: false }],
    [
      'looks among the newest, too, where it has none',
      { rules: { ...RULES, hasLinkField: false } },
      { thorough: true },
    ],
    ['looks among the newest, too, before the rules are known', { rules: null }, { thorough: true }],
    ['looks among the newest, too, after one without an answer', { tried: true }, { thorough: true }],
    ['counts for the hour', { approved }, { beyondHour: false }],
    ['may be one too many after a yes', { approved: { ...approved, beyondHour: true } }, { beyondHour: true }],
    ['is one of many', { approved: { ...approved, inBulk: true } }, { inBulk: true }],
    ['has nothing to send without a plan', { plan: null }, { payload: {} }],
  ])('%s', (_, patch, input) => expect(inputWith(patch)).toMatchObject(input));

  it('is none of many without that word', () => expect(inputWith({ approved })).not.toHaveProperty('inBulk'));

  it('looks back an hour before the visit was asked for: clocks differ', () => {
    const { dispatch, world } = new Run(new World());
    expect(createStep(dispatch, startVisit(dispatch, 1))).toMatchObject({
      input: { since: new Date(world.now - HOUR).toISOString() },
    });
  });

  it('that is refused waits for a person, and is sent again after a retry', () => {
    const { run, world } = begin();
    until(run, 'create', 'refused');
    expect(run.memory.blocked).toMatchObject([{ step: 'create', attention: { reason: 'rejected' } }]);
    expect([run.memory.visits[0]?.stage, run.memory.visits[0]?.tried]).toEqual(['create', false]);
    run.settle();
    expect(world.orders).toEqual([]);
    run.memory.blocked = [];
    run.settle();
    expect([world.orders.length, run.memory.blocked, saysOf(run)]).toEqual([
      ...[1, []],
      expect.arrayContaining([['Work order created', 'Work order 901 for FD-acme-4711-1']]),
    ]);
  });

  it('without an answer is looked for, and nothing is made a second time', () => {
    const { run, world } = begin();
    until(run, 'create', 'lost');
    expect(run.memory.visits[0]).toMatchObject({ stage: 'unsure', tried: true, lookUps: 0 });
    expect(saysOf(run)).toContainEqual([
      'Create unanswered',
      'refused. Checking whether the work order was created before trying again',
    ]);
    run.settle();
    expect(world.orders).toMatchObject([{ status: 'published' }]);
    expect(saysOf(run)).toContainEqual(['Work order found', 'Work order 901 for FD-acme-4711-1']);
  });

  it.each<[OrderStatus, string | undefined]>([
    ['published', undefined],
    ['draft', 'decision'],
  ])('that finds an order of a run that is gone follows it: %s', (status, reason) => {
    const { run, world } = begin((it) => {
      it.rules = { ...RULES, hasLinkField: false };
      it.wasCutShort = true;
    });
    run.turn();
    world.orders.push(order(world, 950, status));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 1, workOrderId: 950, workOrderStatus: status });
    expect([viewOf(run.dispatch).attention?.reason, world.orders.length, world.orders[0]?.published]).toEqual([
      ...[reason, 1, 0],
    ]);
  });

  it('that finds an order of a later visit follows that one', () => {
    const { run, world } = begin((it) => void (it.wasCutShort = true));
    run.turn();
    world.orders.push({ ...order(world, 950, 'published'), madeAt: 0 });
    world.orders.push({ ...order(world, 951, 'published', 2), madeAt: 0 });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 2, workOrderId: 951, attention: null });
    expect(world.orders).toHaveLength(2);
  });
});

describe('a link', () => {
  const linkedWith = (patch: Partial<Visit>, answer: Partial<Linked>) => {
    const run = new Run(new World());
    const { dispatch, memory } = run;
    memory.known = { ...knownAfterLook(null, run.world.sight()), status: 8, tags: ['a', 'b'] };
    const visit = Object.assign(startVisit(dispatch, 1), { stage: 'link', workOrderId: 901, rules: RULES }, patch);
    visit.status ??= { key: 'draft', at: null };
    memory.lastWriteAt = '2027-02-27T08:00:00.000Z';
    const linked: Linked = { updatedAt: '2027-02-27T09:00:00.000Z', status: 8, tags: ['a', 'b'], ...answer };
    evolveLink(dispatch, visit, { kind: 'answered', answer: linked });
    return { memory, visit: visit as Visit };
  };

  it.each<[string, Partial<Linked>, boolean]>([
    ['shows the ticket as it is known', {}, false],
    ['shows another status', { status: 3 }, true],
    ['lacks one of the tags', { tags: ['a'] }, true],
    ['has another tag beside', { tags: ['a', 'b', 'c'] }, false],
    ['shows no status', { status: null, tags: [] }, false],
  ])('whose answer %s', (_, answer, isLookedAt) => {
    expect(linkedWith({}, answer).memory.look.wanted).toBe(isLookedAt);
  });

  it('remembers when it was written, where that is told', () => {
    expect(linkedWith({}, {}).memory.lastWriteAt).toBe('2027-02-27T09:00:00.000Z');
    expect(linkedWith({}, { updatedAt: null }).memory.lastWriteAt).toBe('2027-02-27T08:00:00.000Z');
  });

  it.each<[string, Partial<Visit>, string]>([
    ['of a draft is followed by its publish', {}, 'publish'],
    ['of a draft that shall stay one', { rules: { ...RULES, afterCreate: 'draft' } }, 'open'],
    ['of a draft of a run that is gone', { takenOver: true }, 'open'],
    ['of an order that is out already', { status: { key: 'assigned', at: null } }, 'open'],
  ])('%s', (_, patch, stage) => expect(linkedWith(patch, {}).visit.stage).toBe(stage));

  it('to a ticket that cannot be found has it looked at again', () => {
    const { dispatch, memory } = new Run(new World());
    const visit = Object.assign(startVisit(dispatch, 1), { stage: 'link', workOrderId: 901 });
    evolveLink(dispatch, visit, { kind: 'failed', failure: notFound });
    expect([memory.look.wanted, memory.blocked[0]?.step]).toEqual([true, 'link']);
  });

  it('that is refused waits for a person, and needs no look', () => {
    const { run } = begin();
    until(run, 'link', 'refused');
    expect([run.memory.look.wanted, run.memory.blocked.map(({ step }) => step)]).toEqual([false, ['link']]);
    run.memory.blocked = [];
    run.settle();
    expect(run.memory.blocked).toEqual([]);
  });
});
