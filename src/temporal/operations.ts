/** What operators do to many runs at once, from a page or a shell. */
import { ScheduleNotFoundError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { retry } from '../contract/messages';
import { reconcileId } from '../contract/run-ids';
import { atMost } from './at-most';
import { withDeadline } from './deadline';
import { NoDispatchError, NothingToApproveError, type Starter } from './starter';
import { waitingRuns, type WaitingFilter, type WaitingRun } from './waiting-runs';

/** A yes to exactly this sum in USD; null: a sum without a bound. */
export interface Yes {
  ticketId: number;
  amount: number | null;
}

export interface Operations {
  /** Longest waiting first. @throws TemporalUnavailableError */
  waiting(filter: WaitingFilter): Promise<WaitingRun[]>;
  /** How many were told; the others have ended meanwhile. */
  retry(runs: readonly WaitingRun[], by?: string | null): Promise<number>;
  /** The tickets that took the yes; for the others nothing, or another sum, waits by now. */
  approve(given: readonly Yes[], by?: string | null): Promise<Set<number>>;
  /** Runs the check for missed changes at once; false: the account has none. */
  checkNow(): Promise<boolean>;
}

export interface OperationsDeps {
  client: Client;
  account: string;
  starter: Pick<Starter, 'retry' | 'approve'>;
  /** For one question to Temporal, in ms. */
  deadlineMs?: number;
}

const SIDE_BY_SIDE = 8;

export function createOperations({ client, account, starter, deadlineMs = 2000 }: OperationsDeps): Operations {
  return {
    waiting: (filter) => waitingRuns(client, account, filter, deadlineMs),

    retry: async (runs, by = null) => {
      let told = 0;
      await atMost(SIDE_BY_SIDE, runs, async ({ workflowId, ticketId }) => {
        try {
          if (ticketId !== null) await starter.retry(ticketId, by);
          else await withDeadline(client, deadlineMs, () => client.workflow.getHandle(workflowId).signal(retry));
          told += 1;
        } catch (error) {
          if (!(error instanceof NoDispatchError) && !(error instanceof WorkflowNotFoundError)) throw error;
        }
      });
      return told;
    },

    approve: async (given, by = null) => {
      const approved = new Set<number>();
      await atMost(SIDE_BY_SIDE, given, async ({ ticketId, amount }) => {
        try {
          await starter.approve(ticketId, { by, amount });
          approved.add(ticketId);
        } catch (error) {
          if (!(error instanceof NothingToApproveError) && !(error instanceof NoDispatchError)) throw error;
        }
      });
      return approved;
    },

    checkNow: async () => {
      try {
        await withDeadline(client, deadlineMs, () => client.schedule.getHandle(reconcileId(account)).trigger());
        return true;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return false;
        throw error;
      }
    },
  };
}
