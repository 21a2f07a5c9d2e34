/**
 * Batches of tickets as seen by who begins them. Promise: what resolves is stored; a batch can be looked at, told yes and
 * stopped from any process, whether a worker runs or not.
 */
import { randomInt } from 'node:crypto';
import { ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { QueryDefinition, SignalDefinition } from '@temporalio/common';
import type { BatchList, BatchPolicy, BatchView, DispatchBatchInput } from '../contract/dispatch-batch';
import { batchListQuery, batchQuery, runBatch, stopBatch } from '../contract/messages';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { DEFAULT_BATCH_POLICY } from '../contract/policy';
import { dispatchBatchWorkflowId } from '../contract/run-ids';
import { TemporalUnavailableError, withDeadline } from './deadline';

/** There is no such batch, or it is not kept any more. */
export class NoBatchError extends Error {
  override readonly name = 'NoBatchError';
}

/** No worker answers for it: it goes on when one runs. */
export class NoWorkerError extends Error {
  override readonly name = 'NoWorkerError';
}

export interface DispatchBatches {
  /** Begins to make a list; gives the batch's name. Nothing is dispatched before `run`. */
  start(of: DispatchBatchInput['of'], nextVisit: boolean): Promise<string>;
  /** @throws NoBatchError, NoWorkerError, TemporalUnavailableError */
  view(name: string): Promise<BatchView>;
  /** @throws NoBatchError, NoWorkerError, TemporalUnavailableError */
  list(name: string): Promise<BatchList>;
  /** A person's yes to what is listed, or to go on. @throws NoBatchError when it has ended */
  run(name: string): Promise<void>;
  /** @throws NoBatchError when it has ended */
  stop(name: string): Promise<void>;
}

export interface DispatchBatchesDeps {
  client: Client;
  account: string;
  policy?: BatchPolicy;
  /** For one question to Temporal, in ms. */
  deadlineMs?: number;
}

const LETTERS = 'abcdefghijkmnpqrstuvwxyz';
const LETTERS_AND_DIGITS = `${LETTERS}23456789`;
const oneOf = (text: string): string => text[randomInt(text.length)] ?? '';

/** See `isBatchName`; without the characters that people take for others. */
const newName = (): string =>
  `batch-${oneOf(LETTERS)}${Array.from({ length: 5 }, () => oneOf(LETTERS_AND_DIGITS)).join('')}`;

export function createDispatchBatches(deps: DispatchBatchesDeps): DispatchBatches {
  const { client, account, policy = DEFAULT_BATCH_POLICY, deadlineMs = 2000 } = deps;
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const handleOf = (name: string) => client.workflow.getHandle(dispatchBatchWorkflowId(account, name));
  const known = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new NoBatchError(`There is no batch ${name} that waits or runs. List its tickets again to make a new one`);
    }
  };

  /** What a running one answers, or the result of one that has ended, which has all of it. */
  const ask = <T>(name: string, query: QueryDefinition<T>): Promise<T> =>
    known(name, async () => {
      const handle = handleOf(name);
      const { status } = await bounded(() => handle.describe());
      if (status.name === 'COMPLETED') return bounded(async () => (await handle.result()) as T);
      if (status.name !== 'RUNNING') throw new NoBatchError(`The batch ${name} was ended in Temporal`);
      try {
        return await bounded(() => handle.query(query));
      } catch (error) {
        // The server is there: no worker is, or the run just goes on as a new one.
        if (!(error instanceof TemporalUnavailableError) && !(error instanceof ServiceError)) throw error;
        throw new NoWorkerError(`No worker answers for ${name}. It goes on when one runs: npx deskbridge start`);
      }
    });

  const tell = (name: string, signal: SignalDefinition): Promise<void> =>
    known(name, () => bounded(() => handleOf(name).signal(signal)));

  return {
    async start(of, nextVisit) {
      const name = newName();
      const input: DispatchBatchInput = { account, name, of, nextVisit, policy };
      await bounded(() =>
        client.workflow.start(WORKFLOW_TYPES.dispatchBatch, {
          workflowId: dispatchBatchWorkflowId(account, name),
          taskQueue: taskQueues(account).workflows,
          args: [input],
          staticSummary: `Dispatches many tickets of ${account} at once`,
          priority: { priorityKey: PRIORITY.sweeps },
        }),
      );
      return name;
    },
    view: async (name) => {
      const { stage, total, counts, paused, refusal } = await ask(name, batchQuery);
      return { stage, total, counts, paused, refusal };
    },
    list: async (name) => {
      const { tickets, whys } = await ask(name, batchListQuery);
      return { tickets, whys };
    },
    run: (name) => tell(name, runBatch),
    stop: (name) => tell(name, stopBatch),
  };
}
