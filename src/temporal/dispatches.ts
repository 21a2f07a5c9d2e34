/**
 * Looking at dispatches without disturbing them. Promise: a list is read from search attributes and memos, never by a
 * query per row; one dispatch is shown even when it has closed or no worker answers. Source: interface 4, design 7.
 */
import { ServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { DispatchFinder } from '../../activities/engine';
import type { AttentionReason, DispatchState, DispatchSummary, DispatchView, VisitFacts } from '../contract/dispatch';
import { dispatchQuery } from '../contract/messages';
import { correlationId } from '../domain/correlation';
import { dispatchWorkflowId, ticketOfDispatch } from '../contract/run-ids';
import { ATTENTION, STATE, TICKET_ID, WORK_ORDER_ID } from '../contract/search-attributes';

import { TemporalUnavailableError, withDeadline } from './deadline';
import type { DispatchLinks } from '../contract/dispatch-input';
import type { DispatchMemo, DispatchTimes } from '../contract/memo';
import { anyOf, compare, queryOf } from './index/query';
import { readPage, type Row } from './index/rows';

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
  facts: VisitFacts | null;
}

export interface DispatchRows {
  rows: DispatchRow[];
  nextCursor: string | null;
}

/** One dispatch for people. */
export interface DispatchLook {
  view: DispatchView;
  /** Why the timeline is missing: no worker answers, or the run was ended in Temporal; null: it is there. */
  silent: 'no-worker' | 'ended' | null;
  /** The sum in USD that waits for a yes, `amount` null where it has no bound; null: none waits. */
  approval: { amount: number | null } | null;
  facts: VisitFacts | null;
  /** The ticket that this one is a child of; null: none. */
  parentId: number | null;
}

export interface Dispatches extends DispatchFinder {
  /** Newest first; the latest run of a ticket only, within a page. */
  list(filter: ListFilter): Promise<DispatchPage>;
  /** The same with milestones. */
  rows(filter: ListFilter): Promise<DispatchRows>;
  /** How many a list has in all, cursor and limit aside. */
  total(filter: Omit<ListFilter, 'limit' | 'cursor'>): Promise<number>;
  /** Null when the ticket never had a dispatch, or none that is still kept. */
  view(ticketId: number): Promise<DispatchView | null>;
  /** The same, with what only people need. */
  look(ticketId: number): Promise<DispatchLook | null>;
}

export interface DispatchesDeps {
  client: Client;
  account: string;
  linksOf: (ticketId: number) => DispatchLinks;
  deadlineMs?: number;
}

const NO_TIMES: DispatchTimes = {
  triggeredAt: null,
  orderedAt: null,
  publishedAt: null,
  endedAt: null,
  waitingSince: null,
};

