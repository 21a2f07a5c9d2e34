/** Wire names that other programs rely on: workflow types, queues, signals, search attributes. Source: interface, section 5. */

export const TASK_QUEUES = {
  workflows: 'deskbridge',
  freshdesk: 'deskbridge-freshdesk',
  fieldNation: 'deskbridge-field-nation',
} as const;

export const WORKFLOW_TYPES = {
  ticketDispatch: 'ticketDispatch',
  contactSync: 'contactSync',
  workOrderEvent: 'workOrderEvent',
  reconcile: 'reconcile',
} as const;

/** Names and types of the search attributes that the service registers at its start. */
export const SEARCH_ATTRIBUTES = {
  DeskbridgeTicketId: 'Int',
  DeskbridgeWorkOrderId: 'Int',
  DeskbridgeState: 'Keyword',
  DeskbridgeAttention: 'Keyword',
} as const;

export const dispatchWorkflowId = (account: string, ticketId: number): string => `dispatch-${account}-${ticketId}`;

export const workOrderEventWorkflowId = (account: string, deliveryId: string): string =>
  `work-order-event-${account}-${deliveryId}`;
