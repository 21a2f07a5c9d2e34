/**
 * How the sweep sees the runs and speaks to them: from search attributes and memos, by signals; it never asks a run itself,
 * which would wake all of them. Source: design 2.10, 7.
 */
import { WorkflowNotFoundError, type Client, type SignalDefinition } from '@temporalio/client';
import type { SweepEngine } from '../../activities/sweep-engine';
import { retry, ticketChanged, workOrderEvent } from '../contract/messages';
import { dispatchWorkflowId, isContactRun, kindOfRun, ticketOfDispatch } from '../contract/run-ids';
import { STATE, TICKET_ID, WORK_ORDER_ID } from '../contract/search-attributes';
import { ticketDrift, type Standing } from '../domain/sweep/ticket-drift';
import { atMost } from './at-most';
import { TemporalUnavailableError, withDeadline } from './deadline';
import { nextRows, type KeyIndex } from './index/order-walk';
import { CLOSE_TIME, compare, isIn, queryOf } from './index/query';
import { readNewest, readPage, readRows, type Row } from './index/rows';
import type { Starter } from './starter';
import type { EndedDispatch, OwnedOrder, RefusedRun, TicketStanding } from '../contract/sweep-calls';

export interface SweepEngineDeps {
  client: Client;
  account: string;
  starter: Pick<Starter, 'ticketChanged'>;
  /** For one request, in ms. */
  deadlineMs?: number;
}

/** Signals under way at once. */
const SIDE_BY_SIDE = 8;
/** What a sweep can ask about again is less. */
const MOST_UNSEEN = 100;
const MOST_ENDED = 1000;
/** States of a dispatch that nobody misses. */
const OVER = ['completed', 'cancelled', 'skipped'];

