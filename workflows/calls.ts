/** How a call is made: in words that the Temporal UI shows, on a queue of the run's own account, in its turn. */
import { proxyActivities, workflowInfo, type ActivityInterfaceFor, type ActivityOptions } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { PRIORITY, queuesBeside, type TaskQueues } from '../src/contract/names';
import { ACTIVITY_WORDS } from './activity-words';

type Calls = ActivityInterfaceFor<Activities>;

/** What carries notes, messages and files, whoever asks for it: an order never waits for them. */
const CONVERSATION: readonly (keyof Activities)[] = [
  ...(['readEntries', 'postEntry', 'readMessages', 'writeMessage', 'noteLeftOut'] as const),
  ...(['uploadFile', 'readDeliverables', 'bringFiles'] as const),
];

interface CallOptions extends Omit<ActivityOptions, 'taskQueue'> {
  /** By default that of the workflows, for calls that no quota limits. */
  queue?: keyof TaskQueues;
}

/** Each call shows in the Temporal UI in words, and goes to a queue of the run's own account. */
export const calls = ({ queue = 'workflows', ...options }: CallOptions): Calls => {
  const made: Partial<Calls> = {};
  const callOf = <Name extends keyof Activities>(name: Name): Calls[Name] =>
    proxyActivities<Activities>({
      ...options,
      ...(CONVERSATION.includes(name) ? { priority: { priorityKey: PRIORITY.conversation } } : {}),
      taskQueue: queuesBeside(workflowInfo().taskQueue)[queue],
      summary: ACTIVITY_WORDS[name],
    })[name];
  return new Proxy({} as Calls, {
    get: (_, name: string) => ((made as Record<string, unknown>)[name] ??= callOf(name as keyof Activities)),
  });
};

/** The same calls, in turn with those of tickets of other groups of requesters; without a group in the order in which they came. */
export const inTurn = (calls: Calls, group: string | undefined): Calls =>
  group === undefined
    ? calls
    : new Proxy(calls, {
        get: (_, name: string) => {
          const call = (calls as unknown as Record<string, Turned>)[name]!;
          return (input: unknown) => call.executeWithOptions({ priority: { fairnessKey: group } }, [input]);
        },
      });
interface Turned {
  executeWithOptions(options: ActivityOptions, args: unknown[]): Promise<unknown>;
}
