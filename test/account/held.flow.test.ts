/** The end of a pause: who waited for it is told, whoever the index shows later too. */
import { taskQueues } from '../../src/contract/names';
import { startStack, type Stack } from '../helpers/stack';
import { until } from '../helpers/until';

let stack: Stack;
beforeEach(async () => {
  stack = await startStack({ dispatching: { hour: 3_600_000, tellAfter: [0, 500, 2000], updatesPerRun: 1000 } });
});
afterEach(() => stack.stop());

/** A run that shows what a dispatch shows while a pause holds it back; nobody works on it before the delay is over. */
const held = (ticketId: number): Promise<unknown> =>
  stack.client.workflow.start('ticketDispatch', {
    ...{ workflowId: stack.workflowId(ticketId), taskQueue: taskQueues(stack.account).workflows, args: [] },
    startDelay: '1 hour',
    searchAttributes: { DeskbridgeHeld: ['paused'], DeskbridgeTicketId: [ticketId] },
  });
const timesTold = async (ticketId: number): Promise<number> => {
  const { events } = await stack.client.workflow.getHandle(stack.workflowId(ticketId)).fetchHistory();
  return (events ?? []).filter(
    ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'ticketChanged',
  ).length;
};

test('every dispatch that a pause held back is told when it ends, those that come late too', async () => {
  await stack.dispatching.pause({ reason: 'storm' });
  await Promise.all([held(1), held(2)]);
  expect(await timesTold(1)).toBe(0);
  await stack.dispatching.resume();
  await held(3);
  for (const id of [1, 2, 3]) await until(`ticket ${id} to be told`, async () => (await timesTold(id)) > 0);
});
