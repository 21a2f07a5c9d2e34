/**
 * How much is open in Temporal, for the metrics. Promise: counts of its index only, never a run or a row each; they are
 * asked for once a minute and process however often it is scraped; null while Temporal does not answer.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { AlertKind, AlertsMemo, Source } from '../contract/alerts';
import { ATTENTION_REASONS, DISPATCH_STATES, type AttentionReason, type DispatchState } from '../contract/dispatch';
import { alertsWorkflowId } from '../contract/run-ids';
import { SINCE } from '../contract/search-attributes';
import { withDeadline } from './deadline';
import { countsOf, type Counts } from './index/counts';
import { compare, queryOf } from './index/query';

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
  /** Shared with the pages of this process. */
  counts?: Counts;
  deadlineMs?: number;
  /** How old the numbers may be, in ms; whether Temporal answers is asked four times as often. */
  keepMs?: number;
  now?: () => number;
}

/** Some twenty counts: at one a minute ninety scraped processes stay below Temporal Cloud's thirty a second. */
const KEEP_MS = 60_000;
const ALIVE_SHARE = 0.25;
/** Steps of the scale, in seconds. The index sorts by nothing that tells ages, so they are found by counting. */
const AGES = [10, 30, 60, 120, 300, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 259_200, 604_800];

/** No work order stands for what the ticket asks for. */
const UNSYNCED = ['starting', 'creating', 'attention'];

export function createStanding(deps: StandingDeps): ReadStanding {
  const { client, keepMs = KEEP_MS, now = Date.now } = deps;
  const counts = deps.counts ?? countsOf(client);
  let last: Promise<Standing | null> | null = null;
  let readAt = -Infinity;
  return () => {
    if (last === null || now() - readAt >= keepMs * ALIVE_SHARE) {
      readAt = now();
      last = read({ ...deps, counts, keepMs }).catch(() => null);
    }
    return last;
  };
}

async function read(deps: StandingDeps & { counts: Counts; keepMs: number }): Promise<Standing> {
  const { client, account, counts, keepMs, deadlineMs = 2000, now = Date.now } = deps;
  const count = (query: string): Promise<number> => counts.count(query, keepMs);
  const running = { kind: 'ticketDispatch', status: 'running' } as const;
  const countEach = async <Key extends string>(keys: readonly Key[], query: (key: Key) => string) =>
    Object.fromEntries(await Promise.all(keys.map(async (key) => [key, await count(query(key))]))) as Record<
      Key,
      number
    >;
  const oldest = async (): Promise<number> => {
    // The same moment for as long as the numbers are kept: the same questions then.
    const at = keepMs === 0 ? now() : Math.floor(now() / keepMs) * keepMs;
    const olderThan = (seconds: number): Promise<number> =>
      count(
        queryOf(account, { ...running, states: UNSYNCED, and: [compare(SINCE, '<', new Date(at - seconds * 1000))] }),
      );
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
      countEach(DISPATCH_STATES, (state) => queryOf(account, { ...running, states: [state] })),
      countEach(ATTENTION_REASONS, (attention) => queryOf(account, { status: 'running', attention })),
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
