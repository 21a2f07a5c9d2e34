/** One requester's words do not use up the account's quota: all of them arrive, in their order, at the ticket's own pace. */
import { until } from '../helpers/until';
import type { Stack } from '../helpers/stack';
import type { TicketDesk } from '../helpers/tickets';
import { useStack } from '../helpers/use-stack';

const EVERY = 300;
const REPLIES = 8;

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), {
  policy: {
    share: { looks: { burst: 3, every: EVERY }, conversation: { burst: 4, every: EVERY } },
    conversation: { gather: 1100, doubt: 1100, fetches: 3 },
  },
});

test('a flood of replies goes to the work order one by one, none is lost, and the timeline says why', async () => {
  const { control } = stack.sandbox;
  const { id, workOrderId } = await desk.inTheField();
  for (let i = 1; i <= REPLIES; i++) control.reply(id, `Reply number ${i}.`, 'requester');
  const texts = (): string[] => control.messages(workOrderId).map(({ message }) => String(message));
  const numbers = (): number[] => texts().flatMap((text) => Number(/Reply number (\d+)/.exec(text)?.[1] ?? NaN) || []);
  await until('all replies', () => numbers().length >= REPLIES);
  expect(numbers().sort()).toEqual(Array.from({ length: REPLIES }, (_, i) => i + 1));
  const view = await stack.dispatches.view(id);
  expect(view?.timeline.filter(({ what }) => what === 'Slowed down').length).toBeGreaterThan(0);
  expect(view?.attention).toBeNull();

  const posts = (await callsOf(id)).filter(({ name }) => name === 'postEntry');
  // The burst holds four calls, the first of which reads. Times of a busy machine vary: half of the pace is proof enough.
  const paced = posts.slice(3);
  expect(paced.at(-1)!.at - paced[0]!.at).toBeGreaterThan(((paced.length - 1) * EVERY) / 2);
});

test('calls that people cause by writing take turns by their requesters, behind the orders', async () => {
  const { control } = stack.sandbox;
  const places = [];
  for (const name of ['ann', 'bob']) {
    places.push(await desk.inTheField({ requester: { name, email: `${name}@turns.example` } }));
  }
  for (const { id } of places) control.reply(id, 'Ring twice.', 'requester');
  for (const { workOrderId } of places)
    await until('the reply', () => JSON.stringify(control.messages(workOrderId)).includes('Ring twice'));
  for (const { id } of places) {
    const calls = await callsOf(id);
    const turnOf = (wanted: string): unknown[] => {
      const { priority } = calls.findLast(({ name }) => name === wanted) ?? {};
      return [priority?.priorityKey, priority?.fairnessKey];
    };
    const group = `requesters-${Number(control.ticket(id).requester_id) % 1000}`;
    expect([turnOf('readEntries'), turnOf('postEntry'), turnOf('fetchTicket')]).toEqual([
      [4, group],
      [4, group],
      [1, group],
    ]);
    expect(turnOf('createWorkOrder')[0]).toBe(1);
  }
  expect(new Set(places.map(({ id }) => control.ticket(id).requester_id)).size).toBe(2);
});

/** The calls that a dispatch has asked for, in their order. */
async function callsOf(id: number) {
  const { events } = await stack.client.workflow.getHandle(stack.workflowId(id)).fetchHistory();
  return (events ?? []).flatMap(({ eventTime, activityTaskScheduledEventAttributes: call }) =>
    call
      ? [
          {
            name: call.activityType?.name,
            priority: call.priority,
            at: Number(eventTime?.seconds) * 1000 + Number(eventTime?.nanos) / 1e6,
          },
        ]
      : [],
  );
}
