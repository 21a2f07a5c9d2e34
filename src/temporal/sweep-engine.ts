/**
 * How the sweep sees the runs and speaks to them: from search attributes and memos, by signals; it never asks a run itself,
 * which would wake all of them. Source: design 2.10, 7.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { SweepEngine } from '../../activities/sweep-engine';

import { WORKFLOW_TYPES } from '../contract/names';
import { dispatchWorkflowId, reconcileId } from '../contract/run-ids';
import type { DispatchSync } from '../contract/reconcile';
import { ticketDrift, type Standing } from '../domain/sweep/ticket-drift';
import { atMost } from './at-most';
import { TemporalUnavailableError, withDeadline } from './deadline';
import type { Starter } from './starter';
import type { OwnedOrder, RefusedRun, TicketStanding } from '../contract/sweep-calls';
import type { DispatchMemo } from '../contract/memo';

export interface SweepEngineDeps {
  client: Client;
  account: string;
  starter: Pick<Starter, 'ticketChanged'>;
  /** For one request, in ms. */
  deadlineMs?: number;
}

const PAGE_SIZE = 1000;
/** Beyond this an index would be read for minutes: a hundred thousand open dispatches. */
const MOST_PAGES = 100;
/** Signals under way at once. */
const SIDE_BY_SIDE = 8;

interface Found {
  workflowId: string;
  runId: string;
  running: boolean;
  memo: Record<string, unknown>;
}

const RUNNING = 1;

