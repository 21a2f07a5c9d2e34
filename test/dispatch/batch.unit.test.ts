/** A batch of tickets without a server: what is asked for when, what counts as an end, and how small it stays. */
import fc from 'fast-check';
import type { BatchMemory, BatchStepAnswer } from '../../src/contract/dispatch-batch';
import type { DispatchMemo } from '../../src/contract/memo';
import { DEFAULT_BATCH_POLICY as policy } from '../../src/contract/policy';
import { begin, nextStep, onFound, onRead, onStep, viewOf } from '../../src/domain/dispatch-batch/memory';
import { endOf, leftOutAs, standingOf, type SeenRun } from '../../src/domain/dispatch-batch/standing';

const T0 = Date.parse('2026-03-01T08:00:00Z');
const MINUTE = 60_000;
const input = { account: 'acme', name: 'batch-k23456', nextVisit: false, policy };
const NOTHING: BatchStepAnswer = { paused: null, begun: [], ended: [] };

function listed(count: number): BatchMemory {
  const memory = begin({ ...input, of: { tickets: Array.from({ length: count }, (_, n) => n + 1) } });
  for (const ticket of memory.tickets) onRead(memory, ticket, { stage: 'ready', after: 0, cost: 250, why: null });
  memory.stage = 'running';
  return memory;
}
const step = (memory: BatchMemory, now = T0, mayBegin = true) => nextStep(memory, input, mayBegin, now);
const idsOf = (next: { ticketId: number }[]): number[] => next.map(({ ticketId }) => ticketId);

it('asks for each ticket once, in order, a few at a time, whatever ends when', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.infiniteStream(fc.boolean()), (count, ends) => {
      const memory = listed(count);
      const askedFor: number[] = [];
      for (
        let turn = 0;
        turn < 500 && (viewOf(memory).counts.ready > 0 || viewOf(memory).counts.begun > 0);
        turn += 1
      ) {
        const { begin: next, watch } = step(memory);
        askedFor.push(...idsOf(next));
        expect(next.length + watch.length).toBeLessThanOrEqual(8);
        const ended = watch.filter(() => turn > 400 || ends.next().value).map(({ ticketId }) => ticketId);
        const answer = ended.map((ticketId) => ({ ticketId, stage: 'dispatched' as const, why: null }));
        onStep(memory, { paused: null, begun: idsOf(next), ended: answer }, T0);
      }
      expect(askedFor).toEqual(memory.tickets.map(([ticketId]) => ticketId));
      expect(viewOf(memory).counts.dispatched).toBe(count);
    }),
  );
});

it('begins none when it may not, and those of a lost answer again', () => {
  const memory = listed(3);
  expect(step(memory, T0, false).begin).toEqual([]);
  expect(idsOf(step(memory).begin)).toEqual([1, 2, 3]);
  onStep(memory, { ...NOTHING, paused: 'storm' }, T0);
  expect([idsOf(step(memory).begin), viewOf(memory).paused]).toEqual([[1, 2, 3], 'storm']);
});

it('lets slow visits hold up no other, and gives one up that never begins', () => {
  const memory = listed(20);
  onStep(memory, { ...NOTHING, begun: idsOf(step(memory).begin) }, T0);
  expect(step(memory).begin).toEqual([]);
  expect(idsOf(step(memory, T0 + 6 * MINUTE).begin)).toHaveLength(8);
  onStep(memory, NOTHING, T0 + 121 * MINUTE);
  expect(viewOf(memory).counts).toMatchObject({ failed: 8, ready: 12 });
});

