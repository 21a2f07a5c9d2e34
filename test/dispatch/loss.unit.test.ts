/** A ticket that is closed, gone, merged or out of the rule: what becomes of its order (interface, section 8). */
import type { LookRules } from '../../src/contract/ticket-calls';
import { receive } from '../../src/domain/dispatch/inbox';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { viewOf } from '../../src/domain/dispatch/view';
import type { OrderStatus } from '../../src/domain/status';
import { RESOLVED, RULES, Run, World, type WorldOrder } from '../simulation/core-world';

/** A run whose order stands so; then the ticket changes. */
function lose(rules: Partial<LookRules>, status: OrderStatus, change: Partial<World['ticket']>, mergedInto?: number) {
  const world = new World();
  world.rules = { ...RULES, ...rules };
  world.mergedInto = mergedInto ?? null;
  const run = new Run(world);
  askForLook(run.dispatch, null);
  run.settle();
  if (status !== 'published') world.become(world.orders[0] as WorldOrder, status);
  for (const event of world.events.splice(0)) receive(run.dispatch, event);
  run.settle();
  world.change(change);
  askForLook(run.dispatch, null);
  run.settle();
  return { world, run, view: viewOf(run.dispatch), status: world.orders[0]?.status };
}
const CLOSED = { status: RESOLVED };
const onTicketClosed = (unassigned: 'cancel' | 'ask' | 'keep', assigned: 'cancel' | 'ask' | 'keep') => ({
  onTicketClosed: { unassigned, assigned },
});

it.each<[string, Partial<LookRules>, OrderStatus, Partial<World['ticket']>, OrderStatus, boolean]>([
  ['closed, nobody assigned: cancel', onTicketClosed('cancel', 'ask'), 'published', CLOSED, 'cancelled', false],
  ['closed, nobody assigned: ask', onTicketClosed('ask', 'cancel'), 'published', CLOSED, 'published', true],
  ['closed, nobody assigned: keep', onTicketClosed('keep', 'cancel'), 'published', CLOSED, 'published', false],
  ['closed, assigned: cancel', onTicketClosed('keep', 'cancel'), 'assigned', CLOSED, 'cancelled', false],
  ['closed, assigned: ask', onTicketClosed('cancel', 'ask'), 'assigned', CLOSED, 'assigned', true],
  ['closed, assigned: keep', onTicketClosed('cancel', 'keep'), 'assigned', CLOSED, 'assigned', false],
])('%s', (_, rules, before, change, after, isAsked) => {
  const { view, status } = lose(rules, before, change);
  expect([status, view.attention?.reason === 'decision']).toEqual([after, isAsked]);
});

it('says what happened, what the config says, and how to answer', () => {
  const { run, view } = lose(onTicketClosed('ask', 'ask'), 'published', CLOSED);
  expect(view.attention).toEqual({
    reason: 'decision',
    detail: 'Ticket 4711 was closed or resolved while its work order 901 is under way',
    remedy: 'Run `deskbridge cancel 4711 --reason …` to cancel the work order, or `deskbridge retry 4711` to keep it.',
  });
  expect(run.memory.blocked[0]?.summary).toBe('Ticket 4711 was closed or resolved while its work order is under way');
  expect(view.timeline).toContainEqual(
    expect.objectContaining({ what: 'Ticket 4711 was closed or resolved', detail: 'By the config: ask' }),
  );
});

it('waits a minute for a merge before a close cancels anything, and says so', () => {
  const world = new World();
  const run = new Run(world);
  askForLook(run.dispatch, null);
  run.settle();
  world.change(CLOSED);
  askForLook(run.dispatch, null);
  while (run.turn());
  const closedAt = world.now;
  expect(world.orders[0]?.status).toBe('published');
  expect(viewOf(run.dispatch).waitingFor).toMatch(
    /^Freshdesk: the closed ticket is read once more at .* UTC, since it may have been merged$/,
  );
  world.now = closedAt + run.dispatch.policy.mergeWait - 1;
  expect(run.turn()).toBeNull();
  world.now += 1;
  expect(run.turn(() => 'unavailable')).toMatchObject({ kind: 'read-merge', name: 'merge', visit: 1 });
  expect(run.memory.failing).toMatchObject([{ step: 'merge' }]);
  expect(run.memory.loss).not.toBeNull();
  run.settle();
  expect([world.orders[0]?.status, run.memory.failing, run.memory.loss]).toEqual(['cancelled', [], null]);
});

it.each<['ask' | 'keep', string | undefined]>([
  ['ask', 'Ticket 4711 was merged into ticket 4712 while its work order 901 is under way'],
  ['keep', undefined],
])('a merged ticket never cancels: %s', (onTicketMerged, detail) => {
  const { view, status } = lose({ onTicketMerged }, 'published', CLOSED, 4712);
  expect([status, view.attention?.detail]).toEqual(['published', detail]);
  if (onTicketMerged === 'keep')
    expect(view.timeline).toContainEqual(
      expect.objectContaining({ what: 'Ticket 4711 was merged into ticket 4712', detail: 'By the config: keep' }),
    );
});

it('a deleted ticket asks nobody about a merge', () => {
  const { view, status } = lose(onTicketClosed('cancel', 'ask'), 'published', { gone: true });
  expect([status, view.attention]).toEqual(['cancelled', null]);
});

it('a ticket that can no longer be found is asked about, since a key may have lost sight of it', () => {
  const world = new World();
  const sight = world.sight.bind(world);
  world.sight = () => ({ ...sight(), gone: world.ticket.gone ? 'not-found' : null });
  const run = new Run(world);
  askForLook(run.dispatch, null);
  run.settle();
  world.change({ gone: true });
  askForLook(run.dispatch, null);
  run.settle();
  expect([world.orders[0]?.status, viewOf(run.dispatch).attention?.reason]).toEqual(['published', 'decision']);
});

it('before its order is known nothing is created any more', () => {
  const world = new World();
  const run = new Run(world);
  askForLook(run.dispatch, null);
  while (run.memory.visits[0]?.stage !== 'unsure') run.turn((step) => (step.kind === 'create' ? 'lost' : 'answered'));
  world.change(CLOSED);
  askForLook(run.dispatch, null);
  run.settle();
  expect(world.orders.map(({ status }) => status)).toEqual(['cancelled']);
  expect(run.memory.timeline).toContainEqual(
    expect.objectContaining({
      what: 'The ticket was closed or resolved',
      detail: 'No work order is known yet; none will be created',
    }),
  );
});
