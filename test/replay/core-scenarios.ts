/** Lives with a yes to money, a pause, a run that is gone, a call that fails for too long, a merge, events sent again. */
import { contactsOf } from '../helpers/contacts';
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';
import { until } from '../helpers/until';
import { dispatched, type Scenario } from './scenario';

const withDispatch = (keys: string): string =>
  DEFAULT_TEST_CONFIG.replace('{ createPatience', `{ ${keys}, createPatience`);

/** A ticket whose order costs more than anybody may spend without a yes. */
async function costly(stack: Stack): Promise<number> {
  stack.setConfig(withDispatch('approval: { payAbove: 1, ordersPerHour: null }'));
  const desk = ticketsOf(stack);
  const id = desk.newTicket();
  desk.trigger(id);
  await stack.view(id, 'the approval', (v) => v.attention?.reason === 'approval');
  return id;
}

/** The run of an order in the field ends without a word; its ticket is told of again after `meanwhile`. */
async function withoutRun(stack: Stack, meanwhile: (workOrderId: number) => void): Promise<number> {
  const { id, workOrderId } = await dispatched(stack);
  await ticketsOf(stack).settled(id);
  await stack.client.workflow.getHandle(stack.workflowId(id)).terminate('by mistake');
  stack.sandbox.control.setWebhookActive(false);
  meanwhile(workOrderId);
  await stack.starter.ticketChanged(id);
  return id;
}

const paused = (text: string | null): boolean => text?.startsWith('dispatching is paused') ?? false;

export const CORE_SCENARIOS: Record<string, Scenario> = {
  'waits-for-an-approval': async (stack) => {
    const id = await costly(stack);
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  approved: async (stack) => {
    const id = await costly(stack);
    await stack.starter.approve(id, { by: 'ann' });
    const workOrderId = await ticketsOf(stack).dispatched(id);
    await ticketsOf(stack).finish(id, workOrderId);
    return [stack.workflowId(id)];
  },
  'paused-and-resumed': async (stack) => {
    await stack.dispatching.pause({ reason: 'prices are wrong' });
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    await stack.view(id, 'the pause', (v) => paused(v.waitingFor));
    await stack.dispatching.resume();
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  dispatching: async (stack) => {
    await stack.dispatching.pause({ reason: 'prices are wrong' });
    await stack.dispatching.resume('ann');
    await dispatched(stack);
    return [`dispatching-${stack.account}`];
  },
  'paid-in-the-end': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    await ticketsOf(stack).finish(id, workOrderId);
    for (const action of ['approve', 'pay'] as const) stack.sandbox.control.act(workOrderId, action);
    await stack.view(id, 'the payment', (v) => v.workOrderStatus === 'paid');
    return [stack.workflowId(id)];
  },
  'takes-an-open-order-over': async (stack) => {
    const id = await withoutRun(stack, (order) => stack.sandbox.control.act(order, 'assign'));
    await stack.view(id, 'the order', (v) => v.state === 'assigned');
    return [stack.workflowId(id)];
  },
  'takes-work-that-is-done-over': async (stack) => {
    const id = await withoutRun(stack, (order) => {
      for (const action of ['assign', 'check-in', 'work-done'] as const) stack.sandbox.control.act(order, action);
    });
    await stack.view(id, 'the order', (v) => v.state === 'work-done');
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'asks-about-a-draft-of-a-run-that-is-gone': async (stack) => {
    stack.setConfig(withDispatch('afterCreate: draft'));
    const id = await withoutRun(stack, () => undefined);
    await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
    await stack.starter.retry(id);
    await stack.view(id, 'the answer', (v) => v.attention === null);
    return [stack.workflowId(id)];
  },
  'unavailable-and-healed': async (stack) => {
    stack.setConfig(withDispatch('patience: 200ms'));
    const { control } = stack.sandbox;
    const fault = control.addFault({ system: 'field-nation', path: 'publishWorkOrder', kind: 'status', status: 503 });
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'unavailable');
    control.clearFaults(fault);
    await stack.starter.retry(id);
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'merged-into-another-ticket': async (stack) => {
    const { id } = await dispatched(stack);
    stack.sandbox.control.addNote(id, 'This ticket was merged into ticket 4711.');
    stack.sandbox.control.updateTicket(id, { status: 5 });
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the question', (v) => v.attention?.detail.includes('4711') ?? false);
    return [stack.workflowId(id)];
  },
  'events-are-sent-again': async (stack) => {
    stack.setConfig('contacts: { mergeWindow: 0s, customFields: { no_such_field: properties.method } }\n');
    const desk = contactsOf(stack);
    await desk.signUp({ name: 'Ann Lee', email: 'ann@example.com' }, { properties: { method: 'sso' } });
    await desk.ended('ann@example.com', 1);
    stack.setConfig(DEFAULT_TEST_CONFIG);
    const workflowId = `contact-replay-${stack.account}`;
    await until('the replay', async () => {
      const body = JSON.stringify({ outcome: 'rejected', since: '1h', dryRun: false });
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${stack.webUrl}/api/contacts/replay`, { method: 'POST', headers, body });
      return ((await answer.json()) as { run: string | null }).run !== null;
    });
    await stack.client.workflow.getHandle(workflowId).result();
    return [workflowId];
  },
};
