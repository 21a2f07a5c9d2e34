/** The lives whose histories are kept: every state a run can be in when a new version takes it over. */
import { DEFAULT_TEST_CONFIG, type Stack } from '../helpers/stack';
import { ticketsOf } from '../helpers/tickets';

/** Plays one life and gives the workflow ids whose histories are to be saved. */
export type Scenario = (stack: Stack) => Promise<string[]>;

async function dispatched(stack: Stack): Promise<{ id: number; workOrderId: number }> {
  const desk = ticketsOf(stack);
  const id = desk.newTicket();
  desk.trigger(id);
  return { id, workOrderId: await desk.dispatched(id) };
}

export const SCENARIOS: Record<string, Scenario> = {
  'waiting-for-a-technician': async (stack) => {
    const { id } = await dispatched(stack);
    await ticketsOf(stack).settled(id);
    return [stack.workflowId(id)];
  },
  'work-done': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    await ticketsOf(stack).finish(id, workOrderId);
    return [stack.workflowId(id)];
  },
  'second-visit': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    await desk.finish(id, workOrderId);
    desk.trigger(id);
    await stack.view(id, 'visit 2', (v) => v.visit === 2 && v.state === 'dispatched');
    return [stack.workflowId(id)];
  },
  skipped: async (stack) => {
    const id = ticketsOf(stack).newTicket();
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the skip', (v) => v.state === 'skipped');
    return [stack.workflowId(id)];
  },
  'attention-mapping-then-mended': async (stack) => {
    const desk = ticketsOf(stack);
    const id = desk.newTicket({ custom_fields: { cf_site_city: null } });
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.state === 'attention');
    stack.sandbox.control.updateTicket(id, { custom_fields: { cf_site_city: 'Dayton' } });
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'attention-rejected': async (stack) => {
    stack.setConfig('dispatch: { correlationField: 99999 }\n');
    const desk = ticketsOf(stack);
    const id = desk.newTicket();
    desk.trigger(id);
    await stack.view(id, 'attention', (v) => v.attention?.reason === 'rejected');
    await desk.settled(id);
    stack.setConfig(DEFAULT_TEST_CONFIG);
    return [stack.workflowId(id)];
  },
  'create-answer-lost': async (stack) => {
    stack.sandbox.control.setKnobs({ fieldNation: { apiChangesEcho: false } });
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'lost-answer', times: 1 });
    const { id } = await dispatched(stack);
    return [stack.workflowId(id)];
  },
  'create-lost-and-repeated': async (stack) => {
    stack.sandbox.control.addFault({ system: 'field-nation', path: 'createWorkOrder', kind: 'reset-before', times: 1 });
    const { id } = await dispatched(stack);
    return [stack.workflowId(id)];
  },
  'events-out-of-order': async (stack) => {
    const desk = ticketsOf(stack);
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.holdWebhooks();
    for (const action of ['assign', 'check-in', 'work-done', 'incomplete', 'work-done'] as const) {
      stack.sandbox.control.act(workOrderId, action);
      stack.sandbox.control.advanceClock(60_000);
    }
    stack.sandbox.control.releaseWebhooks('shuffled');
    await stack.sandbox.control.idle();
    await desk.settled(id);
    return [stack.workflowId(id)];
  },
  'closed-by-a-person': async (stack) => {
    const { id } = await dispatched(stack);
    stack.sandbox.control.updateTicket(id, { status: 5 });
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    return [stack.workflowId(id)];
  },
  'asks-for-a-decision': async (stack) => {
    const { id, workOrderId } = await dispatched(stack);
    stack.sandbox.control.act(workOrderId, 'assign');
    await stack.view(id, 'the assignment', (v) => v.state === 'assigned');
    stack.sandbox.control.updateTicket(id, { status: 5 });
    await stack.starter.ticketChanged(id);
    await stack.view(id, 'the question', (v) => v.attention?.reason === 'decision');
    return [stack.workflowId(id)];
  },
  'cancelled-by-an-operator': async (stack) => {
    const { id } = await dispatched(stack);
    await stack.starter.cancel(id, 'No longer needed');
    await stack.view(id, 'the end', (v) => v.state === 'cancelled');
    return [stack.workflowId(id)];
  },
  'dispatched-by-hand': async (stack) => {
    const desk = ticketsOf(stack);
    const id = desk.newTicket({ custom_fields: { cf_work_order_id: '900001' } });
    await stack.starter.dispatchVisit(id);
    await desk.dispatched(id);
    return [stack.workflowId(id)];
  },
  'unmatched-event': async (stack) => {
    const event = {
      event: { name: 'workorder.status.assigned' },
      timestamp: '2030-01-01T00:00:00Z',
      workorder: { id: 777 },
    };
    const workflowId = `work-order-event-${stack.account}-unmatched`;
    const args = [{ account: stack.account, event, waits: [10, 10] }];
    const handle = await stack.client.workflow.start('workOrderEvent', { workflowId, taskQueue: 'deskbridge', args });
    await handle.result();
    return [workflowId];
  },
};
