/**
 * How dispatches are started and told: ids, policies. Promise: what resolves is stored; what cannot be stored within the
 * deadline throws {@link TemporalUnavailableError}. Source: interface 4 and 5, design 2.
 */
import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes, type SignalDefinition } from '@temporalio/common';
import type { FieldNationEvent } from '../contract/field-nation-event';
import { approve, cancelDispatch, dispatchVisit, retry, ticketChanged, workOrderEvent } from '../contract/messages';
import { PRIORITY, taskQueues, WORKFLOW_TYPES } from '../contract/names';
import { dispatchWorkflowId, workOrderEventWorkflowId } from '../contract/run-ids';
import { DEFAULT_POLICY, type DispatchPolicy } from '../contract/policy';
import { ownParts } from '../domain/correlation';
import { createKeyedLock } from '../keyed-lock';
import type { OrderEvent } from '../domain/order-event';
import { reduceEvent } from '../domain/reduce-order-event';
import { CannotDispatchError } from './can-dispatch';
import { withDeadline } from './deadline';
import type { BulkWord } from '../contract/memory';
import type { DispatchLinks, Lists, TicketDispatchInput } from '../contract/dispatch-input';
import type { DispatchMemo } from '../contract/memo';
import type { WorkOrderEventInput, WorkOrderEventMemo } from '../contract/run-inputs';
import { SINCE, STATE, TICKET_ID } from '../contract/search-attributes';

/** There is no dispatch to talk to. */
export class NoDispatchError extends Error {
  override readonly name = 'NoDispatchError';
}

/** A visit is under way; a person's word must not start another beside it. */
export class VisitOpenError extends Error {
  override readonly name = 'VisitOpenError';
}

/** Nothing waits for a yes, or another sum than the one that was approved. */
export class NothingToApproveError extends Error {
  override readonly name = 'NothingToApproveError';
}

export interface StarterDeps {
  client: Client;
  account: string;
  /** Addresses for the views; see {@link DispatchLinks}. */
  linksOf: (ticketId: number) => DispatchLinks;
  /** What memos may hold; see {@link TicketDispatchInput}. */
  lists?: Lists;
  policy?: DispatchPolicy;
  /** Absent: it can. */
  canDispatch?: () => Promise<boolean>;
  /** For one whole request, in ms; the interface promises an answer within 3 s. */
  deadlineMs?: number;
}

/** What the shim, the command line and the schedules may do; none of them sees the SDK. */
export interface Starter {
  /**
   * Starts the ticket's dispatch or tells the running one; gives the workflow id. `by` as in the signal's hint.
   * @throws CannotDispatchError
   */
  ticketChanged(ticketId: number, by?: 'reconcile'): Promise<string>;
  /** Hands the event to its dispatch, or to a small workflow that looks for it. */
  workOrderEvent(event: OrderEvent): Promise<'dispatch' | 'parked'>;
  /** @throws VisitOpenError beside an open visit, CannotDispatchError */
  dispatchVisit(ticketId: number, by?: string | null): Promise<string>;
  /** The same said of many tickets, and safe to repeat: who calls knows how the ticket stands. @throws CannotDispatchError */
  dispatchInBulk(ticketId: number, by: string, bulk: BulkWord): Promise<string>;
  /** Ends an attention and resets waiting attempts. @throws NoDispatchError */
  retry(ticketId: number, by?: string | null): Promise<void>;
  /**
   * Says yes to the sum that waits; `amount` is the one that the person saw, absent: whatever waits.
   * @throws NoDispatchError, NothingToApproveError when nothing, or another sum, waits
   */
  approve(ticketId: number, yes?: { by?: string | null; amount?: number | null }): Promise<void>;
  /** @throws NoDispatchError */
  cancel(ticketId: number, reason: string, by?: string | null): Promise<void>;
}

const NOT_FOUND = 5;
const UNIMPLEMENTED = 12;

const MOMENT_MS = 10_000;

/**
 * Calls of tickets that came at other moments take turns: nobody knows yet whose ticket it is, but a roll-out of thousands
 * comes within a few moments, and its neighbours before and after it.
 */
const moment = (): string => String(Math.floor(Date.now() / MOMENT_MS));

