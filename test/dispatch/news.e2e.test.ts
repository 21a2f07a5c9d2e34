/** News of Field Nation that is no status: what the config names reaches the ticket, all else is only recorded. */
import { NEWS_EVENTS } from '../../src/domain/status-of-event';
import { NEWS_KEYS } from '../../src/domain/status';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { until } from '../helpers/until';

let stack: Stack;
let desk: TicketDesk;
beforeEach(async () => {
  stack = await startStack({
    config: [
      'status:',
      ...NEWS_KEYS.filter((key) => key !== 'task-completed').map((key) => `  ${key}: { note: "It is ${key}." }`),
      '  assigned: { ticketStatus: Pending }',
    ].join('\n'),
  });
  desk = ticketsOf(stack);
});
afterEach(() => stack.stop());

let deliveries = 0;
const tell = (id: number, order: number, name: string): Promise<unknown> =>
  stack.client.workflow.getHandle(stack.workflowId(id)).signal('workOrderEvent', {
    event: { name, params: { work_order_id: order } },
    timestamp: new Date(Date.now() + 1000 * ++deliveries).toISOString(),
    delivery: `news-${deliveries}`,
    workorder: { id: order },
  });

test('each has the effect that the config gives it, moves no status, and one that is not named does nothing', async () => {
  const { id, workOrderId } = await desk.inTheField();
  for (const key of NEWS_KEYS) await tell(id, workOrderId, NEWS_EVENTS[key]);
  const noted = (key: string) => desk.privateNotes(id).filter(({ body }) => String(body).includes(`It is ${key}.`));
  const named = NEWS_KEYS.filter((key) => key !== 'task-completed');
  await until('the notes', () => named.every((key) => noted(key).length === 1));
  const view = await stack.view(id, 'the record', ({ timeline }) =>
    timeline.some(({ detail }) => detail?.startsWith('workorder.task_completed') ?? false),
  );
  expect(view).toMatchObject({ state: 'dispatched', workOrderStatus: 'published', attention: null });
  await desk.settled(id);
  expect(desk.privateNotes(id)).toHaveLength(named.length);
});

test('a schedule that Deskbridge moved itself is no news', async () => {
  const { id, workOrderId } = await desk.inTheField();
  stack.sandbox.control.updateTicket(id, { due_by: '2031-05-01T09:00:00Z' });
  await stack.view(id, 'the change', ({ timeline }) => timeline.some(({ what }) => what === 'Work order updated'));
  await tell(id, workOrderId, NEWS_EVENTS['schedule-changed']);
  await stack.view(id, 'the echo', ({ timeline }) => timeline.some(({ what }) => what === 'Event of our own call'));
  expect(desk.privateNotes(id)).toEqual([]);
});
