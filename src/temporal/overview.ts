/**
 * What the status page counts. Promise: every number is asked of Temporal by search attributes and memos; no run is
 * disturbed, and the number of questions does not grow with that of the dispatches.
 */
import type { Client } from '@temporalio/client';
import type { AlertsMemo, Refusals, UpstreamTrouble, WebhookSource } from '../contract/alerts';
import type { DispatchTimes } from '../contract/memo';
import type { DispatchState, VisitFacts } from '../contract/dispatch';
import { ENDED_AT, START, startSeconds, STATE, TRIGGERED_AT } from '../contract/search-attributes';
import { expectedBy, LONGEST_WINDOW_MS } from '../domain/lateness';
import { withDeadline } from './deadline';
import { countsOf, type Counts } from './index/counts';
import { anyOf, compare, isIn, queryOf } from './index/query';
import { readPage, type Row } from './index/rows';
import { readMonth, type Month } from './month';
import type { UpstreamBook } from './upstream-book';
import { alertsMemo } from './standing';

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
  /** What keeps work from going on, or may: empty when nothing does. */
  troubles: Troubles;
}

export interface Troubles {
  /** Systems that do not answer: since when, how many runs wait, when the next one tries. */
  upstream: Partial<Record<WebhookSource, UpstreamTrouble>>;
  /** Webhooks that were refused in the last hour, by sender. */
  refused: Partial<Record<WebhookSource, Refusals>>;
  /** The last sweeps, newest first: how many of three failed, and since when one runs that should have ended. */
  sweeps: { failed: number; runningSince: string | null };
  /** Alerts that stand, by kind; null: nobody watches yet. */
  alerts: AlertsMemo['active'] | null;
}

export interface Trends {
  /** Visits asked for in each of the last 24 hours, the oldest first; `from` is the hour's begin, ISO 8601. */
  hours: { from: string; count: number }[];
  /** From trigger to a known work order, in ms, of the newest visits of those hours; in no order. */
  untilOrder: number[];
  /** Of the visits that were looked at, those without a work order yet. */
  withoutOrder: number;
}

/** A visit of these hours, as Field Nation has it now. */
export interface VisitSoon {
  ticketId: number;
  /** ISO 8601. */
  start: string;
  /** The end of its arrival window, ISO 8601; null: it has none. */
  dueAt: string | null;
  state: DispatchState;
  /** When its work order was known, ISO 8601. */
  orderedAt: string | null;
  facts: VisitFacts | null;
}

export interface Overview {
  /** @throws TemporalUnavailableError */
  tiles(): Promise<Tiles>;
  /** @throws TemporalUnavailableError */
  trends(): Promise<Trends>;
  /** Visits of the last 12 hours and the next 24, by their start; one whose window is still open belongs to them. @throws TemporalUnavailableError */
  visits(): Promise<VisitSoon[]>;
  /** How the visits of the last 30 days went. @throws TemporalUnavailableError */
  month(): Promise<Month>;
}

