/**
 * Ids of runs, built and parsed here alone. Every id names its account: a process works on runs of its own account only.
 * Source: interface, section 5.
 */

/** Schedule id, and workflow id of its runs: the engine appends the time. */
export const reconcileId = (account: string): string => `reconcile-${account}`;

export const alertsWorkflowId = (account: string): string => `alerts-${account}`;

/** The one run that holds what is true for all dispatches of the account. */
export const dispatchingWorkflowId = (account: string): string => `dispatching-${account}`;

export const dispatchWorkflowId = (account: string, ticketId: number): string => `dispatch-${account}-${ticketId}`;

export const conversationWorkflowId = (account: string, ticketId: number): string =>
  `conversation-${account}-${ticketId}`;

export const workOrderEventWorkflowId = (account: string, workOrderId: string): string =>
  `work-order-event-${account}-${workOrderId}`;

export const mappingPreviewWorkflowId = (account: string, uuid: string): string => `mapping-preview-${account}-${uuid}`;

/** `hash` is keyed: nobody can tell from it whose contact it is. */
export const contactWorkflowId = (account: string, hash: string): string => `contact-${account}-${hash}`;

export const contactBatchWorkflowId = (account: string, uuid: string): string => `contact-batch-${account}-${uuid}`;

/** The same file gives the same ids, so that an import that was stopped goes on where it was. */
export const contactImportWorkflowId = (account: string, importId: string, batch: number): string =>
  `contact-import-${account}-${importId}-${batch}`;

/** A run of one ticket, as its id names it. */
export interface TicketRun {
  account: string;
  ticketId: number;
}

const TICKET_RUN = /^(?:dispatch|conversation)-([a-z0-9][a-z0-9-]*)-([1-9][0-9]{0,15})$/;

/** The account and ticket of a dispatch's or a conversation's id; null for any other id. */
export function parseTicketRun(workflowId: string): TicketRun | null {
  const [, account, ticket] = TICKET_RUN.exec(workflowId) ?? [];
  const ticketId = Number(ticket);
  return account !== undefined && Number.isSafeInteger(ticketId) ? { account, ticketId } : null;
}

/** What may follow `<kind>-<account>` in an id, so that account `acme` is never taken for `acme-2`. */
const RESTS: Record<string, RegExp> = {
  reconcile: /^(-\d{4}-\d\d-\d\dT.*)?$/,
  alerts: /^$/,
  dispatching: /^$/,
  dispatch: /^-[1-9][0-9]{0,15}$/,
  conversation: /^-[1-9][0-9]{0,15}$/,
  'work-order-event': /^-[^-]+$/,
  'mapping-preview': /^-[0-9a-f]{8}-[0-9a-f-]{27}$/,
  contact: /^-[0-9a-zA-Z_]+$/,
  'contact-batch': /^-[0-9a-f]{8}-[0-9a-f-]{27}$/,
  'contact-import': /^-[^-]+-\d+$/,
};

/** The kind of a run of this account, as its id begins; null for any id that no process of this account builds. */
export function kindOfRun(account: string, workflowId: string): string | null {
  for (const [kind, rest] of Object.entries(RESTS)) {
    const start = `${kind}-${account}`;
    if (workflowId.startsWith(start) && rest.test(workflowId.slice(start.length))) return kind;
  }
  return null;
}

/** True when the id is one that a process of this account builds. */
export const isRunOf = (account: string, workflowId: string): boolean => kindOfRun(account, workflowId) !== null;

/** A run that waits with a contact, or with contacts of an import. */
export const isContactRun = (account: string, workflowId: string): boolean =>
  ['contact', 'contact-import', 'contact-batch'].includes(kindOfRun(account, workflowId) ?? '');

/** The ticket of a dispatch of this account; null for any other run. */
export function ticketOfDispatch(account: string, workflowId: string): number | null {
  const run = kindOfRun(account, workflowId) === 'dispatch' ? parseTicketRun(workflowId) : null;
  return run?.account === account ? run.ticketId : null;
}

/** The keyed hash of a contact's run of this account; null for any other run. */
export const hashOfContact = (account: string, workflowId: string): string | null =>
  kindOfRun(account, workflowId) === 'contact' ? workflowId.slice(contactWorkflowId(account, '').length) : null;
