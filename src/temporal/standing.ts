/**
 * How much stands open in Temporal, for the metrics. Promise: counts of its index only, never a run or a row each; asked
 * at most every 15 s however often it is scraped; null while Temporal does not answer.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { AlertKind, AlertsMemo, Source } from '../contract/alerts';
import { ATTENTION_REASONS, DISPATCH_STATES, type AttentionReason, type DispatchState } from '../contract/dispatch';
import { WORKFLOW_TYPES } from '../contract/names';
import { alertsWorkflowId } from '../contract/run-ids';
import { withDeadline } from './deadline';

export interface Standing {
  account: string;
  dispatches: Record<DispatchState, number>;
  attention: Record<AttentionReason, number>;
  /** In seconds: the greatest step of a scale that the oldest has passed; 0: there is none. */
  oldestUnsynced: number;
  alerts: Partial<Record<AlertKind, number>>;
  /** In ms since 1970; null: never yet. */
  alertsCheckedAt: number | null;
  webhooks: Partial<Record<Source, number>>;
}

export type ReadStanding = () => Promise<Standing | null>;

export interface StandingDeps {
  client: Client;
  account: string;
  deadlineMs?: number;
  keepMs?: number;
  now?: () => number;
}

const KEEP_MS = 15_000;
/** Steps of the scale, in seconds. The index sorts by nothing that tells ages, so they are found by counting. */
const AGES = [10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 259_200, 604_800];

/** No work order stands for what the ticket asks for. */
const UNSYNCED = `DeskbridgeState IN ('starting', 'creating', 'attention')`;

export function createStanding(deps: StandingDeps): ReadStanding {
  const { keepMs = KEEP_MS, now = Date.now } = deps;
  let last: Promise<Standing | null> | null = null;
  let readAt = 0;
  return () => {
    if (last === null || now() - readAt >= keepMs) {
      readAt = now();
      last = read(deps).catch(() => null);
    }
    return last;
  };
}

async function read({ client, account, deadlineMs = 2000, now = Date.now }: StandingDeps): Promise<Standing> {
  const { namespace } = client.options;
  const count = async (query: string): Promise<number> => {
    const answer = await client.workflowService.countWorkflowExecutions({ namespace, query });
    return Number(answer.count);
  };
  const open = `ExecutionStatus = 'Running'`;
  const dispatches = `${open} AND WorkflowType = '${WORKFLOW_TYPES.ticketDispatch}' AND WorkflowId STARTS_WITH 'dispatch-${account}-'`;
  const countEach = async <Key extends string>(keys: readonly Key[], query: (key: Key) => string) =>
    Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await count(query(key))]))) as Record<
      Key,
      number
    >;
  const oldest = async (): Promise<number> => {
    const olderThan = (seconds: number): Promise<number> =>
      count(`${dispatches} AND ${UNSYNCED} AND DeskbridgeSince < '${new Date(now() - seconds * 1000).toISOString()}'`);
    // Bisected: the greatest age that at least one has passed.
    let low = 0;
    for (let high = AGES.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((await olderThan(AGES[middle] as number)) > 0) low = middle + 1;
      else high = middle;
    }
    return AGES[low - 1] ?? 0;
  };
  return withDeadline(client, deadlineMs, async () => {
    const [states, attention, oldestUnsynced, alerts] = await Promise.all([
      countEach(DISPATCH_STATES, (state) => `${dispatches} AND DeskbridgeState = '${state}'`),
      countEach(ATTENTION_REASONS, (reason) => `${open} AND DeskbridgeAttention = '${reason}'`),
      oldest(),
      alertsMemo(client, account),
    ]);
    return {
      ...{ account, dispatches: states, attention, oldestUnsynced },
      alerts: alerts?.active ?? {},
      alertsCheckedAt: alerts ? Date.parse(alerts.checkedAt) : null,
      webhooks: Object.fromEntries(
        Object.entries(alerts?.webhooks ?? {}).map(([source, at]) => [source, Date.parse(at)]),
      ),
    };
  });
}

/** What the watching run has published; null: it has not yet. */
export async function alertsMemo(client: Client, account: string): Promise<AlertsMemo | null> {
  try {
    const { memo } = await client.workflow.getHandle(alertsWorkflowId(account)).describe();
    return (memo?.alerts as AlertsMemo | undefined) ?? null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
