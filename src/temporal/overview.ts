/**
 * What the status page counts. Promise: every number is asked of Temporal by search attributes and memos; no run is
 * disturbed, and the number of questions does not grow with that of the dispatches.
 */
import { decodeMapFromPayloads } from '@temporalio/common/lib/internal-non-workflow';
import type { Client } from '@temporalio/client';
import type { AlertsMemo } from '../contract/alerts';
import { WORKFLOW_TYPES } from '../contract/names';
import { reconcileId } from '../contract/run-ids';

import { withDeadline } from './deadline';
import { dispatchesOf } from './dispatches';
import { alertsMemo } from './standing';
import type { DispatchMemo, DispatchTimes } from '../contract/memo';

export interface Tiles {
  /** Dispatches whose work is still to be done, those that wait for a person included. */
  open: number;
  attention: number;
  /** Since when the longest waiting one needs a person, ISO 8601; null when none does. */
  oldestWaiting: { ticketId: number; since: string } | null;
  /** Work done since midnight by this machine's clock. */
  doneToday: number;
  /** Of the last seven days. */
  week: { done: number; cancelled: number };
  contactsWaiting: number;
  /** The newest sweep; null when there was none yet. Times ISO 8601. */
  sweep: { at: string; running: boolean; failed: boolean } | null;
  /** What any process last heard of each sender, and of Freshdesk's quota, minutes old; null: nobody watches yet. */
  watched: Pick<AlertsMemo, 'webhooks' | 'quota'> | null;
}

export interface Trends {
  /** Visits asked for in each of the last 24 hours, the oldest first; `from` is the hour's begin, ISO 8601. */
  hours: { from: string; count: number }[];
  /** From trigger to a known work order, in ms, of the newest visits of those hours; in no order. */
  untilOrder: number[];
  /** Of the visits that were looked at, those without a work order yet. */
  withoutOrder: number;
}

export interface Overview {
  /** @throws TemporalUnavailableError */
  tiles(): Promise<Tiles>;
  /** @throws TemporalUnavailableError */
  trends(): Promise<Trends>;
}

export interface OverviewDeps {
  client: Client;
  account: string;
  deadlineMs?: number;
  now?: () => number;
}

const HOUR = 3_600_000;
const HOURS = 24;
/** Those that wait for a person are few, or nobody would find the oldest by hand either. */
const MOST_WAITING = 1000;
const SAMPLE = 500;

const OPEN = ['starting', 'creating', 'dispatched', 'assigned', 'on-site', 'attention'];

export function createOverview({ client, account, deadlineMs = 2000, now = Date.now }: OverviewDeps): Overview {
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const mine = dispatchesOf(account);
  const { namespace } = client.options;

  const count = async (query: string): Promise<number> =>
    Number((await client.workflowService.countWorkflowExecutions({ namespace, query })).count);

  const list = async (query: string, pageSize: number) =>
    (await client.workflowService.listWorkflowExecutions({ namespace, query, pageSize })).executions ?? [];

  /** Milestones of the newest dispatches that a query finds. */
  const timesOf = async (query: string, most: number): Promise<(DispatchTimes & { ticketId: number })[]> => {
    const found: (DispatchTimes & { ticketId: number })[] = [];
    for (const { memo } of await list(query, most)) {
      const decoded = await decodeMapFromPayloads(client.options.loadedDataConverter, memo?.fields ?? {});
      const known = decoded?.dispatch as DispatchMemo | undefined;
      if (known?.times && known.account === account) found.push({ ...known.times, ticketId: known.ticketId });
    }
    return found;
  };

  const oldestWaiting = async (): Promise<Tiles['oldestWaiting']> => {
    const waiting = await timesOf(
      `${mine} AND ExecutionStatus = 'Running' AND DeskbridgeAttention IS NOT NULL`,
      MOST_WAITING,
    );
    return waiting.reduce<Tiles['oldestWaiting']>((oldest, { ticketId, waitingSince: since }) => {
      return since !== null && (oldest === null || since < oldest.since) ? { ticketId, since } : oldest;
    }, null);
  };

  const lastSweep = async (): Promise<Tiles['sweep']> => {
    const query = `WorkflowType = '${WORKFLOW_TYPES.reconcile}' AND WorkflowId STARTS_WITH '${reconcileId(account)}-'`;
    const [run] = await list(query, 1);
    const seconds = run?.startTime?.seconds;
    if (!run || !seconds) return null;
    const status = Number(run.status);
    return {
      at: new Date(Number(seconds) * 1000).toISOString(),
      running: status === STATUS.running,
      failed: status !== STATUS.running && status !== STATUS.completed,
    };
  };

  return {
    tiles: () =>
      bounded(async () => {
        const ended = (since: number, states: string[]): Promise<number> =>
          count(`${mine} AND DeskbridgeEndedAt >= '${iso(since)}' AND DeskbridgeState IN (${quoted(states)})`);
        const week = now() - 7 * 24 * HOUR;
        const contacts = `WorkflowType = '${WORKFLOW_TYPES.contactSync}' AND WorkflowId STARTS_WITH 'contact-${account}-'`;
        const [open, attention, oldest, doneToday, done, cancelled, contactsWaiting, sweep, watched] =
          await Promise.all([
            count(`${mine} AND ExecutionStatus = 'Running' AND DeskbridgeState IN (${quoted(OPEN)})`),
            count(`${mine} AND ExecutionStatus = 'Running' AND DeskbridgeAttention IS NOT NULL`),
            oldestWaiting(),
            ended(new Date(now()).setHours(0, 0, 0, 0), ['work-done', 'completed']),
            ended(week, ['work-done', 'completed']),
            ended(week, ['cancelled']),
            count(`${contacts} AND ExecutionStatus = 'Running' AND DeskbridgeAttention IS NOT NULL`),
            lastSweep(),
            alertsMemo(client, account),
          ]);
        return {
          ...{ open, attention, oldestWaiting: oldest, doneToday, week: { done, cancelled }, contactsWaiting, sweep },
          watched,
        };
      }),

    trends: () =>
      bounded(async () => {
        const last = Math.floor(now() / HOUR) * HOUR;
        const begins = Array.from({ length: HOURS }, (_, index) => last - (HOURS - 1 - index) * HOUR);
        const since = (from: number): string => `${mine} AND DeskbridgeTriggeredAt >= '${iso(from)}'`;
        const [counts, sample] = await Promise.all([
          Promise.all(begins.map((from) => count(`${since(from)} AND DeskbridgeTriggeredAt < '${iso(from + HOUR)}'`))),
          timesOf(since(begins[0] ?? last), SAMPLE),
        ]);
        const untilOrder = sample.flatMap(({ triggeredAt, orderedAt }) =>
          triggeredAt === null || orderedAt === null ? [] : [Date.parse(orderedAt) - Date.parse(triggeredAt)],
        );
        return {
          hours: begins.map((from, index) => ({ from: iso(from), count: counts[index] ?? 0 })),
          untilOrder,
          withoutOrder: sample.length - untilOrder.length,
        };
      }),
  };
}

/** Numbers of `temporal.api.enums.v1.WorkflowExecutionStatus`. */
const STATUS = { running: 1, completed: 2 };

const iso = (at: number): string => new Date(at).toISOString();

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(', ');