it('takes all pages of a search, each ticket once, and refuses more than it shows', () => {
  const memory = begin({ ...input, of: { query: 'status:2' } });
  onFound(memory, { total: 45, ticketIds: Array.from({ length: 30 }, (_, n) => n) });
  expect([memory.stage, memory.page]).toEqual(['finding', 2]);
  onFound(memory, { total: 45, ticketIds: Array.from({ length: 15 }, (_, n) => n + 29) });
  expect([memory.stage, memory.tickets.length]).toEqual(['finding', 44]);
  onFound(memory, { total: 45, ticketIds: [] });
  expect(memory.stage).toBe('reading');
  const wide = begin({ ...input, of: { query: 'status:2' } });
  onFound(wide, { total: 301, ticketIds: [1] });
  expect(wide).toMatchObject({ stage: 'refused', refusal: { isUsage: true } });
});

it('stays under what a run may carry with thousands of tickets, each with its own long reason', () => {
  const memory = listed(5000);
  for (const ticket of memory.tickets)
    onRead(memory, ticket, { stage: 'problem', after: 0, cost: null, why: `${ticket[0]} ${'x'.repeat(1000)}` });
  expect(JSON.stringify(memory).length).toBeLessThan(256 * 1024);
  expect(memory.whys.at(-1)).toContain('mapping preview');
});

const memo = (patch: object): DispatchMemo =>
  ({
    visit: 1,
    state: 'dispatched',
    open: true,
    attention: null,
    times: { triggeredAt: 'x' },
    ...patch,
  }) as DispatchMemo;
const run = (patch: object | null, how: Partial<NonNullable<SeenRun>> = {}): SeenRun => ({
  ...{ running: true, ended: false, memo: patch === null ? null : memo(patch) },
  ...how,
});
const NO_VISIT = { times: { triggeredAt: null } };
const APPROVAL = { attention: { reason: 'approval', detail: 'too much' } };
const OVER = { running: false };

it.each<[string, SeenRun, string | null, string | null]>([
  ['no dispatch', null, null, null],
  ['a dispatch that was skipped', run({ ...NO_VISIT, state: 'skipped' }, OVER), null, null],
  ['one that has just begun', run(null), 'just begun', 'just begun'],
  ['one that waits without a visit', run({ ...NO_VISIT, state: 'attention', ...APPROVAL }), 'approval', 'approval'],
  ['one whose memo no key reads', run(null, { memo: 'unreadable' }), 'encryption key', 'encryption key'],
  [
    'a closed one whose memo no key reads',
    run(null, { ...OVER, memo: 'unreadable' }),
    'encryption key',
    'encryption key',
  ],
  ['an open visit', run({}), 'under way', 'under way'],
  ['a visit whose work is done', run({ state: 'work-done', open: false }), 'visit 1', null],
  ['a dispatch that is closed', run({ visit: 2, open: false }, OVER), 'visit 2', null],
])('of %s it tells whether the ticket is taken, and its next visit', (_, seen, first, next) => {
  for (const [nextVisit, words] of [
    [false, first],
    [true, next],
  ] as const) {
    const why = leftOutAs(standingOf(seen), nextVisit);
    if (words === null) expect(why).toBeNull();
    else expect(why).toContain(words);
  }
});

it.each<[string, SeenRun, number, string | null]>([
  ['a run that has shown nothing', run(null), 0, null],
  ['a visit before its order', run({ state: 'creating' }), 0, null],
  ['a published order', run({}), 0, 'dispatched'],
  ['the visit before', run({ state: 'completed', open: false }), 1, null],
  ['a question to a person', run({ state: 'attention', ...APPROVAL }), 0, 'attention'],
  ['a question about the visit before', run({ state: 'attention', ...APPROVAL }), 1, null],
  ['a ticket that was skipped', run({ ...NO_VISIT, state: 'skipped' }, OVER), 0, 'left-out'],
  ['a visit that was called off', run({ state: 'cancelled', open: false }), 0, 'left-out'],
  ['a run that was terminated', run({}, { running: false, ended: true }), 0, 'failed'],
  ['a run whose memo no key reads', run(null, { memo: 'unreadable' }), 0, 'failed'],
  ['no run', null, 0, 'failed'],
])('of %s it knows what became of the visit', (_, seen, after, stage) => {
  expect(endOf(seen, after)?.stage ?? null).toBe(stage);
});
