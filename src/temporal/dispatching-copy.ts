/**
 * The second copy of what is true for all dispatches: it stands in the memo of the Schedule of `reconcile`, in that of the
 * runs that it starts, so that it outlives the run `dispatching`. Where sweeps are off from the start there is none.
 */
import { ScheduleNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client';
import type { DispatchingFacts } from '../contract/dispatching';
import { reconcileId } from '../contract/run-ids';

/** Null when there is no copy. */
export const copyOf = ({ action }: ScheduleDescription): DispatchingFacts | null =>
  (action.memo?.dispatching as DispatchingFacts | undefined) ?? null;

/** Null when there is none. @throws while it cannot be read */
export async function readCopy(client: Client, account: string): Promise<DispatchingFacts | null> {
  try {
    return copyOf(await client.schedule.getHandle(reconcileId(account)).describe());
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

export async function writeCopy(
  client: Client,
  account: string,
  facts: DispatchingFacts,
  when: 'always' | 'when-missing' = 'always',
): Promise<void> {
  try {
    await client.schedule.getHandle(reconcileId(account)).update(({ spec, action, policies, state }) => ({
      ...{ spec, policies, state },
      action: { ...action, memo: { dispatching: facts, ...(when === 'always' ? {} : action.memo) } },
    }));
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}
