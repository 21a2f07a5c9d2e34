/**
 * How the visits of the last 30 days went. Promise: one page of Temporal's index, read from search attributes and memos; no
 * run is disturbed, and no system is asked.
 */
import type { Client } from '@temporalio/client';
import { START, startSeconds } from '../contract/search-attributes';
import { punctualityOf } from '../domain/lateness';
import { compare, queryOf } from './index/query';
import { readPage } from './index/rows';

export interface MonthDay {
  /** The day's begin in UTC, ISO 8601. */
  from: string;
  onTime: number;
  late: number;
  /** Neither is known: cancelled, not over yet, or done without a check-in that Field Nation told. */
  open: number;
  backOuts: number;
  problems: number;
}

/** Of each ticket its newest visit, by the day on which it was to start. */
export interface Month {
  /** 30 days up to today, the oldest first. */
  days: MonthDay[];
  /** More visits than were read: the dispatches that began last are counted. */
  more: boolean;
}

const DAY = 24 * 60 * 60_000;
const DAYS = 30;
/** Visits that one picture counts, and one answer of the index can hold. */
export const MOST_VISITS = 1000;

/** @throws TemporalUnavailableError */
export async function readMonth(client: Client, account: string, deadlineMs: number, now: number): Promise<Month> {
  const first = Math.floor(now / DAY) * DAY - (DAYS - 1) * DAY;
  const days = Array.from({ length: DAYS }, (_, index): MonthDay => {
    const from = new Date(first + index * DAY).toISOString();
    return { from, onTime: 0, late: 0, open: 0, backOuts: 0, problems: 0 };
  });
  const and = [compare(START, '>=', startSeconds(first)), compare(START, '<=', startSeconds(now))];
  const query = queryOf(account, { kind: 'ticketDispatch', status: 'latest', and });
  const { rows, nextCursor } = await readPage(client, { query, size: MOST_VISITS }, deadlineMs);
  for (const row of rows) {
    const start = (row.number(START) ?? 0) * 1000;
    const day = days[Math.floor((start - first) / DAY)];
    const { dispatch } = await row.memo();
    if (!day || !dispatch) continue;
    const { course } = dispatch;
    day[punctualityOf(dispatch, start, now)] += 1;
    day.backOuts += course?.backOuts ?? 0;
    day.problems += course?.problems ?? 0;
  }
  return { days, more: nextCursor !== null };
}
