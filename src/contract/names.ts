/** Wire names that other programs rely on: workflow types and task queues. Source: interface, section 5. */

/** Queues of one account: a worker takes no other account's work. */
export interface TaskQueues {
  workflows: string;
  freshdesk: string;
  fieldNation: string;
}

const PREFIX = 'deskbridge-';

/** The account of a queue of workflows; null for a queue that is none of ours. */
export const accountOfQueue = (workflows: string): string | null =>
  workflows.startsWith(PREFIX) ? workflows.slice(PREFIX.length) : null;

/** The queues that go with the queue of an account's workflows, which is all that a running workflow knows. */
export const queuesBeside = (workflows: string): TaskQueues => ({
  workflows,
  freshdesk: `${workflows}-freshdesk`,
  fieldNation: `${workflows}-field-nation`,
});

export const taskQueues = (account: string): TaskQueues => queuesBeside(`${PREFIX}${account}`);

/**
 * A person waits for a ticket, nobody for a contact; 1 goes before 5. What has begun is finished before a new ticket is looked
 * at: of many at once the first have their orders long before the last. No conversation and no file holds up an order, and
 * sweeps are few: neither an import nor chatty agents must hold them up.
 */
export const PRIORITY = { orders: 1, newTickets: 2, sweeps: 3, conversation: 4, contacts: 5 } as const;

/** Of the web server: the embedded engine's own pages. */
export const UI_PATH = '/temporal';

export const WORKFLOW_TYPES = {
  ticketDispatch: 'ticketDispatch',
  contactSync: 'contactSync',
  contactBatch: 'contactBatch',
  contactImport: 'contactImport',
  contactReplay: 'contactReplay',
  workOrderEvent: 'workOrderEvent',
  mappingPreview: 'mappingPreview',
  resync: 'resync',
  reconcile: 'reconcile',
  alerts: 'alerts',
  onceRecord: 'onceRecord',
  dispatching: 'dispatching',
  dispatchBatch: 'dispatchBatch',
  siteProgress: 'siteProgress',
} as const;

/** Temporal's header that holds a trace: the caller's, or a run's own. */
export const TRACE_HEADER = '_tracer-data';
