/** An alert whose words are made only when it is news, and the phrases that alerts share. */
import type { Alert } from '../contract/alerts';
import { hashOfContact, ticketOfDispatch } from '../contract/run-ids';

export interface Found {
  key: string;
  build(): Promise<Alert>;
}

export const found = (alert: Omit<Alert, 'ticket'>): Found => ({
  key: alert.key,
  build: () => Promise.resolve({ ...alert, ticket: null }),
});

/** Of a run that a page of its own shows; nothing for others. */
export function pageOfRun(account: string, workflowId: string): Pick<Alert, 'page'> {
  const [ticketId, hash] = [ticketOfDispatch(account, workflowId), hashOfContact(account, workflowId)];
  if (ticketId !== null) return { page: `/dispatches/${ticketId}` };
  return hash === null ? {} : { page: `/contacts/${hash}` };
}
