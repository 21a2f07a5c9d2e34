/** What a fresh mapping means for a visit without an order (interface, section 8). */
import type { TicketLook } from '../../src/contract/ticket-calls';
import { receiveApproval } from '../../src/domain/dispatch/commands';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { viewOf } from '../../src/domain/dispatch/view';
import { Run, World } from '../simulation/core-world';

/** A world whose tickets lack values of these targets, as long as `lacking` names them. */
function begin(patch: (world: World) => void = () => undefined) {
  const world = new World();
  patch(world);
  const lacking: string[] = [];
  const calls: string[] = [];
  const answer = world.answer.bind(world);
  world.answer = (step) => {
    calls.push(step.kind);
    const said = answer(step);
    const { plan } = said as TicketLook;
    if (step.kind !== 'fetch-ticket' || !plan) return said;
    const problems = lacking.map((target) => ({ target, source: null, message: 'x', value: null, remedy: 'y' }));
    return { ...(said as TicketLook), plan: { ...plan, problems } };
  };
  const run = new Run(world);
  const look = (): void => {
    askForLook(run.dispatch, null);
    run.settle();
  };
  return { world, run, lacking, calls, look };
}
const waiting = ({ memory }: Run): string[] => memory.blocked.map(({ step }) => step);
const noted = ({ memory }: Run, what: string) => memory.timeline.filter((entry) => entry.what === what);

it('waits for a person where the ticket cannot be mapped, and goes on once it can', () => {
  const { run, lacking, look, world } = begin();
  lacking.push('title', 'location');
  look();
  expect(run.memory.visits).toMatchObject([{ stage: 'plan', workOrderId: null }]);
  expect(run.memory.blocked).toMatchObject([
    { step: 'plan', summary: 'The ticket cannot be mapped: title, location', attention: { reason: 'mapping' } },
  ]);
  lacking.length = 0;
  world.change({ site: 'Side St' });
  look();
  expect([viewOf(run.dispatch).attention, world.orders.length]).toEqual([null, 1]);
  expect(noted(run, 'Mapped')).toMatchObject([{ detail: 'FD-acme-4711-1: title, location, pay' }]);
});

it('waits for no yes to what cannot be mapped any more, and for one again once it can', () => {
  const { run, lacking, look, world } = begin(({ ticket }) => void (ticket.pay = 150));
  look();
  expect(waiting(run)).toEqual(['approval']);
  lacking.push('title');
  look();
  expect([waiting(run), run.memory.visits[0]?.approval, run.memory.visits[0]?.stage]).toEqual([['plan'], null, 'plan']);
  lacking.length = 0;
  look();
  expect([waiting(run), run.memory.visits[0]?.approval?.amount]).toEqual([['approval'], 150]);
  expect(world.orders).toEqual([]);
});

it('shows the sum of now, and each sum once', () => {
  const { run, look, world } = begin(({ ticket }) => void (ticket.pay = 150));
  look();
  look();
  world.change({ pay: 160 });
  look();
  expect(run.memory.visits[0]?.approval?.amount).toBe(160);
  expect(noted(run, 'Attention: approval').map(({ detail }) => detail)).toEqual([
    'The work order costs more than dispatch.approval.payAbove allows: up to $150.',
    'The work order costs more than dispatch.approval.payAbove allows: up to $160.',
  ]);
});

it('needs no yes any more once the sum is below the limit', () => {
  const { run, look, world } = begin(({ ticket }) => void (ticket.pay = 150));
  look();
  world.change({ pay: 50 });
  look();
  expect([waiting(run), world.orders.length]).toEqual([[], 1]);
});

it('tries no create while the hour is full and nobody has said yes', () => {
  const { run, calls, look, world } = begin((it) => void (it.hourIsFull = true));
  look();
  look();
  expect(calls.filter((kind) => kind === 'create')).toHaveLength(1);
  expect(run.memory.visits[0]?.stage).toBe('approval');
  receiveApproval(run.dispatch, { by: 'ann' });
  run.settle();
  expect([calls.filter((kind) => kind === 'create').length, world.orders.length]).toEqual([2, 1]);
});

it('takes a change of the ticket along until its order is created, and notes the mapping once', () => {
  const { run, look, world } = begin((it) => void (it.paused = true));
  askForLook(run.dispatch, null);
  while (run.turn());
  expect(run.memory.visits[0]?.stage).toBe('create');
  world.change({ pay: 60 });
  askForLook(run.dispatch, null);
  while (run.turn());
  expect(noted(run, 'Mapped')).toHaveLength(1);
  world.change({ pay: 150 });
  world.paused = false;
  look();
  expect([waiting(run), world.orders]).toEqual([['approval'], []]);
});

it('leaves a refused publish to a person, whatever the ticket says', () => {
  const { run, look } = begin();
  askForLook(run.dispatch, null);
  while (run.memory.blocked.length === 0) run.turn((step) => (step.kind === 'publish' ? 'refused' : 'answered'));
  expect(waiting(run)).toEqual(['publish']);
  look();
  expect(waiting(run)).toEqual(['publish']);
});
