/**
 * Visits that nobody comes to: nobody is assigned shortly before the start, or nobody has checked in by the end of the arrival
 * window. Promise: asked of the index by the start that Field Nation has now, so that it costs a dispatch nothing; moved
 * visits are judged anew. Source: interface, section 7, `alerts.unassignedBefore` and `alerts.notArrivedAfter`.
 */
import type { Client } from '@temporalio/client';
import type { Alert } from '../contract/alerts';
import type { DispatchMemo } from '../contract/memo';
import { ticketOfDispatch } from '../contract/run-ids';
import { START, startSeconds } from '../contract/search-attributes';
import { expectedBy, LONGEST_WINDOW_MS, unassignedLateAt } from '../domain/lateness';
import { momentText } from '../domain/moments';
import { pageOfRun, type Found } from './alert-found';
import { compare, queryOf } from './index/query';
import { readRows, type Row } from './index/rows';

export interface LateDeps {
  client: Client;
  account: string;
  deadlineMs: number;
  now: number;
  /** In ms; 0: off. */
  unassignedBefore: number;
  notArrivedAfter: number;
}

const DAY = 24 * 60 * 60_000;
/** Visits to which somebody should have come longer ago are no news: somebody has let them be. */
const FORGOTTEN_MS = 7 * DAY;
const MOST_READ = 1000;

export const lateVisits = async (deps: LateDeps): Promise<Found[]> =>
  [...(await unassigned(deps)), ...(await notArrived(deps))].slice(0, MOST_READ);

async function unassigned(deps: LateDeps): Promise<Found[]> {
  const { unassignedBefore: before, now } = deps;
  if (before === 0) return [];
  const found: Found[] = [];
  for (const { row, start, dispatch } of await startingBefore(deps, ['dispatched'], now + before)) {
    if (now < unassignedLateAt(start, dispatch?.times.orderedAt ?? null, before)) continue;
    found.push(alertOf(deps, row, start, dispatch, UNASSIGNED));
  }
  return found;
}

async function notArrived(deps: LateDeps): Promise<Found[]> {
  if (deps.notArrivedAfter === 0) return [];
  const { notArrivedAfter: after, now } = deps;
  const found: Found[] = [];
  for (const { row, start, dispatch } of await startingBefore(deps, ['assigned'], now - after, LONGEST_WINDOW_MS)) {
    const by = expectedBy(Date.parse(start), dispatch?.course?.dueAt);
    if (now - by < after || now - by > FORGOTTEN_MS) continue;
    found.push(alertOf(deps, row, new Date(by).toISOString(), dispatch, NOT_ARRIVED));
  }
  return found;
}

interface Starting {
  row: Row;
  start: string;
  dispatch: DispatchMemo | undefined;
}

async function startingBefore(
  deps: LateDeps,
  states: readonly string[],
  before: number,
  longer = 0,
): Promise<Starting[]> {
  const { client, account, now, deadlineMs } = deps;
  const and = [
    compare(START, '<=', startSeconds(before)),
    compare(START, '>', startSeconds(now - FORGOTTEN_MS - longer)),
  ];
  const query = queryOf(account, { kind: 'ticketDispatch', status: 'running', states, and });
  const found: Starting[] = [];
  for await (const row of readRows(client, query, deadlineMs)) {
    const start = row.number(START);
    if (start === null) continue;
    found.push({ row, start: new Date(start * 1000).toISOString(), dispatch: (await row.memo()).dispatch });
    if (found.length >= MOST_READ) break;
  }
  return found;
}

interface Words {
  key: string;
  /** `at`: the start, or by when somebody was to come. */
  title: (ticket: number, at: string) => string;
  remedy: string;
}

const UNASSIGNED: Words = {
  key: 'unassigned',
  title: (ticket, start) => `Nobody is assigned to the visit of ticket ${ticket}, which starts at ${start}`,
  remedy: 'Open the work order in Field Nation: choose a provider, raise the pay, or move the visit.',
};
const NOT_ARRIVED: Words = {
  key: 'not-arrived',
  title: (ticket, by) => `Nobody has checked in for ticket ${ticket}. The technician was to come by ${by}`,
  remedy: 'Call the technician or the site. Move the visit in Field Nation, or choose another provider.',
};

function alertOf(
  { account, now }: LateDeps,
  { workflowId }: Row,
  at: string,
  dispatch: DispatchMemo | undefined,
  { key, title, remedy }: Words,
): Found {
  const ticketId = ticketOfDispatch(account, workflowId) ?? 0;
  const alert: Alert = {
    ...{ key: `late ${key} ${workflowId} ${at}`, kind: 'late', remedy, since: new Date(now).toISOString() },
    title: title(ticketId, momentText(at)),
    ...pageOfRun(account, workflowId),
    ticket: dispatch ? { id: ticketId, correlationId: dispatch.correlationId } : null,
  };
  return { key: alert.key, build: () => Promise.resolve(alert) };
}
