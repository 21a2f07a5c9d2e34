/** Attention ends with its cause, whoever ended it. */
import { ticketsOf, type TicketDesk } from '../helpers/tickets';
import { startStack, type Stack } from '../helpers/stack';

let stack: Stack;
let desk: TicketDesk;
beforeAll(async () => {
  stack = await startStack();
  desk = ticketsOf(stack);
});
afterAll(() => stack.stop());

test('an order that its event brings ends the attention of the look-up that could not find it', async () => {
  const id = desk.newTicket();
  stack.sandbox.control.holdWebhooks();
  stack.sandbox.control.addFault({
    system: 'field-nation',
    path: 'createWorkOrder',
    kind: 'slow',
    delayMs: 3500,
    times: 1,
  });
  desk.trigger(id);
  await stack.view(id, 'the create', (v) => v.state === 'creating');
  const fault = stack.sandbox.control.addFault({
    system: 'field-nation',
    method: 'GET',
    path: 'workorders',
    kind: 'status',
    status: 400,
  });
  await stack.view(id, 'attention', (v) => v.state === 'attention');
  stack.sandbox.control.releaseWebhooks();
  stack.sandbox.control.clearFaults(fault);
  await stack.view(id, 'the order', (v) => v.state === 'dispatched' && v.attention === null);
});
