/** `calls`: failed calls with what was sent and what came back. */
import type { UpstreamSystem } from '../contract/failures';
import { SYSTEM_NAMES } from '../contract/failures';
import { findFailedCalls, type FailedCall } from '../temporal/failed-calls';
import type { RunCall } from '../temporal/run-calls';
import { clock } from './clock';
import { withContext } from './context';
import { plain, printJson } from './output';
import { momentOf } from './since';

export interface CallsAsked {
  ticket?: number;
  since: string;
  system?: UpstreamSystem;
  status?: number;
}

export async function listCalls({ ticket, since, system, status }: CallsAsked, json: boolean): Promise<void> {
  const filter = {
    since: momentOf(since),
    ...(ticket === undefined ? {} : { ticketId: ticket }),
    ...(system === undefined ? {} : { system: SYSTEM_NAMES[system] as RunCall['to'] }),
    ...(status === undefined ? {} : { status }),
  };
  const found = await withContext(({ client, runtime, deadlineMs }) =>
    findFailedCalls({ client, account: runtime.account, deadlineMs }, filter),
  );
  if (json) return printJson(found);
  for (const call of found.items) printCall(call);
  if (found.items.length === 0) console.log('No failed calls.');
  if (found.more) {
    console.log(`Only the newest ${found.tickets} tickets were looked through. Name a ticket, or a shorter --since.`);
  }
}

function printCall({ at, ticketId, to, what, status, attempts, outcome, exchange }: FailedCall): void {
  const answer = status === null ? 'no answer' : `status ${status}`;
  const tries = attempts > 1 ? `, attempt ${attempts}` : '';
  console.log(`${clock(at)}  Ticket ${ticketId}  ${to}: ${what} – ${answer}, ${outcome}${tries}`);
  if (!exchange) return;
  for (const line of [...linesOf('sent', exchange.request), ...linesOf('answer', exchange.answer ?? 'none')]) {
    console.log(`  ${plain(line)}`);
  }
}

const linesOf = (name: string, text: string): string[] =>
  text.split('\n').map((line, index) => `${(index === 0 ? name : '').padEnd(7)} ${line}`);