export function createSweepEngine({ client, account, starter, deadlineMs = 8000 }: SweepEngineDeps): SweepEngine {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const list = (query: string) => readRows(client, query, deadlineMs);

  const openDispatches = (...and: string[]): string =>
    queryOf(account, { kind: 'ticketDispatch', status: 'running', and });

  const openIndex: KeyIndex<Row> = {
    list: async (after, upTo, most) => {
      const query = openDispatches(compare(WORK_ORDER_ID, '>', after), compare(WORK_ORDER_ID, '<=', upTo));
      const { rows, nextCursor } = await readPage(client, { query, size: most }, deadlineMs);
      return { rows, more: nextCursor !== null };
    },
    count: async (after, upTo) => {
      const above = compare(WORK_ORDER_ID, '>', after);
      const query = openDispatches(above, ...(upTo === null ? [] : [compare(WORK_ORDER_ID, '<=', upTo)]));
      return (await bounded(() => client.workflow.count(query))).count;
    },
  };

  /** Null: no key at hand reads its memo. */
  const ordersIn = async (row: Row): Promise<OwnedOrder[] | null> => {
    const ticketId = ticketOfDispatch(account, row.workflowId);
    const { sync, unreadable } = await row.memo();
    if (unreadable) return null;
    const foundBy = row.number(WORK_ORDER_ID);
    if (ticketId === null || foundBy === null) return [];
    return (sync?.orders ?? []).map((order) => ({ ...order, ticketId, foundBy }));
  };

  const newestRun = (ticketId: number) => readNewest(client, dispatchWorkflowId(account, ticketId), deadlineMs);

  /** The run as it stands at this moment; null when there is none. */
  const standingNow = async (ticketId: number): Promise<Standing | null> => {
    const run = await newestRun(ticketId);
    return run && { running: run.running, sync: (await run.memo()).sync ?? null };
  };

  /** Null when its newest run runs, or ended by itself. */
  const endedAt = async (ticketId: number): Promise<string | null> => {
    const run = await newestRun(ticketId);
    return run?.completed === false ? (run.closedAt?.toISOString() ?? null) : null;
  };

  /** False when no such run is there. */
  const signal = async <Args extends unknown[]>(
    workflowId: string,
    message: SignalDefinition<Args>,
    ...args: Args
  ): Promise<boolean> => {
    try {
      await bounded(() => client.workflow.getHandle(workflowId).signal(message, ...args));
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

  return {
    async lastSweep() {
      for await (const { workflowId, runId } of list(queryOf(account, { kind: 'reconcile', status: 'completed' }))) {
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
      const filter = { kind: 'ticketDispatch', status: 'latest', and: [isIn(TICKET_ID, ticketIds)] } as const;
      for await (const { workflowId, running, memo } of list(queryOf(account, filter))) {
        const ticketId = ticketOfDispatch(account, workflowId);
        if (ticketId === null || found.has(ticketId)) continue;
        found.set(ticketId, { ticketId, running, sync: (await memo()).sync ?? null });
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
        const told = await signal(dispatchWorkflowId(account, ticketId), ticketChanged, { by: 'reconcile' });
        if (told) answer.checked.push(ticketId);
      });
      return answer;
    },

    async openOrders({ after, width, most }) {
      const { rows, ...step } = await nextRows(openIndex, { after, width }, most);
      const found = await Promise.all(rows.map(ordersIn));
      return {
        ...step,
        orders: inTurn(found.flatMap((orders) => orders ?? [])),
        unreadable: found.filter((o) => o === null).length,
      };
    },

    async ordersOf({ ids }) {
      const found: OwnedOrder[] = [];
      if (ids.length === 0) return found;
      for await (const row of list(openDispatches(isIn(WORK_ORDER_ID, ids))))
        found.push(...((await ordersIn(row)) ?? []));
      return inTurn(found);
    },

    async unseenTickets({ since }) {
      const found: number[] = [];
      const and = [compare(CLOSE_TIME, '>=', new Date(since))];
      const query = queryOf(account, { kind: 'ticketDispatch', status: 'completed', states: ['skipped'], and });
      for await (const row of list(query)) {
        const { sync } = await row.memo();
        const ticketId = ticketOfDispatch(account, row.workflowId);
        if (ticketId !== null && sync?.gone && sync.lookedAt === null) found.push(ticketId);
        if (found.length >= MOST_UNSEEN) break;
      }
      return found;
    },

    async endedFromOutside({ since }) {
      const and = [compare(CLOSE_TIME, '>=', new Date(since))];
      const tickets = new Set<number>();
      for await (const row of list(queryOf(account, { kind: 'ticketDispatch', status: 'ended', and }))) {
        const ticketId = ticketOfDispatch(account, row.workflowId);
        if (ticketId !== null && !OVER.includes(row.text(STATE) ?? '')) tickets.add(ticketId);
      }
      const ended: EndedDispatch[] = [];
      await atMost(SIDE_BY_SIDE, [...tickets], async (ticketId) => {
        const at = await endedAt(ticketId);
        if (at !== null) ended.push({ ticketId, at });
      });
      return ended.sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).slice(0, MOST_ENDED);
    },

    async tellOrder({ ticketId, workOrderId, known, events }) {
      const standing = await standingNow(ticketId);
      if (!standing?.running) return false;
      const now = standing.sync?.orders.find(({ id }) => id === workOrderId) ?? null;
      if (now?.key !== known?.key || now?.at !== known?.at) return false;
      for (const event of events) {
        if (!(await signal(dispatchWorkflowId(account, ticketId), workOrderEvent, event))) return false;
      }
      return true;
    },

    async takeOver({ ticketId, events }) {
      const workflowId = await starter.ticketChanged(ticketId, 'reconcile');
      for (const event of events) await signal(workflowId, workOrderEvent, event);
    },

    async refusedRuns({ most }) {
      const found: RefusedRun[] = [];
      for await (const row of list(queryOf(account, { status: 'running', attention: 'unauthorized' }))) {
        if (found.length >= most) break;
        const { workflowId } = row;
        const kind = kindOfRun(account, workflowId);
        if (kind === 'dispatch') {
          found.push({ workflowId, system: systemOf((await row.memo()).dispatch?.attention?.remedy) });
        } else if (kind === 'work-order-event') found.push({ workflowId, system: 'field-nation' });
        else if (isContactRun(account, workflowId)) found.push({ workflowId, system: 'freshdesk' });
      }
      return found;
    },

    async retryRefused({ workflowIds }) {
      let told = 0;
      await atMost(SIDE_BY_SIDE, workflowIds, async (workflowId) => {
        if (await signal(workflowId, retry, { only: 'unauthorized' })) told += 1;
      });
      return told;
    },
  };
}

const inTurn = (orders: OwnedOrder[]): OwnedOrder[] => orders.sort((a, b) => a.foundBy - b.foundBy || a.id - b.id);

/** The remedy names the settings to mend, and those name their system. */
function systemOf(remedy: string | undefined): RefusedRun['system'] {
  if (remedy === undefined) return null;
  return remedy.includes('FIELD_NATION_') ? 'field-nation' : remedy.includes('FRESHDESK_') ? 'freshdesk' : null;
}
