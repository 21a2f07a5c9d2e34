/** Attention ends with its cause, whoever ended it. */
import type { TicketDesk } from '../helpers/tickets';
import { SHORT_PATIENCE, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';
import { useStack } from '../helpers/use-stack';

let stack: Stack;
let desk: TicketDesk;
useStack((...made) => ([stack, desk] = made), SHORT_PATIENCE);

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
  await until('the create', () => stack.hasFaultHit());
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
