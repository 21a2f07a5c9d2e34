/**
 * Looking at dispatches without disturbing them. Promise: a list is read from search attributes and memos, never by a
 * query per row; one dispatch is shown even when it has closed or no worker answers. Source: interface 4, design 7.
 */
import { isGrpcServiceError, ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { DispatchFinder } from '../../activities/engine';
import type { DispatchState, DispatchSummary, DispatchView } from '../contract/dispatch';
import { dispatchQuery } from '../contract/messages';
import { correlationId } from '../domain/correlation';
import { WORKFLOW_TYPES } from '../contract/names';
import { dispatchWorkflowId } from '../contract/run-ids';

import { TemporalUnavailableError, withDeadline } from './deadline';
import type { DispatchLinks } from '../contract/memory';
import type { DispatchMemo, DispatchTimes } from '../contract/memo';

export interface ListFilter {
  state?: DispatchState;
  ticketId?: number;
  /** Of a ticket or a work order, whichever has it. */
  number?: number;
  /** Only those that wait for a person. */
  attention?: boolean;
  /** 1 to 200. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string;
}

export interface DispatchPage {
  items: DispatchSummary[];
  nextCursor: string | null;
}

/** A row with its milestones, for people. */
export interface DispatchRow extends DispatchTimes {
  dispatch: DispatchSummary;
}

export interface DispatchRows {
  rows: DispatchRow[];
  nextCursor: string | null;
}

export interface Dispatches extends DispatchFinder {
  /** Newest first; the latest run of a ticket only, within a page. */
  list(filter: ListFilter): Promise<DispatchPage>;
  /** The same with milestones. */
  rows(filter: ListFilter): Promise<DispatchRows>;
  /** Null when the ticket never had a dispatch, or none that is still kept. */
  view(ticketId: number): Promise<DispatchView | null>;
}

/** The cursor is none that a list gave out. */
export class CursorError extends Error {
  override readonly name = 'CursorError';

  constructor() {
    super('The cursor is not one of this list');
  }
}

const INVALID_ARGUMENT = 3;

export interface DispatchesDeps {
  client: Client;
  account: string;
  linksOf: (ticketId: number) => DispatchLinks;
  deadlineMs?: number;
}

const NO_TIMES: DispatchTimes = { triggeredAt: null, orderedAt: null, endedAt: null, waitingSince: null };

const ID = /^dispatch-(.+)-(\d+)$/;

export function createDispatches({ client, account, linksOf, deadlineMs = 2000 }: DispatchesDeps): Dispatches {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);

  const summaryOf = (ticketId: number, memo: DispatchMemo | undefined): DispatchSummary => {
    const links = linksOf(ticketId);
    const {
      open: _open,
      times: _times,
      ...known
    } = memo ?? {
      ticketId,
      account,
      visit: 1,
      state: 'starting' as const,
      correlationId: correlationId(account, ticketId, 1),
      workOrderId: null,
      workOrderStatus: null,
      attention: null,
      waitingFor: null,
      open: true,
      times: NO_TIMES,
    };
    return {
      ...known,
      nextAttemptAt: null,
      links: {
        ticket: links.ticket,
        workOrder: known.workOrderId === null ? null : `${links.workOrders}${known.workOrderId}`,
        workflow: links.workflow,
      },
    };
  };

  const rows = ({ limit, cursor, ...filter }: ListFilter): Promise<DispatchRows> =>
    bounded(async () => {
      const page = await client.workflowService
        .listWorkflowExecutions({
          namespace: client.options.namespace,
          query: `${dispatchesOf(account)}${conditionsOf(filter)}`,
          pageSize: limit,
          ...(cursor ? { nextPageToken: Buffer.from(cursor, 'base64url') } : {}),
        })
        .catch((error: unknown) => {
          if (cursor && isGrpcServiceError(error) && Number(error.code) === INVALID_ARGUMENT) throw new CursorError();
          throw error;
        });
      const found = new Map<number, DispatchRow>();
      for (const { execution, memo } of page.executions ?? []) {
        const [, owner, ticket] = ID.exec(execution?.workflowId ?? '') ?? [];
        if (owner !== account || found.has(Number(ticket))) continue;
        const decoded = await decodeMapFromPayloads(client.options.loadedDataConverter, memo?.fields ?? {});
        const known = decoded?.dispatch as DispatchMemo | undefined;
        found.set(Number(ticket), { ...(known?.times ?? NO_TIMES), dispatch: summaryOf(Number(ticket), known) });
      }
      const token = page.nextPageToken;
      return {
        rows: [...found.values()],
        nextCursor: token && token.length > 0 ? Buffer.from(token).toString('base64url') : null,
      };
    });

  return {
    rows,

    list: async (filter) => {
      const { rows: found, nextCursor } = await rows(filter);
      return { items: found.map(({ dispatch }) => dispatch), nextCursor };
    },

    view: (ticketId) =>
      bounded(async () => {
        const handle = client.workflow.getHandle(dispatchWorkflowId(account, ticketId));
        try {
          const described = await handle.describe();
          const fallback = {
            ...summaryOf(ticketId, described.memo?.dispatch as DispatchMemo | undefined),
            timeline: [],
          };
          if (described.status.name === 'COMPLETED') return (await handle.result()) as DispatchView;
          if (described.status.name !== 'RUNNING') return fallback;
          const attempts = (described.raw.pendingActivities ?? []).flatMap(({ nextAttemptScheduleTime: at }) =>
            at?.seconds ? [Number(at.seconds) * 1000] : [],
          );
          const nextAttemptAt = attempts.length === 0 ? null : new Date(Math.min(...attempts)).toISOString();
          const view = await askRun(client, handle.workflowId, deadlineMs / 2).catch((error: unknown) => {
            // No worker answers, or the run is just going on as a new one: what it published last is better than nothing.
            if (error instanceof TemporalUnavailableError || error instanceof ServiceError) return fallback;
            throw error;
          });
          return { ...view, nextAttemptAt };
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          throw error;
        }
      }),

    byWorkOrder: (workOrderId) =>
      bounded(async () => {
        const query = `WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}' AND ExecutionStatus = 'Running' AND DeskbridgeWorkOrderId = ${workOrderId}`;
        const { executions } = await client.workflowService.listWorkflowExecutions({
          namespace: client.options.namespace,
          query,
          pageSize: 1,
        });
        return executions?.[0]?.execution?.workflowId ?? null;
      }),
  };
}

/** All of an account, a run that goes on as a new one not counted. Another account may begin with the same letters. */
export const dispatchesOf = (account: string): string =>
  `WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}' AND WorkflowId STARTS_WITH 'dispatch-${account}-'` +
  ` AND ExecutionStatus != 'ContinuedAsNew'`;

function conditionsOf({ state, ticketId, number, attention }: Omit<ListFilter, 'limit' | 'cursor'>): string {
  const conditions: string[] = [];
  if (state) conditions.push(`DeskbridgeState = '${state}'`);
  if (ticketId !== undefined) conditions.push(`DeskbridgeTicketId = ${ticketId}`);
  if (number !== undefined) conditions.push(`(DeskbridgeTicketId = ${number} OR DeskbridgeWorkOrderId = ${number})`);
  if (attention) conditions.push(`DeskbridgeAttention IS NOT NULL AND ExecutionStatus = 'Running'`);
  return conditions.map((condition) => ` AND ${condition}`).join('');
}

const askRun = (client: Client, workflowId: string, ms: number): Promise<DispatchView> =>
  withDeadline(client, ms, () => client.workflow.getHandle(workflowId).query(dispatchQuery));
