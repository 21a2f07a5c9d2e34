/** What people at the help desk and in the field do in a test, and what there is to count afterwards. */
import { queryOf } from '../../src/temporal/index/query';
import type { Stack } from './stack';
import { nextSecond, until } from './until';

export const OPEN = 2;
export const RESOLVED = 4;
export const FIELD_SERVICE_REQUIRED = 8;

/** A ticket and its work order. */
export interface Place {
  id: number;
  workOrderId: number;
}

export interface TicketDesk {
  newTicket(patch?: object): number;
  /** A person sets the trigger status. */
  trigger(id: number): void;
  statusOf(id: number): unknown;
  privateNotes(id: number): Record<string, unknown>[];
  /** Work orders that carry an id of the ticket, deleted ones included. */
  ordersOf(ticketId: number): Record<string, unknown>[];
  publishedOrdersOf(ticketId: number): Record<string, unknown>[];
  /** Waits for the published work order; gives its id. */
  dispatched(ticketId: number): Promise<number>;
  /** The technician does the whole job; waits until the ticket is resolved with its note. */
  finish(ticketId: number, workOrderId: number): Promise<void>;
  /** Waits until the dispatch has nothing left to do by itself. */
  settled(ticketId: number): Promise<void>;
  /** A dispatched ticket whose visit began in an earlier second: Freshdesk's times have no finer resolution. */
  inTheField(patch?: object): Promise<Place>;
  /** The same with a technician, whom its dispatch knows of. */
  assigned(patch?: object): Promise<Place>;
  /** Waits until nothing is under way any more and nothing of it comes due: the waits of tests are a second at most. */
  quiet(ticketId: number): Promise<void>;
  postFreshdeskWebhook(body: object): Promise<Response>;
  runsOf(workflowType: string): Promise<string[]>;
}

export function ticketsOf(stack: Stack): TicketDesk {
  const { control } = stack.sandbox;
  const ordersOf = (ticketId: number): Record<string, unknown>[] =>
    control.workOrders().filter((order) => JSON.stringify(order).includes(`FD-${stack.account}-${ticketId}-`));
  const privateNotes = (id: number): Record<string, unknown>[] =>
    control.conversations(id).filter((entry) => entry.private === true);

  const dispatched = async (ticketId: number): Promise<number> => {
    const view = await stack.view(ticketId, 'a published work order', (v) => v.state === 'dispatched');
    return view.workOrderId ?? 0;
  };
  const settled = async (ticketId: number): Promise<void> => {
    const handle = stack.client.workflow.getHandle(stack.workflowId(ticketId));
    await until('the dispatch to settle', async () => {
      const { raw } = await handle.describe();
      return (raw.pendingActivities ?? []).length === 0 && !raw.pendingWorkflowTask;
    });
  };

  const inTheField = async (patch: object = {}): Promise<Place> => {
    const id = Number(control.createTicket(patch).id);
    control.updateTicket(id, { status: FIELD_SERVICE_REQUIRED });
    const workOrderId = await dispatched(id);
    await nextSecond();
    return { id, workOrderId };
  };
  return {
    newTicket: (patch = {}) => Number(control.createTicket(patch).id),
    trigger: (id) => void control.updateTicket(id, { status: FIELD_SERVICE_REQUIRED }),
    statusOf: (id) => control.ticket(id).status,
    privateNotes,
    ordersOf,
    publishedOrdersOf: (ticketId) =>
      ordersOf(ticketId).filter((order) =>
        Boolean((order.milestones as Record<string, unknown> | undefined)?.published),
      ),
    dispatched,
    finish: async (ticketId, workOrderId) => {
      const before = privateNotes(ticketId).length;
      for (const action of ['assign', 'check-in', 'check-out', 'work-done'] as const) control.act(workOrderId, action);
      await until('the ticket to be resolved with a note', () => {
        return control.ticket(ticketId).status === RESOLVED && privateNotes(ticketId).length > before;
      });
      await stack.view(ticketId, 'the work to be done', (v) => v.state === 'work-done');
    },
    settled,
    inTheField,
    assigned: async (patch) => {
      const place = await inTheField(patch);
      control.act(place.workOrderId, 'assign');
      await stack.view(place.id, 'the assignment', (v) => v.state === 'assigned');
      return place;
    },
    quiet: async (ticketId) => {
      let last = '';
      let since = Date.now();
      await until('everything to be quiet', async () => {
        await control.idle();
        await settled(ticketId);
        const now = `${control.history().length}`;
        if (now !== last) since = Date.now();
        last = now;
        return Date.now() - since > 2500;
      });
    },
    postFreshdeskWebhook: (body) =>
      fetch(`${stack.webUrl}/webhooks/freshdesk`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-webhook-secret': stack.secrets.freshdesk },
        body: JSON.stringify(body),
      }),
    runsOf: async (workflowType) => {
      const found: string[] = [];
      // Runs of other accounts are not even read: another file's may be encrypted.
      const query = `${queryOf(stack.account, {})} AND WorkflowType = '${workflowType}'`;
      for await (const run of stack.client.workflow.list({ query })) found.push(run.workflowId);
      return found;
    },
  };
}
