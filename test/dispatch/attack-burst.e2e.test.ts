/**
 * Many signals at once, 40 in flight: every one is taken, no run grows beyond what the engine carries, and none is lost.
 * `BURST_SIGNALS=2000` does more of them; the default keeps the test short.
 */
import type { OrderEvent } from '../../src/domain/order-event';
import { RESOLVED, ticketsOf, type TicketDesk } from '../helpers/tickets';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

const SIGNALS = Number(process.env.BURST_SIGNALS ?? 500);
/** Several runs' worth. */
const MANY = Math.max(SIGNALS, 1_200);
const IN_FLIGHT = 40;
/** The engine refuses signals of a run from its 10,000th on. */
const MOST_SIGNALS = 10_000;
/** It warns from 256 kB on, and refuses payloads of 2 MB. */
const MOST_BYTES = 1_000_000;

let stack: Stack;
let desk: TicketDesk;
beforeEach(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
});
afterEach(() => stack.stop());

async function burst(count: number, send: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let index = next++; index < count; index = next++) await send(index);
    }),
  );
}

interface Run {
  status: string;
  signals: number;
  events: number;
  carriedBytes: number;
}

async function runsOf(ticketId: number): Promise<Run[]> {
  const runs: (Run & { at: number })[] = [];
  for await (const run of stack.client.workflow.list({ query: `WorkflowId = '${stack.workflowId(ticketId)}'` })) {
    const { events } = await stack.client.workflow.getHandle(run.workflowId, run.runId).fetchHistory();
    runs.push({
      at: run.startTime.getTime(),
      status: run.status.name,
      signals: events?.filter((e) => e.workflowExecutionSignaledEventAttributes).length ?? 0,
      events: events?.length ?? 0,
      carriedBytes:
        events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.input?.payloads?.[0]?.data?.length ?? 0,
    });
  }
  return runs.sort((a, b) => a.at - b.at);
}

const eventOf = (index: number, id: number, workOrderId: number, name: string, text = ''): OrderEvent => ({
  ...{ key: `delivery-${index}`, name, workOrderId, title: null, hours: null, start: null, provider: null },
  status: name === 'workorder.status.checked_in' ? 'checked-in' : null,
  at: new Date(Date.UTC(2030, 0, 1) + index * 1000).toISOString(),
  correlationId: `FD-${stack.account}-${id}-1`,
  closingNotes: text || null,
});

async function dispatched(): Promise<{ id: number; order: number }> {
  const id = desk.newTicket();
  desk.trigger(id);
  const order = await desk.dispatched(id);
  await stack.sandbox.control.idle();
  await desk.settled(id);
  return { id, order };
}

/** The dispatch still does its work, in runs that the engine can bear. */
async function livesOn(id: number, order: number, mostSignals = MOST_SIGNALS / 2): Promise<void> {
  stack.sandbox.control.advanceClock(10 * 365 * 24 * 3_600_000);
  for (const action of ['assign', 'work-done'] as const) stack.sandbox.control.act(order, action);
  await until(
    'the ticket to be resolved',
    () => desk.statusOf(id) === RESOLVED,
    () => '',
    120_000,
  );
  await desk.settled(id);
  const runs = await runsOf(id);
  expect(runs.filter(({ status }) => !['CONTINUED_AS_NEW', 'RUNNING'].includes(status))).toEqual([]);
  for (const run of runs) {
    expect(run.signals).toBeLessThan(mostSignals);
    expect(run.carriedBytes).toBeLessThan(MOST_BYTES);
  }
  expect(desk.ordersOf(id)).toHaveLength(1);
}

test(`${MANY} events of a kind that does nothing, in runs of some hundreds`, async () => {
  const { id, order } = await dispatched();
  await burst(MANY, (index) => stack.starter.workOrderEvent(eventOf(index, id, order, 'workorder.tag_added')));
  await livesOn(id, order, 1_000);
});

test(`${SIGNALS} large events that each are a status of their own`, async () => {
  const { id, order } = await dispatched();
  const name = 'workorder.status.checked_in';
  await burst(SIGNALS, (index) => stack.starter.workOrderEvent(eventOf(index, id, order, name, 'x'.repeat(1700))));
  await livesOn(id, order);
});

test(`${SIGNALS} signals without sense, and retries while nothing waits`, async () => {
  const { id, order } = await dispatched();
  const handle = stack.client.workflow.getHandle(stack.workflowId(id));
  await burst(SIGNALS, (index) => handle.signal(index % 2 ? 'workOrderEvent' : 'retry', {}));
  await livesOn(id, order);
});

test(`${SIGNALS} events while Freshdesk is away`, async () => {
  const { id, order } = await dispatched();
  const away = stack.sandbox.control.addFault({ system: 'freshdesk', kind: 'status', status: 503 });
  await stack.starter.ticketChanged(id);
  await until('the look to fail', () => stack.hasFaultHit());
  await burst(SIGNALS, (index) =>
    stack.starter.workOrderEvent(eventOf(index, id, order, 'workorder.tag_added', 'x'.repeat(1700))),
  );
  stack.sandbox.control.clearFaults(away);
  await stack.starter.retry(id);
  await livesOn(id, order);
});
