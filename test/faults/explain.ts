/** The course of the tickets in which something was found: what the dispatch tells of it, and every call that was made. */
import type { Client } from '@temporalio/client';
import { createDispatches } from '../../src/temporal/dispatches';
import type { HistoryEntry } from '../../sandbox';
import type { Verdict } from './invariants';
import { ACCOUNT, correlationOf, type World } from './world';

const MOST = 5;

export async function explain(world: World, client: Client, verdicts: Verdict[]): Promise<string[]> {
  const named = verdicts.flatMap(({ violations }) =>
    violations.flatMap((text) => /ticket (\d+)/.exec(text)?.[1] ?? []),
  );
  const linksOf = () => ({ ticket: '', workOrders: '', workflow: null });
  const dispatches = createDispatches({ client, account: ACCOUNT, linksOf, deadlineMs: 30_000 });
  const told: string[] = [];
  for (const ticketId of [...new Set(named)].slice(0, MOST).map(Number)) {
    const view = await dispatches.view(ticketId);
    const lines = (view?.timeline ?? []).map(({ at, what, detail }) => `${at} - ${what}: ${detail ?? ''}`);
    const calls = world.sandbox.control.history().filter((call) => concerns(call, ticketId, view?.workOrderId ?? 0));
    lines.push(
      ...calls.map(
        ({ at, method, path, query, status, body }) =>
          `${at} > ${method} ${path}?${query} ${status ?? 'no answer'} ${JSON.stringify(body ?? '').slice(0, 160)}`,
      ),
    );
    told.push(`ticket ${ticketId}: ${view?.state}, waits for ${view?.waitingFor}\n${lines.sort().join('\n')}`);
  }
  return told;
}

const concerns = (call: HistoryEntry, ticketId: number, orderId: number): boolean =>
  new RegExp(`^/tickets/${ticketId}(/|$)|^/workorders/${orderId}(/|$)`).test(call.path) ||
  (call.route === 'POST /workorders' && correlationOf(call.body)?.[1] === ticketId);