export function createDispatches({ client, account, linksOf, deadlineMs = 2000 }: DispatchesDeps): Dispatches {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);

  const summaryOf = (ticketId: number, memo: DispatchMemo | undefined): DispatchSummary => {
    const links = linksOf(ticketId);
    const {
      open: _open,
      times: _times,
      approval: _approval,
      facts: _facts,
      course: _course,
      told: _told,
      parentId: _parent,
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
      waitingFor: 'Deskbridge: the dispatch has just begun',
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

  /** What the memo says; where no key reads it, what the search attributes say. */
  const known = async (ticketId: number, row: Row): Promise<DispatchRow> => {
    const { dispatch, unreadable } = await row.memo();
    const summary = summaryOf(ticketId, dispatch);
    return {
      ...(dispatch?.times ?? NO_TIMES),
      facts: dispatch?.facts ?? null,
      dispatch: unreadable ? { ...summary, ...unreadablePart(row) } : summary,
    };
  };

  const rows = async ({ limit, cursor, ...filter }: ListFilter): Promise<DispatchRows> => {
    const page = await readPage(
      client,
      { query: queryFor(account, filter), size: limit, cursor: cursor ?? null },
      deadlineMs,
    );
    const found = new Map<number, DispatchRow>();
    for (const row of page.rows) {
      const ticketId = ticketOfDispatch(account, row.workflowId);
      if (ticketId !== null && !found.has(ticketId)) found.set(ticketId, await known(ticketId, row));
    }
    return { rows: [...found.values()], nextCursor: page.nextCursor };
  };

  const look = (ticketId: number): Promise<DispatchLook | null> =>
    bounded(async () => {
      const handle = client.workflow.getHandle(dispatchWorkflowId(account, ticketId));
      try {
        const described = await handle.describe();
        const memo = described.memo?.dispatch as DispatchMemo | undefined;
        const approval = memo?.approval ?? null;
        const people = { facts: memo?.facts ?? null, parentId: memo?.parentId ?? null };
        const fallback = { ...summaryOf(ticketId, memo), timeline: [] };
        if (described.status.name === 'COMPLETED') {
          // Of this very run: another one may have begun meanwhile, whose result nobody has yet.
          const ended = client.workflow.getHandle(handle.workflowId, described.runId);
          return { view: (await ended.result()) as DispatchView, silent: null, approval: null, ...people };
        }
        if (described.status.name !== 'RUNNING') return { view: fallback, silent: 'ended', approval: null, ...people };
        const attempts = (described.raw.pendingActivities ?? []).flatMap(({ nextAttemptScheduleTime: at }) =>
          at?.seconds ? [Number(at.seconds) * 1000] : [],
        );
        const nextAttemptAt = attempts.length === 0 ? null : new Date(Math.min(...attempts)).toISOString();
        const view = await askRun(client, handle.workflowId, deadlineMs / 2).catch((error: unknown) => {
          // No worker answers, or the run is just going on as a new one: what it published last is better than nothing.
          if (error instanceof TemporalUnavailableError || error instanceof ServiceError) return null;
          throw error;
        });
        return {
          view: { ...(view ?? fallback), nextAttemptAt },
          silent: view ? null : 'no-worker',
          approval,
          ...people,
        };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    });

  return {
    rows,
    look,

    total: (filter) => bounded(async () => (await client.workflow.count(queryFor(account, filter))).count),

    list: async (filter) => {
      const { rows: found, nextCursor } = await rows(filter);
      return { items: found.map(({ dispatch }) => dispatch), nextCursor };
    },

    view: async (ticketId) => (await look(ticketId))?.view ?? null,

    byWorkOrder: async (workOrderId) => {
      const query = queryOf(account, {
        ...{ kind: 'ticketDispatch', status: 'running', and: [compare(WORK_ORDER_ID, '=', workOrderId)] },
      });
      const { rows: found } = await readPage(client, { query, size: 1 }, deadlineMs);
      return found[0]?.workflowId ?? null;
    },
  };
}

function queryFor(account: string, filter: Omit<ListFilter, 'limit' | 'cursor'>): string {
  const { state, ticketId, number, attention } = filter;
  return queryOf(account, {
    kind: 'ticketDispatch',
    status: attention ? 'running' : 'latest',
    ...(state ? { states: [state] } : {}),
    ...(attention ? { attention: 'any' } : {}),
    and: [
      ...(ticketId === undefined ? [] : [compare(TICKET_ID, '=', ticketId)]),
      ...(number === undefined ? [] : [anyOf(compare(TICKET_ID, '=', number), compare(WORK_ORDER_ID, '=', number))]),
    ],
  });
}

/** Of a run whose memo no key at hand reads: search attributes are never encrypted. */
function unreadablePart(row: Row): Pick<DispatchSummary, 'state' | 'workOrderId' | 'attention' | 'waitingFor'> {
  const reason = row.text(ATTENTION) as AttentionReason | null;
  const workOrderId = row.number(WORK_ORDER_ID);
  const detail = 'Deskbridge cannot read the details: their encryption key is missing';
  return {
    state: (row.text(STATE) as DispatchState | null) ?? 'starting',
    workOrderId,
    attention: reason && {
      reason,
      detail,
      remedy: 'Put the former key back into DESKBRIDGE_ENCRYPTION_KEYS and restart.',
    },
    waitingFor: detail,
  };
}

const askRun = (client: Client, workflowId: string, ms: number): Promise<DispatchView> =>
  withDeadline(client, ms, () => client.workflow.getHandle(workflowId).query(dispatchQuery));
