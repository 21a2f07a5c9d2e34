/** How long it takes until everything works again: for those who send, and for the dispatches that wait. */
import { setTimeout as delay } from 'node:timers/promises';
import { dispatchWorkflowId } from '../../src/contract/run-ids';
import { quantile } from '../../bench/latencies';
import type { Desk } from './desk';
import { ACCOUNT, SECRETS, type World } from './world';

/** Counted from the moment at which somebody begins to put it right, in ms. */
export interface Recovery {
  after: string;
  /** Until the next webhook was acknowledged. */
  acknowledged: number;
  /** Until a worker had taken the first step of its dispatch. */
  worked: number;
}

export interface Recoveries {
  all: Recovery[];
  /** What did not work again in time. */
  missing: string[];
  /** Resolves when all works again. */
  measure: (after: string) => Promise<void>;
}

const AGAIN_MS = 50;
const ANSWER_MS = 5_000;
/** It only ends what hangs: machines are busy. */
const WITHIN_MS = 300_000;

/** The webhook is that of a ticket which is of no business of ours, sent until it is acknowledged. */
export function createRecoveries({ sandbox }: World, { client, webUrl }: Desk): Recoveries {
  const all: Recovery[] = [];
  const missing: string[] = [];
  const send = async (ticketId: number): Promise<boolean> => {
    const answer = await fetch(`${webUrl}/webhooks/freshdesk`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-webhook-secret': SECRETS.freshdesk },
      body: JSON.stringify({ ticket_id: ticketId }),
      signal: AbortSignal.timeout(ANSWER_MS),
    }).catch(() => null);
    return answer?.ok ?? false;
  };
  const isBegun = async (ticketId: number): Promise<boolean> => {
    const run = client.workflow.getHandle(dispatchWorkflowId(ACCOUNT, ticketId));
    const { events } = await client.withDeadline(Date.now() + ANSWER_MS, () => run.fetchHistory());
    return (events ?? []).some((event) => event.workflowTaskCompletedEventAttributes);
  };
  return {
    all,
    missing,
    measure: async (after) => {
      const ticketId = Number(sandbox.control.createTicket({ subject: 'Does it work again?' }).id);
      const begun = performance.now();
      const took = (): number => performance.now() - begun;
      const until = async (holds: () => Promise<boolean>): Promise<number> => {
        while (!(await holds().catch(() => false)) && took() < WITHIN_MS) await delay(AGAIN_MS);
        return took();
      };
      const acknowledged = await until(() => send(ticketId));
      const worked = await until(() => isBegun(ticketId));
      if (worked >= WITHIN_MS) missing.push(`${after}: it did not work again within ${WITHIN_MS / 1000} s`);
      else all.push({ after, acknowledged, worked });
    },
  };
}

/** One line for each thing to recover from, and one for all. */
export function recoveryLines(recoveries: readonly Recovery[]): string[] {
  const seconds = (values: number[]): string =>
    [0.5, 0.99].map((q) => ((quantile(values, q) ?? 0) / 1000).toFixed(1)).join(' / ');
  const line = (after: string, those: readonly Recovery[]): string =>
    `  after ${after} (N ${those.length}): ${seconds(those.map((one) => one.acknowledged))}, ${seconds(those.map((one) => one.worked))}`;
  const things = [...new Set(recoveries.map(({ after }) => after))].sort();
  return [
    ...things.map((thing) =>
      line(
        thing,
        recoveries.filter(({ after }) => after === thing),
      ),
    ),
    line('any of them', recoveries),
  ];
}
