/** Calls of another account's runs are refused. Promise: no client of this process is used for them. */
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { isRunOf } from '../contract/run-ids';

export const ownRunsOnly =
  (account: string): ActivityInterceptorsFactory =>
  ({ info }) => ({
    inbound: {
      execute: (input, next) => {
        const workflowId = info.workflowExecution?.workflowId ?? '';
        if (isRunOf(account, workflowId)) return next(input);
        throw ApplicationFailure.nonRetryable(
          `This worker is ${account}'s; the run ${workflowId} is not. Its id must be of the form dispatch-${account}-<ticket number>, or like it.`,
          'WrongRun',
        );
      },
    },
  });
