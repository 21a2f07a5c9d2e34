/** Whose an order is: of this ticket, of nobody we know, or of a run that is gone (interface, section 8). */
import { receiveCancel } from '../../src/domain/dispatch/commands';
import { receive } from '../../src/domain/dispatch/inbox';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import type { WantedVisit } from '../../src/contract/memory';
import { PENDING, type Run, type World, type WorldOrder } from '../simulation/core-world';
import { begin, settled } from './begun-run';

const order = (id: number, status: OrderStatus, visit = 1): WorldOrder => ({
  ...{ id, visit, status, at: '2027-01-27T08:00:00.000Z', payload: {}, published: 0 },
});
const statuses = ({ orders }: World): OrderStatus[] => orders.map(({ status }) => status);
const saysOf = ({ memory }: Run): [string, string | null][] =>
  memory.timeline.map(({ what, detail }) => [what, detail]);

/** Steps until a kind of call is next, and answers the calls before it. */
function until(run: Run, kind: string): void {
  for (let turns = 0; turns < 50; turns++) {
    let is = false;
    run.turn((step) => ((is = step.kind === kind) ? 'not made' : 'answered'));
    if (is) return;
  }
  throw new Error(`${kind} never came`);
}

describe('a ticket that names a work order', () => {
  const linked = (link: string, orders: WorldOrder[] = []) =>
    settled((world) => void Object.assign(world, { orders, ticket: { ...world.ticket, link } }));

  it('is a question where Field Nation does not show it', () => {
    const { run, world } = linked('777');
    expect(run.memory.blocked[0]?.summary).toBe('The ticket names a work order that is not ours');
    expect(viewOf(run.dispatch).attention).toEqual({
      reason: 'decision',
      detail: 'Ticket 4711 names work order 777, which Field Nation does not show',
      remedy:
        'If nobody is to be sent, run `deskbridge retry 4711`. To send somebody, run `deskbridge dispatch 4711`, or clear the link field and set the trigger again.',
    });
    expect(world.orders).toEqual([]);
  });

  it.each(['WO-12', '0', '012', '-5', '1.5', '1234567890123456'])('is a question where it is no number: %s', (link) => {
    const { run, world } = linked(link);
    expect(viewOf(run.dispatch).attention).toMatchObject({
      ...{ reason: 'decision', detail: `Ticket 4711 names work order ${link}, which was not made for this ticket` },
    });
    expect(world.orders).toEqual([]);
  });

  it('follows it where it is the ticket’s own, and asks nothing', () => {
    const { run, world } = linked('900', [order(900, 'assigned')]);
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900, workOrderStatus: 'assigned' });
    expect(world.orders).toHaveLength(1);
  });

  it('is a question where the order was made for another ticket', () => {
    const { run, world } = begin((it) => {
      it.ticket.link = '777';
      it.orders.push(order(777, 'published'));
    });
    const answer = world.answer.bind(world);
    world.answer = (step) => {
      if (step.kind === 'find-own') return { orders: [], nextPage: null };
      const said = answer(step);
      return step.kind === 'read-link' ? { ...(said as object), correlationId: 'FD-acme-12-1' } : said;
    };
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({
      attention: { detail: 'Ticket 4711 names work order 777, which was not made for this ticket' },
      workOrderId: null,
    });
    expect(statuses(world)).toEqual(['published']);
  });

  it('follows its own order also while the search does not show it yet', () => {
    const { run, world } = begin((it) => {
      it.ticket.link = '900';
      it.orders.push({ ...order(900, 'assigned'), madeAt: it.now });
    });
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900 });
    expect(world.orders).toHaveLength(1);
  });

  it('follows the highest visit, whichever its link names', () => {
    const { run } = linked('900', [order(900, 'paid'), order(901, 'published', 2)]);
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, visit: 2, workOrderId: 901 });
  });

  it('is read again where Field Nation could not be asked', () => {
    const { run, world } = begin((it) => {
      it.ticket.link = '900';
      it.orders.push(order(900, 'assigned'));
    });
    until(run, 'read-link');
    run.turn(() => 'unavailable');
    expect(viewOf(run.dispatch).waitingFor).toMatch('reading the linked work order');
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900 });
    expect(world.orders).toHaveLength(1);
  });
});

describe('work orders of this ticket that no run remembers', () => {
  it('are a question where several carry one id; a retry asks again', () => {
    const { run, world } = settled(({ orders }) => orders.push(order(900, 'assigned'), order(901, 'draft')));
    expect(viewOf(run.dispatch).attention).toEqual({
      ...{ reason: 'ambiguous', detail: 'Several work orders of ticket 4711 carry the same id: 900, 901' },
      remedy: 'Cancel all but one of them in Field Nation, then retry.',
    });
    expect(run.memory.blocked[0]?.summary).toBe('Several work orders carry one id');
    Object.assign(world.orders[1] as WorldOrder, { status: 'cancelled' });
    run.memory.blocked = [];
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900 });
  });

  it.each<[OrderStatus, OrderStatus]>([
    ['paid', 'cancelled'],
    ['cancelled', 'paid'],
  ])('are over where the last is %s: nobody is sent again', (first, second) => {
    const { run, world } = settled(({ orders }) => orders.push(order(900, first), order(901, second)));
    const over = first === 'paid' ? 900 : 901;
    expect(run.memory.skipped).toBe(
      `The work order of this ticket is over. To send somebody again, run \`deskbridge dispatch\`. It was work order ${over}.`,
    );
    expect(statuses(world)).toEqual([first, second]);
  });

  it('are asked about again after a failure, and nothing is made before', () => {
    const { run, world } = begin(({ orders }) => orders.push(order(900, 'assigned')));
    until(run, 'find-own');
    run.turn(() => 'refused');
    expect([viewOf(run.dispatch).attention?.reason, world.orders.length]).toEqual(['rejected', 1]);
    run.memory.blocked = [];
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ attention: null, workOrderId: 900 });
  });

  it('are read page by page, eight at most, where the ticket has no link field', () => {
    const { run, world } = begin((it) => void (it.rules = { ...it.rules, hasLinkField: false }));
    run.memory.commands.visit = { by: 'ann' };
    const answer = world.answer.bind(world);
    const pages: number[] = [];
    world.answer = (step) => {
      if (step.kind !== 'find-own' || step.input.by === 'search') return answer(step);
      pages.push(step.input.page);
      return { orders: [], nextPage: step.input.page + 1 };
    };
    run.settle();
    expect(pages).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(statuses(world)).toEqual(['published']);
  });
});

