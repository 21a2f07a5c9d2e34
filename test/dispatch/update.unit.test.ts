/** Changes of the ticket go to its open order: only what differs, once, and a refusal once per value (interface, section 8). */
import type { TicketLook } from '../../src/contract/ticket-calls';
import { receiveCancel } from '../../src/domain/dispatch/commands';
import { askForLook } from '../../src/domain/dispatch/look-request';
import type { Step } from '../../src/domain/dispatch/steps';
import { nextDue } from '../../src/domain/dispatch/times';
import { viewOf } from '../../src/domain/dispatch/view';
import { RESOLVED, Run, World, type End, type WorldOrder } from '../simulation/core-world';

type Refused = { keys: string[]; said: string } | null;

/** A run whose order is out. `refuses` says what Field Nation makes of a patch; `lacking` names targets that cannot be mapped. */
function open(patch: (world: World) => void = () => undefined) {
  const world = new World();
  patch(world);
  const life = {
    refuses: (_: Record<string, unknown>): Refused => null,
    lacking: [] as string[],
    sent: [] as object[],
  };
  const answer = world.answer.bind(world);
  world.answer = (step) => {
    if (step.kind === 'update') {
      life.sent.push(step.input.patch);
      const refused = life.refuses(step.input.patch);
      if (refused) return { refused };
    }
    const said = answer(step);
    const { update } = said as TicketLook;
    if (step.kind !== 'fetch-ticket' || !update) return said;
    const problems = life.lacking.map((target) => ({ target, source: null, message: 'x', value: null, remedy: 'y' }));
    return { ...(said as TicketLook), update: { ...update, problems } };
  };
  const run = new Run(world);
  const look = (): void => askForLook(run.dispatch, null);
  look();
  run.settle();
  return Object.assign(life, {
    ...{ world, run, look },
    change: (ticket: Partial<World['ticket']>): void => {
      world.change(ticket);
      look();
      run.settle();
    },
  });
}
function until(run: Run, kind: Step['kind'], end: End): Step {
  for (let turns = 0; turns < 100; turns++) {
    const step = run.turn((next) => (next.kind === kind ? end : 'answered'));
    if (step?.kind === kind) return step;
    if (step === null) run.world.now = Math.max(nextDue(run.dispatch) ?? 0, run.world.now + 1);
  }
  throw new Error(`${kind} never came`);
}
const payload = ({ orders }: World) => orders[0]?.payload;
const saysOf = ({ memory }: Run): [string, string | null][] =>
  memory.timeline.map(({ what, detail }) => [what, detail]);

it('sends what changed and nothing else, and says so', () => {
  const { sent, change, run, world } = open();
  expect(sent).toEqual([]);
  change({ site: 'Side St' });
  expect(sent).toEqual([{ location: { site: 'Side St' } }]);
  expect(payload(world)).toMatchObject({ location: { site: 'Side St' } });
  expect(saysOf(run)).toContainEqual(['Work order updated', 'location']);
  change({ site: 'Side St' });
  expect(sent).toHaveLength(1);
});

it('sends several saves at once, a while after the first', () => {
  const { sent, run, world, look } = open();
  for (const site of ['A St', 'B St']) {
    world.change({ site });
    look();
    run.turn();
  }
  const wantedAt = Date.parse(run.memory.visits[0]?.sync.wantedAt ?? '');
  expect(wantedAt - world.now).toBe(run.dispatch.policy.updateAfter - 1000);
  run.settle();
  expect(sent).toEqual([{ location: { site: 'B St' } }]);
});

it('sends the rest again where Field Nation refuses a key that it names, and that value never again', () => {
  const life = open();
  life.refuses = (patch) => ('location' in patch ? { keys: ['location'], said: 'no such site' } : null);
  life.change({ site: 'Nowhere', pay: 60 });
  expect(life.sent).toEqual([
    { location: { site: 'Nowhere' }, pay: { type: 'fixed', base: { amount: 60 } } },
    { pay: { type: 'fixed', base: { amount: 60 } } },
  ]);
  expect(saysOf(life.run)).toContainEqual(['Change refused by Field Nation', 'location']);
  expect(life.world.notes.filter((marker) => marker.includes('not changed'))).toEqual([
    'FD-acme-4711-1 not changed {"site":"Nowhere"}',
  ]);
  life.change({ pay: 70 });
  expect(life.sent.at(-1)).toEqual({ pay: { type: 'fixed', base: { amount: 70 } } });
  life.refuses = () => null;
  life.change({ site: 'Side St' });
  expect(payload(life.world)).toMatchObject({ location: { site: 'Side St' }, pay: { base: { amount: 70 } } });
});

