/** Wire names that other programs rely on: workflow types and task queues. Source: interface, section 5. */

/** Queues of one account: a worker takes no other account's work. */
export interface TaskQueues {
  workflows: string;
  freshdesk: string;
  fieldNation: string;
}

/** The queues that go with the queue of an account's workflows, which is all that a running workflow knows. */
export const queuesBeside = (workflows: string): TaskQueues => ({
  workflows,
  freshdesk: `${workflows}-freshdesk`,
  fieldNation: `${workflows}-field-nation`,
});

export const taskQueues = (account: string): TaskQueues => queuesBeside(`deskbridge-${account}`);

/**
 * A person waits for a ticket, nobody for a contact; 1 goes before 5. What has begun is finished before a new ticket is looked
 * at: of many at once the first have their orders long before the last. Sweeps are few: an import must not hold them up.
 */
export const PRIORITY = { tickets: 1, newTickets: 2, sweeps: 3, contacts: 5 } as const;

export const WORKFLOW_TYPES = {
  ticketDispatch: 'ticketDispatch',
  contactSync: 'contactSync',
  contactBatch: 'contactBatch',
  contactImport: 'contactImport',
  workOrderEvent: 'workOrderEvent',
  mappingPreview: 'mappingPreview',
  reconcile: 'reconcile',
  alerts: 'alerts',
} as const;
