/**
 * A dispatch that is open for a year: thousands of events, each told more than once, taken in once, through many runs.
 * `LONG_LIFE_EVENTS=5000` does the whole year (issue 5, part 8); the default is a part of it, so that the test is short.
 */
import { DEFAULT_POLICY } from '../../src/contract/policy';

import { BOUNDS } from '../../src/domain/dispatch/dispatch';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';
import type { DispatchMemory } from '../../src/contract/memory';
import type { TicketDispatchInput } from '../../src/contract/dispatch-input';

const EVENTS = Number(process.env.LONG_LIFE_EVENTS ?? 600);
const REPEATS = Number(process.env.LONG_LIFE_REPEATS ?? 1_200);
const TURNS = 80;
/** Temporal ends a run at 51,200 events and warns from 10,240 on; it keeps payloads below 2 MB and warns from 256 kB on. */
const MOST_HISTORY = 10_240;
const MOST_BYTES = 256_000;
/** More at once than this outruns the engine: it ends a task when 100 signals wait behind it, and a run takes 10,000. */
const AT_ONCE = 4;
/** The event that is only repeated is pushed out of the bounded memory by the others, and taken in once more. */
const FORGOTTEN = EVENTS >= BOUNDS.seen ? 1 : 0;
const REPEATED = 1_000_000;

jest.setTimeout(Math.max(600_000, EVENTS * 60));

let stack: Stack;
let desk: TicketDesk;
const begin = async (turnsPerRun: number): Promise<void> => {
  stack = await startStack({ policy: { turnsPerRun } });
  desk = ticketsOf(stack);
};
afterEach(() => stack.stop());

interface PastRun {
  events: number;
  carried: DispatchMemory | null;
}

/** Every run of the ticket's dispatch, oldest first, and what each handed to the next. */
async function runsOf(ticketId: number): Promise<PastRun[]> {
  const { payloadConverter } = stack.client.options.loadedDataConverter;
  const runs: (PastRun & { at: number })[] = [];
  for await (const run of stack.client.workflow.list({ query: `WorkflowId = '${stack.workflowId(ticketId)}'` })) {
    const { events } = await stack.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    const input = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input?.payloads?.[0];
    const carried = input ? (payloadConverter.fromPayload<TicketDispatchInput>(input).carried ?? null) : null;
    runs.push({ at: run.startTime.getTime(), events: events?.length ?? 0, carried });
  }
  return runs.sort((a, b) => a.at - b.at);
}

const eventAt = (index: number, workOrderId: number, ticketId: number) => ({
  ...{ key: `delivery-${index}`, name: `workorder.tag_added`, status: null, workOrderId, title: null },
  at: new Date(Date.UTC(2030, 0, 1) + index * 1000).toISOString(),
  ...{
    correlationId: `FD-${stack.account}-${ticketId}-1`,
    closingNotes: null,
    hours: null,
    start: null,
    provider: null,
  },
});

const tell = async (index: number, workOrderId: number, ticketId: number): Promise<void> => {
  expect(await stack.starter.workOrderEvent(eventAt(index, workOrderId, ticketId))).toBe('dispatch');
};

/** `count` calls of `work`, so many at once. */
async function inBulk(count: number, work: (index: number) => Promise<void>, atOnce = AT_ONCE): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}

/** Repeats until a run has ended; gives how many events the dispatch has taken in by then. */
async function takenBy(ticketId: number, workOrderId: number): Promise<number> {
  await tell(REPEATED, workOrderId, ticketId);
  const before = (await runsOf(ticketId)).length;
  await inBulk(TURNS + 5, () => tell(REPEATED, workOrderId, ticketId));
  await until('a new run', async () => (await runsOf(ticketId)).length > before);
  await desk.settled(ticketId);
  return (await runsOf(ticketId)).findLast(({ carried }) => carried !== null)?.carried?.taken ?? 0;
}

test(`takes ${EVENTS} events in once each, through many short runs, and drops none`, async () => {
  await begin(TURNS);
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await stack.sandbox.control.idle();
  const before = await takenBy(id, workOrderId);
  await inBulk(EVENTS, async (index) => {
    await Promise.all([tell(index, workOrderId, id), tell(index, workOrderId, id)]);
    if (index % 100 === 0) await stack.starter.ticketChanged(id);
  });
  expect((await takenBy(id, workOrderId)) - before).toBe(EVENTS + FORGOTTEN);

  await desk.finish(id, workOrderId);
  await desk.settled(id);
  const runs = await runsOf(id);
  expect(runs.length).toBeGreaterThan(2);
  for (const { carried, events } of runs) {
    expect(events).toBeLessThan(MOST_HISTORY);
    expect(carried?.seen.length ?? 0).toBeLessThanOrEqual(BOUNDS.seen);
    expect(JSON.stringify(carried).length).toBeLessThan(MOST_BYTES);
  }
  expect(desk.privateNotes(id)).toHaveLength(1);
  expect(desk.ordersOf(id)).toHaveLength(1);
  if (process.env.LONG_LIFE_EVENTS) {
    const longest = Math.max(...runs.map(({ events }) => events));
    const largest = Math.max(...runs.map(({ carried }) => JSON.stringify(carried).length));
    process.stderr.write(
      `${EVENTS} events: ${runs.length} runs, longest ${longest} events, carried ${largest} bytes\n`,
    );
  }
});

test('a flood of repeats, which are no work, makes a new run before the history grows too long', async () => {
  await begin(DEFAULT_POLICY.turnsPerRun);
  const id = desk.newTicket();
  desk.trigger(id);
  const workOrderId = await desk.dispatched(id);
  await tell(0, workOrderId, id);
  await inBulk(REPEATS, () => tell(0, workOrderId, id), 8);
  const ended = `WorkflowId = '${stack.workflowId(id)}' AND ExecutionStatus = 'ContinuedAsNew'`;
  await until('a new run', async () => (await stack.client.workflow.count(ended)).count > 0);
  for (const { events } of await runsOf(id)) expect(events).toBeLessThan(MOST_HISTORY);
  const { timeline } = await stack.view(id, 'the dispatch', (v) => v.state === 'dispatched');
  expect(timeline.filter(({ detail }) => detail?.includes('tag_added'))).toHaveLength(1);
});
