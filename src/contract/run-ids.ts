/**
 * Ids of runs, built and parsed here alone. Every id names its account: a process works on runs of its own account only.
 * Source: interface, section 5.
 */

/** Schedule id, and workflow id of its runs: the engine appends the time. */
export const reconcileId = (account: string): string => `reconcile-${account}`;

/** Of one ticket, or of all that changed since a moment: one at a time. */
export const resyncWorkflowId = (account: string, ticketId: number | null): string =>
  `resync-${account}${ticketId === null ? '' : `-${ticketId}`}`;

export const alertsWorkflowId = (account: string): string => `alerts-${account}`;

/** The one run that holds what is true for all dispatches of the account. */
export const dispatchingWorkflowId = (account: string): string => `dispatching-${account}`;

export const dispatchWorkflowId = (account: string, ticketId: number): string => `dispatch-${account}-${ticketId}`;

/** Of tickets that are dispatched together; see {@link isBatchName}. */
export const dispatchBatchWorkflowId = (account: string, name: string): string => `dispatch-batch-${account}-${name}`;

/** Of a parent ticket: what its child tickets tell of their visits. */
export const sitesWorkflowId = (account: string, ticketId: number): string => `sites-${account}-${ticketId}`;

// The letter keeps the id from being read as a dispatch's, whose last part is a number.
const BATCH_NAME = /^batch-[a-z][a-z0-9]{5}$/;

export const isBatchName = (text: string): boolean => BATCH_NAME.test(text);

export const workOrderEventWorkflowId = (account: string, workOrderId: string): string =>
  `work-order-event-${account}-${workOrderId}`;

export const mappingPreviewWorkflowId = (account: string, uuid: string): string => `mapping-preview-${account}-${uuid}`;

/** `hash` is keyed: nobody can tell from it whose contact it is. */
export const contactWorkflowId = (account: string, hash: string): string => `contact-${account}-${hash}`;

/** One at a time. */
export const contactReplayWorkflowId = (account: string): string => `contact-replay-${account}`;

export const contactBatchWorkflowId = (account: string, uuid: string): string => `contact-batch-${account}-${uuid}`;

/** The same file gives the same ids, so that an import that was stopped goes on where it was. */
export const contactImportWorkflowId = (account: string, importId: string, batch: number): string =>
  `contact-import-${account}-${importId}-${batch}`;

/** What is recorded to have happened once, for all web processes of the account. */
export type OnceKind = 'sign-in' | 'sign-out';

/** `id` is random and proves nothing: whoever reads it cannot sign in by it. */
export const onceWorkflowId = (kind: OnceKind, account: string, id: string): string => `${kind}-${account}-${id}`;

/** A run of one ticket, as its id names it. */
export interface TicketRun {
  account: string;
  ticketId: number;
}

const TICKET_RUN = /^dispatch-([a-z0-9][a-z0-9-]*)-([1-9][0-9]{0,15})$/;

/** The account and ticket of a dispatch's id; null for any other id. */
export function parseTicketRun(workflowId: string): TicketRun | null {
  const [, account, ticket] = TICKET_RUN.exec(workflowId) ?? [];
  const ticketId = Number(ticket);
  return account !== undefined && Number.isSafeInteger(ticketId) ? { account, ticketId } : null;
}

/** What may follow `<kind>-<account>` in an id, so that account `acme` is never taken for `acme-2`; and how it is written. */
const RESTS: Record<string, { rest: RegExp; written: string }> = {
  reconcile: { rest: /^(-\d{4}-\d\d-\d\dT.*)?$/, written: '' },
  resync: { rest: /^(-[1-9][0-9]{0,15})?$/, written: '' },
  alerts: { rest: /^$/, written: '' },
  dispatching: { rest: /^$/, written: '' },
  dispatch: { rest: /^-[1-9][0-9]{0,15}$/, written: '-<ticket number>' },
  sites: { rest: /^-[1-9][0-9]{0,15}$/, written: '-<ticket number of the parent>' },
  'dispatch-batch': { rest: /^-batch-[a-z][a-z0-9]{5}$/, written: '-<batch>' },
  'work-order-event': { rest: /^-[^-]+$/, written: '-<work order number>' },
  'mapping-preview': { rest: /^-[0-9a-f]{8}-[0-9a-f-]{27}$/, written: '-<uuid>' },
  contact: { rest: /^-[0-9a-zA-Z_]+$/, written: '-<hash>' },
  'contact-replay': { rest: /^$/, written: '' },
  'contact-batch': { rest: /^-[0-9a-f]{8}-[0-9a-f-]{27}$/, written: '-<uuid>' },
  'contact-import': { rest: /^-[^-]+-\d+$/, written: '-<import>-<number>' },
  'sign-in': { rest: /^-[^-]+$/, written: '-<id>' },
  'sign-out': { rest: /^-[^-]+$/, written: '-<id>' },
};

const isOfKind = (kind: string, account: string, workflowId: string): boolean => {
  const start = `${kind}-${account}`;
  return workflowId.startsWith(start) && (RESTS[kind]?.rest.test(workflowId.slice(start.length)) ?? false);
};

/** The kind of a run of this account, as its id begins; null for any id that no process of this account builds. */
export const kindOfRun = (account: string, workflowId: string): string | null =>
  Object.keys(RESTS).find((kind) => isOfKind(kind, account, workflowId)) ?? null;

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

/** The parent ticket of a run of sites of this account; null for any other run. */
export const parentOfSites = (account: string, workflowId: string): number | null =>
  kindOfRun(account, workflowId) === 'sites' ? Number(workflowId.slice(sitesWorkflowId(account, 0).length - 1)) : null;

/** The keyed hash of a contact's run of this account; null for any other run. */
export const hashOfContact = (account: string, workflowId: string): string | null =>
  kindOfRun(account, workflowId) === 'contact' ? workflowId.slice(contactWorkflowId(account, '').length) : null;

/** The kind of id that runs of a workflow type have. */
const KINDS: Record<string, string> = {
  ticketDispatch: 'dispatch',
  contactSync: 'contact',
  contactReplay: 'contact-replay',
  contactBatch: 'contact-batch',
  contactImport: 'contact-import',
  workOrderEvent: 'work-order-event',
  mappingPreview: 'mapping-preview',
  reconcile: 'reconcile',
  resync: 'resync',
  alerts: 'alerts',
  dispatching: 'dispatching',
  dispatchBatch: 'dispatch-batch',
  siteProgress: 'sites',
};

/** How a run of this type must be named, when its id is another account's or has no valid form; null when it is right. */
export function wrongIdOf(account: string, workflowType: string, workflowId: string): string | null {
  const kind = KINDS[workflowType];
  if (kind === undefined) return isRunOf(account, workflowId) ? null : `<kind>-${account}-…`;
  return isOfKind(kind, account, workflowId) ? null : `${kind}-${account}${RESTS[kind]?.written ?? ''}`;
}
