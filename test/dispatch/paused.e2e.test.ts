/** While dispatching is paused nothing is made or published; on resume each ticket is judged anew. */
import { OPEN, type TicketDesk } from '../helpers/tickets';
import type { Stack } from '../helpers/stack';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made));
afterEach(() => stack.dispatching.resume());

test('what comes while dispatching is paused waits with the reason, and is made on resume', async () => {
  await stack.dispatching.pause({ reason: 'storm', by: 'ann' });
  const ids = [desk.newTicket(), desk.newTicket()] as [number, number];
  for (const id of ids) desk.trigger(id);
  for (const id of ids) {
    const view = await stack.view(id, 'the pause', (v) => v.waitingFor === 'dispatching is paused: storm');
    expect(view.attention).toBeNull();
    await desk.settled(id);
    expect(desk.ordersOf(id)).toHaveLength(0);
  }
  const [kept, takenBack] = ids;
  stack.sandbox.control.setKnobs({ freshdesk: { rulesEnabled: false } });
  stack.sandbox.control.updateTicket(takenBack, { status: OPEN });
  await stack.dispatching.resume('ann');
  await desk.dispatched(kept);
  await stack.view(takenBack, 'the trigger taken back', (v) => v.state === 'skipped');
  expect(desk.ordersOf(takenBack)).toHaveLength(0);
});

test('an order in the field goes on and can be cancelled while dispatching is paused', async () => {
  const { id, workOrderId } = await desk.inTheField();
  await stack.dispatching.pause({ reason: 'storm' });
  stack.sandbox.control.act(workOrderId, 'assign');
  await stack.view(id, 'assigned', (v) => v.state === 'assigned');
  await stack.starter.cancel(id, 'Storm');
  await stack.view(id, 'the cancel', (v) => v.state === 'cancelled');
});
