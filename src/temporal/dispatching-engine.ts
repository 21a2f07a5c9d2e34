/** What the run `dispatching` has done for it. Nobody waits for an answer here. */
import type { Client } from '@temporalio/client';
import type { DispatchingEngine } from '../../activities/dispatching';
import { withDeadline } from './deadline';
import { writeCopy } from './dispatching-copy';
import { tellHeld } from './held';

export interface DispatchingEngineDeps {
  client: Client;
  account: string;
  /** For one request, in ms. */
  deadlineMs?: number;
}

export const createDispatchingEngine = ({
  client,
  account,
  deadlineMs = 8000,
}: DispatchingEngineDeps): DispatchingEngine => ({
  tellHeld: () => tellHeld(client, account, deadlineMs),
  keepCopy: (facts) => withDeadline(client, deadlineMs, () => writeCopy(client, account, facts)),
});
