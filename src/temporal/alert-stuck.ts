/**
 * Alerts about runs that get no further by themselves: steps of a workflow that fail, calls that outlast `dispatch.patience`,
 * events that name us and that nobody takes. Promise: one for each cause, however many runs it holds.
 */
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { ticketOfDispatch } from '../contract/run-ids';
import { SINCE, TICKET_ID } from '../contract/search-attributes';
import { SYSTEM_NAMES, SYSTEMS } from '../contract/failures';
import { momentText } from '../domain/moments';
import { found, type Found } from './alert-found';
import { CLOSE_TIME, compare, isIn, isSet, queryOf, REPORTED_PROBLEMS } from './index/query';
import { readPage, readRows, type Row } from './index/rows';

export interface StuckDeps {
  client: Client;
  account: string;
  deadlineMs: number;
  now: number;
}

const INVALID_ARGUMENT = 3;
const MOST_READ = 1000;
const DAY_MS = 24 * 60 * 60_000;
/** How long an unconfirmed event is anybody's business. */
const UNMATCHED_FOR_MS = 7 * DAY_MS;
const MOST_UNMATCHED = 100;

export const stuckRuns = async (deps: StuckDeps): Promise<Found[]> =>
  (await Promise.all([failingTasks(deps), outOfPatience(deps), unmatchedEvents(deps)])).flat();

/** Set by the server while the steps of a run fail: a release that does not fit, or a fault of ours. */
async function failingTasks({ client, account, deadlineMs, now }: StuckDeps): Promise<Found[]> {
  const query = queryOf(account, { status: 'running', and: [isSet(REPORTED_PROBLEMS)] });
  try {
    const { rows, nextCursor } = await readPage(client, { query, size: MOST_READ }, deadlineMs);
    const [first] = rows;
    if (!first) return [];
    const many = `${rows.length}${nextCursor === null ? '' : ' or more'}`;
    const since = new Date(now).toISOString();
    return [
      found({
        ...{ key: 'stuck workflow-tasks', kind: 'stuck', since },
        title: `${many} ${rows.length === 1 ? 'run fails' : 'runs fail'} at each step, such as ${first.workflowId}`,
        remedy:
          'Go back to the release before the last one, and report the error that the Temporal UI shows on this run.',
      }),
    ];
  } catch (error) {
    // An older server knows no such attribute.
    if (isGrpcServiceError(error) && Number(error.code) === INVALID_ARGUMENT) return [];
    throw error;
  }
}

/** Calls that have failed for longer than the config's patience: attention `unavailable`, told once for each system. */
async function outOfPatience({ client, account, deadlineMs }: StuckDeps): Promise<Found[]> {
  const query = queryOf(account, { status: 'running', attention: 'unavailable' });
  const rows: Row[] = [];
  for await (const row of readRows(client, query, deadlineMs)) if (rows.push(row) >= MOST_READ) break;
  const bySystem = new Map<string, { since: string; count: number; detail: string }>();
  for (const row of rows) {
    const detail = (await row.memo()).dispatch?.attention?.detail ?? '';
    const system = SYSTEMS.find((one) => detail.includes(SYSTEM_NAMES[one])) ?? 'other';
    const known = bySystem.get(system);
    const since = row.text(SINCE) ?? row.startedAt.toISOString();
    bySystem.set(system, {
      since: known && known.since < since ? known.since : since,
      count: (known?.count ?? 0) + 1,
      detail: known?.detail || detail,
    });
  }
  return [...bySystem].map(([system, { since, count, detail }]) =>
    found({
      ...{ key: `stuck unavailable ${system}`, kind: 'stuck', since, page: '/waiting?reason=unavailable' },
      title:
        `${count} ${count === 1 ? 'dispatch has' : 'dispatches have'} waited in vain since ${momentText(since)}: ${detail}`.slice(
          0,
          500,
        ),
      remedy: 'Deskbridge tries on every few minutes. npx deskbridge list --state attention shows the tickets.',
    }),
  );
}

/** Events that carry an id of ours, which Field Nation did not confirm, until a dispatch of the ticket runs. */
async function unmatchedEvents({ client, account, deadlineMs, now }: StuckDeps): Promise<Found[]> {
  const and = [compare(CLOSE_TIME, '>=', new Date(now - UNMATCHED_FOR_MS))];
  const query = queryOf(account, { kind: 'workOrderEvent', status: 'completed', states: ['unmatched'], and });
  const { rows } = await readPage(client, { query, size: MOST_UNMATCHED }, deadlineMs);
  const tickets = [...new Set(rows.flatMap((row) => row.number(TICKET_ID) ?? []))];
  if (tickets.length === 0) return [];
  const running = queryOf(account, { kind: 'ticketDispatch', status: 'running', and: [isIn(TICKET_ID, tickets)] });
  const taken = await readPage(client, { query: running, size: MOST_READ }, deadlineMs);
  const owned = new Set(taken.rows.map(({ workflowId }) => ticketOfDispatch(account, workflowId)));
  const open = tickets.filter((ticketId) => !owned.has(ticketId));
  if (open.length === 0) return [];
  const since = rows.map(({ startedAt }) => startedAt.toISOString()).sort()[0] ?? new Date(now).toISOString();
  return [
    found({
      ...{ key: 'stuck unmatched-events', kind: 'stuck', since },
      title: `Field Nation reported work orders for ${open.length === 1 ? 'ticket' : 'tickets'} ${open.slice(0, 10).join(', ')}, but no dispatch runs`,
      remedy: 'Open each ticket and its work order. npx deskbridge resync <ticket> looks at both again.',
    }),
  ];
}