describe('a visit that a person asks for', () => {
  const asked = (wanted: WantedVisit, patch: (world: World) => void = () => undefined) => {
    const life = begin((world) => {
      world.ticket.status = PENDING;
      patch(world);
    });
    life.run.memory.commands.visit = wanted;
    life.run.settle();
    return life;
  };

  it('is the one after the highest', () => {
    const { run, world } = asked({ by: 'ann' }, ({ orders }) => orders.push(order(900, 'paid', 3)));
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 4, attention: null });
    expect(saysOf(run)).toContainEqual(['Visit 4', 'ann asked for it']);
    expect(world.orders).toHaveLength(2);
  });

  it('is ignored where one is under way already', () => {
    const { run, world } = asked({ by: 'ann' }, ({ orders }) => orders.push(order(900, 'assigned')));
    expect(saysOf(run)).toContainEqual(['Dispatch by hand ignored', 'A visit is under way already']);
    expect(world.orders).toHaveLength(1);
  });

  it('is the second one where the ticket names an order of nobody', () => {
    const { run, world } = asked({ by: null }, ({ ticket }) => void (ticket.link = '777'));
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 2, attention: null });
    expect(saysOf(run)).toContainEqual(['Visit 2', 'A person asked for it']);
    expect(world.orders).toHaveLength(1);
  });

  it.each<[string, (world: World) => void]>([
    ['has an order', ({ orders }) => void orders.push(order(900, 'paid'))],
    ['names an order of nobody', ({ ticket }) => void (ticket.link = '777')],
  ])('is none when asked for with many others and the ticket %s', (_, patch) => {
    const { run, world } = asked({ by: 'ann', bulk: { after: 0, first: true } }, patch);
    expect(run.memory.skipped).toBe(
      'The ticket was dispatched with many others, but has a work order already. To send somebody, run `deskbridge dispatch`.',
    );
    expect(statuses(world).filter((status) => status !== 'paid')).toEqual([]);
  });
});

describe('a cancel that comes before anything is known', () => {
  it.each<[OrderStatus, OrderStatus, string, string]>([
    ['published', 'cancelled', 'Cancel', 'no need'],
    ['assigned', 'cancelled', 'Cancel', 'no need'],
    ['work-done', 'work-done', 'Cancel without effect', 'The work is done already'],
  ])('of an order that is %s leaves it %s', (before, after, what, detail) => {
    const { run, world } = begin(({ orders }) => orders.push(order(900, before)));
    receiveCancel(run.dispatch, { reason: 'no need' });
    run.settle();
    expect(statuses(world)).toEqual([after]);
    expect(saysOf(run).filter(([said]) => said === what)).toEqual([[what, detail]]);
    expect(viewOf(run.dispatch).attention).toBeNull();
  });

  it('answers the question about a draft', () => {
    const { run, world } = begin(({ orders }) => orders.push(order(900, 'draft')));
    receiveCancel(run.dispatch, { reason: 'no need' });
    run.settle();
    expect([statuses(world), viewOf(run.dispatch).attention]).toEqual([['cancelled'], null]);
  });

  it('is the end of the visit after those that are over', () => {
    const { run, world } = begin(({ orders }) => orders.push(order(900, 'paid', 2)));
    receiveCancel(run.dispatch, { reason: 'no need' });
    run.settle();
    expect(run.memory.visits).toMatchObject([{ number: 3, stage: 'ended', workOrderId: null }]);
    expect(statuses(world)).toEqual(['paid']);
  });
});

describe('an event of an order that nobody knows', () => {
  it('proves nothing where Field Nation does not show the order, and says so', () => {
    const { run, world } = begin();
    receive(run.dispatch, world.eventOf(order(888, 'assigned', 7)));
    run.settle();
    expect(saysOf(run)).toContainEqual([
      'Event not confirmed',
      'Field Nation does not show work order 888 as one of this ticket',
    ]);
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 1, attention: null });
    expect(world.orders).toHaveLength(1);
  });

  it('is followed where Field Nation shows the order as this ticket’s', () => {
    const { run, world } = begin(({ orders }) => orders.push(order(888, 'assigned', 7)));
    receive(run.dispatch, world.eventOf(order(888, 'assigned', 7)));
    run.settle();
    expect(viewOf(run.dispatch)).toMatchObject({ visit: 7, workOrderId: 888, attention: null });
    expect(world.orders).toHaveLength(1);
  });
});