it('sends key by key where Field Nation names none', () => {
  const life = open();
  life.refuses = (patch) => ('location' in patch ? { keys: [], said: 'no' } : null);
  life.change({ site: 'Nowhere', pay: 60 });
  expect(life.sent.map((patch) => Object.keys(patch))).toEqual([['location', 'pay'], ['location'], ['pay']]);
  expect(payload(life.world)).toMatchObject({ location: { site: 'Main St' }, pay: { base: { amount: 60 } } });
});

it('waits for a person where the changed ticket cannot be mapped', () => {
  const life = open();
  life.lacking.push('title', 'location');
  life.change({ site: '' });
  expect(life.run.memory.blocked).toMatchObject([
    { step: 'update', summary: 'The changed ticket cannot be mapped: title, location' },
  ]);
  expect(life.sent).toEqual([]);
  life.lacking.length = 0;
  life.change({ site: 'Side St' });
  expect([life.sent.length, viewOf(life.run.dispatch).attention]).toEqual([1, null]);
});

it.each<[End, number]>([
  ['unavailable', 1],
  ['refused', 0],
])('maps the ticket anew after a call that failed: %s', (end, failing) => {
  const life = open();
  life.world.change({ site: 'Side St' });
  life.look();
  expect(until(life.run, 'update', end).name).toBe('update');
  expect([life.run.memory.failing.length, life.run.memory.visits[0]?.sync.sending]).toEqual([failing, null]);
  life.run.memory.blocked = [];
  life.run.settle();
  expect([payload(life.world), life.run.memory.failing]).toMatchObject([{ location: { site: 'Side St' } }, []]);
});

it('waits until a call that was let go of must have ended, then sends everything again', () => {
  const life = open();
  life.world.change({ site: 'Side St' });
  life.look();
  until(life.run, 'update', 'unheard');
  expect(life.run.memory.visits[0]?.sync).toMatchObject({
    ...{ sending: null, wantedAt: life.run.dispatch.at(life.run.dispatch.policy.letGo) },
  });
  life.run.settle();
  expect(life.sent).toHaveLength(2);
});

it('asks before it sends pay to an order that was assigned meanwhile', () => {
  const life = open();
  life.world.change({ pay: 60 });
  life.look();
  until(life.run, 'update', 'not made');
  const visit = life.run.memory.visits[0];
  Object.assign(life.world.orders[0] as WorldOrder, { status: 'assigned' });
  Object.assign(visit ?? {}, { status: { key: 'assigned', at: null } });
  life.run.settle();
  expect([life.sent, viewOf(life.run.dispatch).attention?.reason]).toEqual([[], 'approval']);
});

it.each<[string, (life: ReturnType<typeof open>) => void]>([
  ['was closed', ({ world }) => world.change({ status: RESOLVED, site: 'Side St' })],
  ['is gone', ({ world }) => world.change({ gone: true, site: 'Side St' })],
  [
    'is to be cancelled',
    ({ world, run }) => {
      world.change({ site: 'Side St' });
      receiveCancel(run.dispatch, {});
    },
  ],
])('sends nothing for a ticket that %s', (_, happen) => {
  const life = open();
  happen(life);
  life.look();
  life.run.settle();
  expect(life.sent).toEqual([]);
});

it('sends nothing of what an order has that was taken over, only later changes', () => {
  const order = { id: 900, visit: 1, status: 'published', at: '2027-01-27T08:00:00.000Z', payload: {}, published: 0 };
  const life = open(({ orders }) => void orders.push(order as WorldOrder));
  life.change({});
  expect(life.sent).toEqual([]);
  life.change({ site: 'Side St' });
  expect(life.sent).toEqual([{ location: { site: 'Side St' } }]);
});