export interface OverviewDeps {
  client: Client;
  account: string;
  /** Shared with the metrics of this process. */
  counts?: Counts;
  /** Of this process, where workers run in it: newer than what the watch wrote down. */
  upstreams?: Pick<UpstreamBook, 'trouble'>;
  deadlineMs?: number;
  now?: () => number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HOURS = 24;
/** Of the visits that a page lists. */
const PAST_HOURS = 12;
const NEXT_HOURS = 24;
/** Those that wait for a person are few, or nobody would find the oldest by hand either. */
const MOST_WAITING = 1000;
const SAMPLE = 500;

const OPEN = ['starting', 'creating', 'dispatched', 'assigned', 'on-site', 'attention'];

/** Visits of these hours that are read; a page shows fewer. */
const MOST_VISITS = 500;

/** As long as a page shows the same numbers anyway; what is over changes no more. */
const FRESH_MS = 2000;
const PAST_MS = 10 * 60_000;

export function createOverview(deps: OverviewDeps): Overview {
  const { client, account, upstreams, counts = countsOf(client), deadlineMs = 2000, now = Date.now } = deps;
  const bounded = <T>(work: () => Promise<T>): Promise<T> => withDeadline(client, deadlineMs, work);
  const count = (query: string, maxAgeMs = FRESH_MS): Promise<number> => counts.count(query, maxAgeMs);
  const rowsOf = async (query: string, size: number) => (await readPage(client, { query, size }, deadlineMs)).rows;

  /** Milestones of the newest dispatches that a query finds. */
  const timesOf = async (query: string, most: number): Promise<(DispatchTimes & { ticketId: number })[]> => {
    const found: (DispatchTimes & { ticketId: number })[] = [];
    for (const row of await rowsOf(query, most)) {
      const { dispatch: known } = await row.memo();
      if (known?.times) found.push({ ...known.times, ticketId: known.ticketId });
    }
    return found;
  };
  const running = { kind: 'ticketDispatch', status: 'running' } as const;
  const waiting = queryOf(account, { ...running, attention: 'any' });

  const oldestWaiting = async (): Promise<Tiles['oldestWaiting']> => {
    const found = await timesOf(waiting, MOST_WAITING);
    return found.reduce<Tiles['oldestWaiting']>((oldest, { ticketId, waitingSince: since }) => {
      return since !== null && (oldest === null || since < oldest.since) ? { ticketId, since } : oldest;
    }, null);
  };

  const lastSweeps = (): Promise<Row[]> => rowsOf(queryOf(account, { kind: 'reconcile' }), 4);

  const troublesOf = (sweeps: Row[], watched: AlertsMemo | null): Troubles => {
    const upstream: Troubles['upstream'] = {};
    for (const system of ['freshdesk', 'field-nation'] as const) {
      const here = upstreams?.trouble(system);
      const trouble = here === undefined ? watched?.upstream[system] : here;
      if (trouble) upstream[system] = trouble;
    }
    const running = sweeps.find((run) => run.running);
    const ended = sweeps.filter((run) => !run.running).slice(0, 3);
    return {
      upstream,
      refused: watched?.refused ?? {},
      sweeps: {
        failed: ended.filter(({ completed }) => !completed).length,
        runningSince: running?.startedAt.toISOString() ?? null,
      },
      alerts: watched?.active ?? null,
    };
  };

  return {
    tiles: () =>
      bounded(async () => {
        const ended = (since: number, states: string[]): Promise<number> => {
          const and = [compare(ENDED_AT, '>=', new Date(since))];
          return count(queryOf(account, { kind: 'ticketDispatch', status: 'latest', states, and }));
        };
        // To the minute: the same question is then asked once.
        const week = Math.floor(now() / MINUTE) * MINUTE - 7 * 24 * HOUR;
        const [open, attention, oldest, doneToday, done, cancelled, contactsWaiting, sweeps, watched] =
          await Promise.all([
            count(queryOf(account, { ...running, states: OPEN })),
            count(waiting),
            oldestWaiting(),
            ended(new Date(now()).setHours(0, 0, 0, 0), ['work-done', 'completed']),
            ended(week, ['work-done', 'completed']),
            ended(week, ['cancelled']),
            count(queryOf(account, { kind: 'contactSync', status: 'running', attention: 'any' })),
            lastSweeps(),
            alertsMemo(client, account),
          ]);
        return {
          ...{ open, attention, oldestWaiting: oldest, doneToday, week: { done, cancelled }, contactsWaiting },
          sweep: sweepOf(sweeps[0]),
          watched,
          troubles: troublesOf(sweeps, watched),
        };
      }),

    trends: () =>
      bounded(async () => {
        const last = Math.floor(now() / HOUR) * HOUR;
        const begins = Array.from({ length: HOURS }, (_, index) => last - (HOURS - 1 - index) * HOUR);
        const triggered = (from: number, ...and: string[]): string => {
          const since = compare(TRIGGERED_AT, '>=', new Date(from));
          return queryOf(account, { kind: 'ticketDispatch', status: 'latest', and: [since, ...and] });
        };
        const inHour = (from: number): Promise<number> => {
          const query = triggered(from, compare(TRIGGERED_AT, '<', new Date(from + HOUR)));
          return count(query, from === last ? FRESH_MS : PAST_MS);
        };
        const [numbers, sample] = await Promise.all([
          Promise.all(begins.map(inHour)),
          timesOf(triggered(begins[0] ?? last), SAMPLE),
        ]);
        const untilOrder = sample.flatMap(({ triggeredAt, orderedAt }) =>
          triggeredAt === null || orderedAt === null ? [] : [Date.parse(orderedAt) - Date.parse(triggeredAt)],
        );
        return {
          hours: begins.map((from, index) => ({ from: iso(from), count: numbers[index] ?? 0 })),
          untilOrder,
          withoutOrder: sample.length - untilOrder.length,
        };
      }),

    visits: () =>
      bounded(async () => {
        const from = now() - PAST_HOURS * HOUR;
        const began = (ms: number): string => compare(START, '>=', startSeconds(ms));
        // Only these can still be waited for.
        const awaited = [isIn(STATE, ['dispatched', 'assigned']), began(from - LONGEST_WINDOW_MS)].join(' AND ');
        const and = [compare(START, '<=', startSeconds(now() + NEXT_HOURS * HOUR)), anyOf(began(from), `(${awaited})`)];
        const found: VisitSoon[] = [];
        for (const row of await rowsOf(queryOf(account, { ...running, and }), MOST_VISITS)) {
          const { dispatch } = await row.memo();
          const start = row.number(START);
          if (!dispatch || start === null || dispatch.state === 'cancelled') continue;
          const { ticketId, state, facts = null, times, course } = dispatch;
          const dueAt = course?.dueAt ?? null;
          if (expectedBy(start * 1000, dueAt) < from) continue;
          found.push({ ticketId, start: iso(start * 1000), dueAt, state, orderedAt: times.orderedAt, facts });
        }
        return found.sort((a, b) => a.start.localeCompare(b.start));
      }),

    month: () => readMonth(client, account, deadlineMs, now()),
  };
}

const sweepOf = (run: Row | undefined): Tiles['sweep'] =>
  run ? { at: run.startedAt.toISOString(), running: run.running, failed: !run.running && !run.completed } : null;

const iso = (at: number): string => new Date(at).toISOString();
