/** Wire names that other programs rely on: workflow types, queues, signals, search attributes. Source: interface, section 5. */

export const TASK_QUEUES = {
  workflows: 'deskbridge',
  freshdesk: 'deskbridge-freshdesk',
  fieldNation: 'deskbridge-field-nation',
} as const;

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
  contactReplay: 'contactReplay',
  workOrderEvent: 'workOrderEvent',
  mappingPreview: 'mappingPreview',
  reconcile: 'reconcile',
  alerts: 'alerts',
} as const;

/** Names and types of the search attributes that the service registers at its start. */
export const SEARCH_ATTRIBUTES = {
  DeskbridgeTicketId: 'Int',
  DeskbridgeWorkOrderId: 'Int',
  DeskbridgeState: 'Keyword',
  DeskbridgeAttention: 'Keyword',
  /** Of the newest visit: when it was asked for, and when its work was done or called off. */
  DeskbridgeTriggeredAt: 'Datetime',
  DeskbridgeEndedAt: 'Datetime',
  /** Since when the state is what it is. */
  DeskbridgeSince: 'Datetime',
  /** Keyed hashes of the identifiers of a contact's events. */
  DeskbridgeContact: 'KeywordList',
} as const;

/** Schedule id, and workflow id of its runs: the engine appends the time. */
export const reconcileId = (account: string): string => `reconcile-${account}`;

export const alertsWorkflowId = (account: string): string => `alerts-${account}`;

export const dispatchWorkflowId = (account: string, ticketId: number): string => `dispatch-${account}-${ticketId}`;

export const workOrderEventWorkflowId = (account: string, deliveryId: string): string =>
  `work-order-event-${account}-${deliveryId}`;

export const mappingPreviewWorkflowId = (account: string, uuid: string): string => `mapping-preview-${account}-${uuid}`;

/** `hash` is keyed: nobody can tell from it whose contact it is. */
export const contactWorkflowId = (account: string, hash: string): string => `contact-${account}-${hash}`;

/** One at a time. */
export const contactReplayWorkflowId = (account: string): string => `contact-replay-${account}`;

export const contactBatchWorkflowId = (account: string, uuid: string): string => `contact-batch-${account}-${uuid}`;

/** The same file gives the same ids, so that an import that was stopped goes on where it was. */
export const contactImportWorkflowId = (account: string, importId: string, batch: number): string =>
  `contact-import-${account}-${importId}-${batch}`;