export function createStarter(deps: StarterDeps): Starter {
  const { client, account, linksOf, lists, policy = DEFAULT_POLICY, deadlineMs = 2000 } = deps;
  const idOf = (ticketId: number): string => dispatchWorkflowId(account, ticketId);
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);

  // The engine ends a task behind which 100 signals wait: a flood of them at once would keep a run from ever going on in a new
  // one, until it takes no more.
  const inTurn = createKeyedLock<string>();

  const toDispatch = async <Args extends unknown[]>(
    ticketId: number,
    signal: SignalDefinition<Args>,
    ...signalArgs: Args
  ): Promise<string> => {
    const workflowId = idOf(ticketId);
    const input: TicketDispatchInput = {
      account,
      ticketId,
      policy,
      links: linksOf(ticketId),
      ...(lists ? { lists } : {}),
    };
    await inTurn(workflowId, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPES.ticketDispatch, {
        workflowId,
        taskQueue: taskQueues(account).workflows,
        args: [input],
        // The SDK's type tells empty from other argument lists, which a generic one is neither of.
        signal: signal as SignalDefinition<unknown[]>,
        signalArgs,
        staticSummary: `Field visits for ticket ${ticketId} of ${account}`,
        priority: { fairnessKey: moment() },
        typedSearchAttributes: new TypedSearchAttributes([
          { key: TICKET_ID, value: ticketId },
          { key: STATE, value: 'starting' },
          { key: SINCE, value: new Date() },
        ]),
      }),
    );
    return workflowId;
  };

  const mayStart = async (): Promise<void> => {
    if (deps.canDispatch && !(await deps.canDispatch())) throw new CannotDispatchError(account);
  };

  /** A signal to a running dispatch; never starts one. */
  const tell = async <Args extends unknown[]>(
    ticketId: number,
    signal: SignalDefinition<Args>,
    ...args: Args
  ): Promise<void> => {
    try {
      await inTurn(idOf(ticketId), () => client.workflow.getHandle(idOf(ticketId)).signal(signal, ...args));
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) {
        throw new NoDispatchError(`No dispatch is running for ticket ${ticketId}`);
      }
      throw error;
    }
  };

  const park = async (event: OrderEvent): Promise<void> => {
    const order = event.workOrderId === null ? 'unknown' : String(event.workOrderId);
    const workflowId = workOrderEventWorkflowId(account, order);
    const carries = await client.workflow
      .getHandle(workflowId)
      .describe()
      .then(({ memo }) => (memo?.workOrderEvent as WorkOrderEventMemo | undefined)?.carries)
      .catch(notFoundAs(undefined));
    const input: WorkOrderEventInput = { account, ...(carries === 'none' ? { carries } : {}) };
    await inTurn(workflowId, () =>
      client.workflow.signalWithStart(WORKFLOW_TYPES.workOrderEvent, {
        ...{ workflowId, taskQueue: taskQueues(account).workflows, args: [input] },
        ...{ signal: workOrderEvent, signalArgs: [reduceEvent(event)] },
        staticSummary: `Events of work order ${order} that name no running dispatch`,
        priority: { priorityKey: PRIORITY.sweeps },
      }),
    );
  };

  /** Calls that back off are tried at once, so that a person's retry is not answered by a wait of minutes. */
  const resetAttempts = async (ticketId: number): Promise<void> => {
    const { raw } = await client.workflow.getHandle(idOf(ticketId)).describe();
    for (const { activityId, attempt } of raw.pendingActivities ?? []) {
      if (!activityId || (attempt ?? 1) <= 1) continue;
      const execution = { workflowId: idOf(ticketId), runId: raw.workflowExecutionInfo?.execution?.runId ?? '' };
      const { namespace } = client.options;
      await client.workflowService
        .resetActivity({ namespace, execution, id: activityId, identity: client.options.identity })
        .catch((error: unknown) => {
          // The attempt ended meanwhile, or the server knows no such request: the retry is stored all the same.
          if (!isGrpcServiceError(error) || ![NOT_FOUND, UNIMPLEMENTED].includes(Number(error.code))) throw error;
        });
    }
  };

  return {
    ticketChanged: (ticketId, by) =>
      bounded(async () => {
        await mayStart();
        return toDispatch(ticketId, ticketChanged, by ? { by } : null);
      }),

    workOrderEvent: (event) =>
      bounded(async () => {
        const owner = ownParts(account, event.correlationId);
        if (owner) {
          try {
            const reduced: FieldNationEvent = reduceEvent(event);
            await tell(owner.ticketId, workOrderEvent, reduced);
            return 'dispatch';
          } catch (error) {
            if (!(error instanceof NoDispatchError)) throw error;
          }
        }
        await park(event);
        return 'parked';
      }),

    dispatchVisit: (ticketId, by = null) =>
      bounded(async () => {
        await mayStart();
        if (await hasOpenVisit(client, idOf(ticketId))) {
          throw new VisitOpenError(`A visit for ticket ${ticketId} is under way`);
        }
        return toDispatch(ticketId, dispatchVisit, { by });
      }),

    dispatchInBulk: (ticketId, by, bulk) =>
      bounded(async () => {
        await mayStart();
        return toDispatch(ticketId, dispatchVisit, { by, bulk });
      }),

    retry: (ticketId, by = null) =>
      bounded(async () => {
        await tell(ticketId, retry, { by });
        await resetAttempts(ticketId);
      }),

    approve: (ticketId, { by = null, amount } = {}) =>
      bounded(async () => {
        const waiting = (await memoOf(client, idOf(ticketId)))?.approval ?? null;
        if (waiting === null) throw new NothingToApproveError(`Nothing of ticket ${ticketId} waits for an approval`);
        if (amount !== undefined && amount !== waiting.amount) {
          throw new NothingToApproveError(
            `Ticket ${ticketId} waits for an approval of ${waiting.amount ?? 'a sum that cannot be bounded'}, not of ${amount}`,
          );
        }
        await tell(ticketId, approve, { by, amount: waiting.amount });
      }),

    cancel: (ticketId, reason, by = null) => bounded(() => tell(ticketId, cancelDispatch, { reason, by })),
  };
}

/** What the running dispatch shows, which needs no worker; undefined when it has just begun, null when none is running. */
async function memoOf(client: Client, workflowId: string): Promise<DispatchMemo | undefined | null> {
  try {
    const { status, memo } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' ? (memo?.dispatch as DispatchMemo | undefined) : null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** For a run that need not be there. */
const notFoundAs =
  <T>(value: T) =>
  (error: unknown): T => {
    if (error instanceof WorkflowNotFoundError) return value;
    throw error;
  };

async function hasOpenVisit(client: Client, workflowId: string): Promise<boolean> {
  const memo = await memoOf(client, workflowId);
  return memo !== null && (memo?.open ?? true);
}
