/**
 * Which runs this account's workers take. Promise: a run whose id names another account, or nothing, fails and is told the
 * right form; one that was started by hand under its right id has all that its id says, whatever input it was given.
 */
import { ApplicationFailure, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import { accountOfQueue } from '../src/contract/names';
import { wrongIdOf } from '../src/contract/run-ids';
import { completedInput } from '../src/contract/started-by-hand';

export const interceptors = (): WorkflowInterceptors => ({
  inbound: [
    {
      execute: (input, next) => {
        const { workflowId, workflowType, taskQueue, continuedFromExecutionRunId } = workflowInfo();
        const account = accountOfQueue(taskQueue);
        if (account === null) return next(input);
        const right = wrongIdOf(account, workflowType, workflowId);
        if (right !== null) {
          // Thrown, it would fail the task, which is tried again for ever; rejected, it fails the run.
          const message = `The workflow id ${workflowId} is not one of ${account}. Start ${workflowType} as ${right}.`;
          return Promise.reject(ApplicationFailure.nonRetryable(message, 'WrongRun'));
        }
        const [given, ...rest] = input.args;
        const run = { account, workflowType, workflowId, isContinued: continuedFromExecutionRunId !== undefined };
        return next({ ...input, args: [completedInput(run, given), ...rest] });
      },
    },
  ],
});
