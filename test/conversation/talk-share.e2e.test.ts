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
    share: { looks: { burst: 3, every: EVERY }, talk: { burst: 4, every: EVERY } },
    talk: { gather: 1100, doubt: 1100, fetches: 3 },
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

  const { events } = await stack.client.workflow.getHandle(stack.workflowId(id)).fetchHistory();
  const calls = (events ?? []).flatMap(({ eventTime, activityTaskScheduledEventAttributes: call }) =>
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
  const posts = calls.filter(({ name }) => name === 'postEntry');
  // The burst holds four calls, the first of which reads.
  const paced = posts.slice(3);
  expect(paced.at(-1)!.at - paced[0]!.at).toBeGreaterThanOrEqual((paced.length - 1) * EVERY - 50);
  // Behind the orders, and in turn with the tickets of other requesters.
  const group = `requesters-${Number(control.ticket(id).requester_id) % 1000}`;
  expect(posts.map(({ priority }) => [priority?.priorityKey, priority?.fairnessKey])).toContainEqual([4, group]);
  expect(calls.filter(({ name }) => name === 'fetchTicket').at(-1)?.priority).toMatchObject({
    priorityKey: 1,
    fairnessKey: group,
  });
});
