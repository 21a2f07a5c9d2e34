/**
 * Failed calls of dispatches, as their histories tell them. Promise: reads only; one history for a ticket, else those of the
 * newest runs that were alive since a moment, and says how many it looked through.
 */
import type { Client } from '@temporalio/client';
import { dispatchWorkflowId, ticketOfDispatch } from '../contract/run-ids';
import { atMost } from './at-most';
import { anyOf, CLOSE_TIME, compare, EXECUTION_STATUS, queryOf } from './index/query';
import { readPage } from './index/rows';
import { readCalls, type RunCall } from './run-calls';

export interface FailedCall extends RunCall {
  ticketId: number;
}

export interface FailedCallFilter {
  ticketId?: number;
  /** ISO 8601. */
  since: string;
  system?: RunCall['to'];
  /** HTTP status; 0: no answer came. */
  status?: number;
}

export interface FailedCalls {
  /** Oldest first. */
  items: FailedCall[];
  /** How many tickets were looked through, and whether there are more. */
  tickets: number;
  more: boolean;
}

export interface FailedCallsDeps {
  client: Client;
  account: string;
  /** For one request, in ms. */
  deadlineMs: number;
}

const MOST_TICKETS = 200;
const SIDE_BY_SIDE = 8;

export async function findFailedCalls(deps: FailedCallsDeps, filter: FailedCallFilter): Promise<FailedCalls> {
  const { client, account, deadlineMs } = deps;
  const { tickets, more } =
    filter.ticketId === undefined ? await aliveSince(deps, filter.since) : oneOf(filter.ticketId);
  const items: FailedCall[] = [];
  await atMost(SIDE_BY_SIDE, tickets, async (ticketId) => {
    const calls = await readCalls(client, dispatchWorkflowId(account, ticketId), deadlineMs);
    items.push(...calls.filter((call) => isWanted(call, filter)).map((call) => ({ ...call, ticketId })));
  });
  items.sort((a, b) => (a.at < b.at ? -1 : 1));
  return { items, tickets: tickets.length, more };
}

const oneOf = (ticketId: number) => ({ tickets: [ticketId], more: false });

async function aliveSince({ client, account, deadlineMs }: FailedCallsDeps, since: string) {
  const isAlive = anyOf(compare(EXECUTION_STATUS, '=', 'Running'), compare(CLOSE_TIME, '>=', new Date(since)));
  const query = queryOf(account, { kind: 'ticketDispatch', status: 'latest', and: [isAlive] });
  const { rows, nextCursor } = await readPage(client, { query, size: MOST_TICKETS }, deadlineMs);
  const tickets = rows.flatMap(({ workflowId }) => ticketOfDispatch(account, workflowId) ?? []);
  return { tickets: [...new Set(tickets)], more: nextCursor !== null };
}

/** A call that failed at last, or had a failed attempt on the way. */
export const hasFailed = ({ outcome, exchange }: RunCall): boolean => outcome === 'failed' || exchange !== undefined;

function isWanted(call: RunCall, { since, system, status }: FailedCallFilter): boolean {
  if (!hasFailed(call) || call.at < since || (system !== undefined && call.to !== system)) return false;
  return status === undefined || (call.status ?? 0) === status;
}
