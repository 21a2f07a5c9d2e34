/** Two accounts in one namespace, and runs that were started by hand (interface, section 5). */
import { WorkflowFailedError } from '@temporalio/client';
import { startStack, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';

let [ours, theirs]: Stack[] = [];
beforeAll(async () => {
  ours = await startStack();
  theirs = await startStack();
});
afterAll(async () => {
  await ours?.stop();
  await theirs?.stop();
});
const stacks = (): [Stack, Stack] => [ours as Stack, theirs as Stack];

const failureOf = async (result: Promise<unknown>): Promise<string> =>
  result.then(
    () => 'it did not fail',
    (error: unknown) => (error instanceof WorkflowFailedError ? (error.cause?.message ?? '') : String(error)),
  );

test('two accounts in one namespace never meet', async () => {
  const [a, b] = stacks();
  await b.stopWorkers();
  const id = ticketsOf(a).newTicket();
  expect(ticketsOf(b).newTicket()).toBe(id);
  ticketsOf(a).trigger(id);
  ticketsOf(b).trigger(id);
  await a.view(id, 'the order of the first', ({ state }) => state === 'dispatched');
  expect(b.sandbox.control.history()).toEqual([]);
  await b.startWorkers();
  const { correlationId } = await b.view(id, 'the order of the second', ({ state }) => state === 'dispatched');
  expect(correlationId).toBe(`FD-${b.account}-${id}-1`);
  for (const stack of [a, b]) expect(ticketsOf(stack).publishedOrdersOf(id)).toHaveLength(1);
});

test.each([[[]], [[null]], [['nonsense']], [[{ account: 'others', ticketId: 1, policy: 'fast', links: 7 }]]])(
  'a dispatch that is started by hand with %j works as if a webhook had started it',
  async (args) => {
    const [a] = stacks();
    const id = ticketsOf(a).newTicket();
    a.sandbox.setDeskbridgeUrl(null);
    ticketsOf(a).trigger(id);
    await a.client.workflow.start('ticketDispatch', {
      ...{ workflowId: a.workflowId(id), taskQueue: `deskbridge-${a.account}`, args },
    });
    const view = await a.view(id, 'the order', ({ state }) => state === 'dispatched');
    expect(view).toMatchObject({ account: a.account, ticketId: id });
    a.sandbox.setDeskbridgeUrl(a.webUrl);
  },
);

test('a run under an id of another account, or of no valid form, fails and names the right form', async () => {
  const [a, b] = stacks();
  const before = a.sandbox.control.history().length;
  const workflowIds = [b.workflowId(7), 'dispatch-7', `alerts-${a.account}`, `dispatch-${a.account}-x`];
  for (const workflowId of workflowIds) {
    const run = a.client.workflow.execute('ticketDispatch', {
      ...{ workflowId, taskQueue: `deskbridge-${a.account}`, args: [{ account: a.account, ticketId: 7 }] },
    });
    expect(await failureOf(run)).toContain(`Start ticketDispatch as dispatch-${a.account}-<ticket number>`);
  }
  expect(a.sandbox.control.history()).toHaveLength(before);
});