export function createSweepEngine({ client, account, starter, deadlineMs = 8000 }: SweepEngineDeps): SweepEngine {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const dispatches = `WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}'`;

  /** Newest first, page by page; stops when `take` says so. */
  async function* list(query: string): AsyncGenerator<Found> {
    let nextPageToken: Uint8Array | null | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await bounded(() =>
        client.workflowService.listWorkflowExecutions({
          namespace: client.options.namespace,
          query,
          pageSize: PAGE_SIZE,
          ...(nextPageToken ? { nextPageToken } : {}),
        }),
      );
      for (const { execution, status, memo } of answer.executions ?? []) {
        yield {
          workflowId: execution?.workflowId ?? '',
          runId: execution?.runId ?? '',
          running: Number(status) === RUNNING,
          memo: (await decodeMapFromPayloads(client.options.loadedDataConverter, memo?.fields ?? {})) ?? {},
        };
      }
      nextPageToken = answer.nextPageToken;
      if (!nextPageToken?.length) return;
    }
  }

  const ticketOf = (workflowId: string): number | null => {
    const ticketId = Number(/-(\d+)$/.exec(workflowId)?.[1]);
    return workflowId === dispatchWorkflowId(account, ticketId) ? ticketId : null;
  };

  /** The run as it stands at this moment; null when there is none. */
  const standingNow = async (ticketId: number): Promise<Standing | null> => {
    try {
      const handle = client.workflow.getHandle(dispatchWorkflowId(account, ticketId));
      const { status, memo } = await bounded(() => handle.describe());
      return { running: status.name === 'RUNNING', sync: (memo?.sync as DispatchSync | undefined) ?? null };
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      throw error;
    }
  };

  /** False when no such run is there. */
  const signal = async (workflowId: string, name: string, argument: unknown): Promise<boolean> => {
    try {
      await bounded(() => client.workflow.getHandle(workflowId).signal(name, argument));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

  return {
    async lastSweep() {
      const query = `WorkflowType = '${WORKFLOW_TYPES.reconcile}' AND ExecutionStatus = 'Completed'`;
      for await (const { workflowId, runId } of list(query)) {
        if (!isSweepOf(account, workflowId)) continue;
        try {
          const result: unknown = await bounded(() => client.workflow.getHandle(workflowId, runId).result());
          return result;
        } catch (error) {
          // Gone meanwhile, or stored under a key that is no more: one before it is better than none.
          if (error instanceof TemporalUnavailableError) throw error;
        }
      }
      return null;
    },

    async standings({ ticketIds }) {
      const found = new Map<number, TicketStanding>();
      if (ticketIds.length === 0) return [];
      const query = `${dispatches} AND ExecutionStatus != 'ContinuedAsNew' AND DeskbridgeTicketId IN (${ticketIds.join(', ')})`;
      for await (const { workflowId, running, memo } of list(query)) {
        const ticketId = ticketOf(workflowId);
        if (ticketId === null || found.has(ticketId)) continue;
        found.set(ticketId, { ticketId, running, sync: (memo.sync as DispatchSync | undefined) ?? null });
      }
      return [...found.values()];
    },

    async tellTickets({ tickets, checked }) {
      const answer: { told: number[]; started: number[]; checked: number[] } = { told: [], started: [], checked: [] };
      await atMost(SIDE_BY_SIDE, tickets, async (ticket) => {
        const drift = ticketDrift(ticket, await standingNow(ticket.ticketId));
        if (drift !== 'tell' && drift !== 'start') return;
        await starter.ticketChanged(ticket.ticketId, 'reconcile');
        answer[drift === 'start' ? 'started' : 'told'].push(ticket.ticketId);
      });
      await atMost(SIDE_BY_SIDE, checked, async ({ ticketId }) => {
        // Never with a start: it ended meanwhile, and its ticket is no news.
        const told = await signal(dispatchWorkflowId(account, ticketId), 'ticketChanged', { by: 'reconcile' });
        if (told) answer.checked.push(ticketId);
      });
      return answer;
    },

    async openOrders({ after, most, wanted }) {
      const orders: OwnedOrder[] = [];
      const query = `${dispatches} AND ExecutionStatus = 'Running' AND DeskbridgeWorkOrderId IS NOT NULL`;
      for await (const { workflowId, memo } of list(query)) {
        const ticketId = ticketOf(workflowId);
        const sync = memo.sync as DispatchSync | undefined;
        if (ticketId !== null) orders.push(...(sync?.orders ?? []).map((order) => ({ ...order, ticketId })));
      }
      orders.sort((a, b) => a.id - b.id);
      const next = orders.filter(({ id }) => id > after);
      const asked = new Set(wanted);
      const extra = orders.filter(({ id }) => id <= after && asked.has(id));
      // What is asked for is wanted even where it lies beyond the end.
      const beyond = next.slice(most).filter(({ id }) => asked.has(id));
      return { orders: [...extra, ...next.slice(0, most), ...beyond], more: next.length > most };
    },

    async tellOrder({ ticketId, workOrderId, known, events }) {
      const standing = await standingNow(ticketId);
      if (!standing?.running) return false;
      const now = standing.sync?.orders.find(({ id }) => id === workOrderId) ?? null;
      if (now?.key !== known?.key || now?.at !== known?.at) return false;
      for (const event of events) {
        if (!(await signal(dispatchWorkflowId(account, ticketId), 'workOrderEvent', event))) return false;
      }
      return true;
    },

    async refusedRuns({ most }) {
      const found: RefusedRun[] = [];
      const query = `ExecutionStatus = 'Running' AND DeskbridgeAttention = 'unauthorized'`;
      for await (const { workflowId, memo } of list(query)) {
        if (found.length >= most) break;
        if (workflowId.startsWith(`contact-${account}-`) || workflowId.startsWith(`contact-import-${account}-`)) {
          found.push({ workflowId, system: 'freshdesk' });
        } else if (workflowId.startsWith(`work-order-event-${account}-`)) {
          found.push({ workflowId, system: 'field-nation' });
        } else if (ticketOf(workflowId) !== null) {
          found.push({ workflowId, system: systemOf((memo.dispatch as DispatchMemo | undefined)?.attention?.remedy) });
        }
      }
      return found;
    },

    async retryRefused({ workflowIds }) {
      let told = 0;
      await atMost(SIDE_BY_SIDE, workflowIds, async (workflowId) => {
        if (await signal(workflowId, 'retry', { only: 'unauthorized' })) told += 1;
      });
      return told;
    },
  };
}

/** A schedule adds the time to the id; another account's name may begin like ours. */
const isSweepOf = (account: string, workflowId: string): boolean => {
  const id = reconcileId(account);
  return workflowId === id || (workflowId.startsWith(id) && /^-\d{4}-\d\d-\d\dT/.test(workflowId.slice(id.length)));
};

/** The remedy names the settings to mend, and those name their system. */
function systemOf(remedy: string | undefined): RefusedRun['system'] {
  if (remedy === undefined) return null;
  return remedy.includes('FIELD_NATION_') ? 'field-nation' : remedy.includes('FRESHDESK_') ? 'freshdesk' : null;
}
