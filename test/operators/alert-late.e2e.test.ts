/** Visits that nobody comes to: told to operators by an alert, and to the agent in the ticket. */
import { createAlertWatch } from '../../src/temporal/alert-watch';
import { createOverview } from '../../src/temporal/overview';
import { QuotaBook } from '../../src/temporal/quota-book';
import { UpstreamBook } from '../../src/temporal/upstream-book';
import { watchOf } from '../helpers/alerts';
import { DEADLINE_MS, startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

const MINUTE = 60_000;
const LIMITS = {
  ...{ attentionOlderThan: 0, webhookSilence: 0, unassignedBefore: 240 * MINUTE, notArrivedAfter: 15 * MINUTE },
  ...{ url: null, ticketNote: 'off' as const },
};

let stack: Stack;
let desk: TicketDesk;
const begin = async (config: string): Promise<void> => {
  stack = await startStack({ config });
  desk = ticketsOf(stack);
};
afterEach(() => stack.stop());

/** What is late at a moment. */
async function lateAt(now: number): Promise<string[]> {
  const watch = createAlertWatch({
    ...{ client: stack.client, account: stack.account, quotas: new QuotaBook(), upstreams: new UpstreamBook() },
    ...{ reconcileInterval: 0, deadlineMs: DEADLINE_MS, now: () => now },
  });
  const asked = { known: [], webhooks: {}, refused: {}, watchedSince: new Date(now).toISOString() };
  const { fresh } = await watch.find(asked, LIMITS);
  return fresh.filter(({ kind }) => kind === 'late').map(({ title }) => title);
}

test('an alert says that nobody is assigned shortly before, or has come after the start that Field Nation has now', async () => {
  await begin('');
  const start = Math.ceil(Date.now() / MINUTE) * MINUTE + 3 * 24 * 60 * MINUTE;
  const id = desk.newTicket({ due_by: new Date(start).toISOString().replace('.000', '') });
  desk.trigger(id);
  const order = await desk.dispatched(id);
  const text = `${new Date(start).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const unassigned = `Nobody is assigned to the visit of ticket ${id}, which starts at ${text}`;
  await until('the index', async () => (await lateAt(start - 239 * MINUTE)).length > 0);
  expect(await lateAt(start - 239 * MINUTE)).toEqual([unassigned]);
  expect(await lateAt(start - 241 * MINUTE)).toEqual([]);

  const overview = createOverview({ client: stack.client, account: stack.account, now: () => start - 60 * MINUTE });
  expect(await overview.visits()).toEqual([
    expect.objectContaining({ ticketId: id, start: new Date(start).toISOString(), state: 'dispatched' }),
  ]);

  stack.sandbox.control.act(order, 'assign');
  await stack.view(id, 'the technician', ({ state }) => state === 'assigned');
  await until('the index', async () => (await lateAt(start - MINUTE)).length === 0);
  expect(await lateAt(start + 14 * MINUTE)).toEqual([]);
  expect(await lateAt(start + 16 * MINUTE)).toEqual([
    `Nobody has checked in for ticket ${id}. The technician was to come by ${text}`,
  ]);

  stack.sandbox.control.act(order, 'check-in');
  await stack.view(id, 'the technician on site', ({ state }) => state === 'on-site');
  await until('the index', async () => (await lateAt(start + 16 * MINUTE)).length === 0);
});

test('within its arrival window a visit is on the list of the day, and late only after the end of the window', async () => {
  await begin('');
  const start = Math.ceil(Date.now() / MINUTE) * MINUTE + 3 * 24 * 60 * MINUTE;
  const end = start + 26 * 60 * MINUTE;
  const utc = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const id = desk.newTicket({ due_by: new Date(start).toISOString().replace('.000', '') });
  desk.trigger(id);
  const order = await desk.dispatched(id);
  stack.sandbox.control.act(order, 'assign');
  await stack.view(id, 'the technician', ({ state }) => state === 'assigned');
  const window = { mode: 'between', start: { utc: utc(start) }, end: { utc: utc(end) } };
  stack.sandbox.control.sendEvent({
    ...{ name: 'workorder.schedule_updated', workOrderId: order },
    workorder: { schedule: { service_window: window } },
  });
  await until('the index', async () => (await lateAt(start + 16 * MINUTE)).length === 0);
  expect(await lateAt(end + 14 * MINUTE)).toEqual([]);
  expect(await lateAt(end + 16 * MINUTE)).toEqual([
    `Nobody has checked in for ticket ${id}. The technician was to come by ${utc(end).slice(0, 16)} UTC`,
  ]);

  const visitsAt = (now: number) =>
    createOverview({ client: stack.client, account: stack.account, now: () => now }).visits();
  const listed = [expect.objectContaining({ ticketId: id, dueAt: new Date(end).toISOString() })];
  expect(await visitsAt(start + 20 * 60 * MINUTE)).toEqual(listed);
  expect(await visitsAt(end + 13 * 60 * MINUTE)).toEqual([]);
});

test('of a visit at short notice the agent is told in the ticket once half of the notice is over', async () => {
  await begin(
    'dispatch: { earliestStart: 6s }\nalerts: { attentionOlderThan: 0s, webhookSilence: 0s, unassignedBefore: 4h }',
  );
  await watchOf(stack);
  const id = desk.newTicket({ due_by: '2026-01-01T08:00:00Z' });
  desk.trigger(id);
  await desk.dispatched(id);
  const notes = () => desk.privateNotes(id).filter(({ body }) => String(body).includes('Nobody is assigned'));
  await until('the note', () => notes().length > 0);
  expect(notes()).toHaveLength(1);
});
