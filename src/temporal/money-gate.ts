/**
 * What the activities that spend money ask. Promise: a pause that was answered is seen; an order is counted before it is
 * made, once for each id; a process takes orders in blocks of a twentieth of the limit at most, and only while they go quickly.
 */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { MoneyGate } from '../contract/dispatching';
import { HOUR_IS_FULL } from '../contract/failures';
import { matchedBeforeQuery, takeOrders, triggerGone } from '../contract/messages';
import { dispatchingWorkflowId } from '../contract/run-ids';
import { largestBlock } from '../domain/dispatching/orders';
import { withDeadline } from './deadline';
import type { Dispatching, DispatchingState } from './dispatching';

export interface MoneyGateDeps {
  client: Client;
  account: string;
  dispatching: Pick<Dispatching, 'ensure' | 'state'>;
  /** False: this process has no Field Nation; absent: it has. */
  hasFieldNation?: boolean;
  deadlineMs?: number;
  now?: () => number;
}

/** A block that is used up within this is followed by one twice as large, in ms. */
const QUICK_MS = 60_000;
/** What is left of a block counts from when it was taken: so long it may be used, in ms. */
const KEEP_MS = 300_000;
/** An id is remembered for the sliding hour, in ms. */
const REMEMBER_MS = 3_600_000;
/** What stands of the tickets that matched before is read so rarely, in ms. */
const STANDING_MS = 2_000;

export function createMoneyGate(deps: MoneyGateDeps): MoneyGate {
  const { client, account, dispatching, hasFieldNation = true, deadlineMs = 2000, now = Date.now } = deps;
  const handle = client.workflow.getHandle(dispatchingWorkflowId(account));
  const admitted = new Map<string, number>();
  let block = { left: 0, size: 0, at: 0 };
  let lastLimit: number | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  const take = async (want: number, limit: number | null): Promise<number> => {
    const ask = (): Promise<number> =>
      withDeadline(client, deadlineMs, () => handle.executeUpdate(takeOrders, { args: [{ want, limit }] }));
    try {
      return await ask();
    } catch (error) {
      if (isFull(error)) return 0;
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      await dispatching.ensure();
      return ask();
    }
  };

  const admit = async (limit: number | null): Promise<'admitted' | 'over'> => {
    const at = now();
    if (block.left > 0 && at - block.at < KEEP_MS) {
      block.left -= 1;
      return 'admitted';
    }
    const largest = largestBlock(limit ?? lastLimit);
    const size = at - block.at < QUICK_MS ? Math.min(largest, Math.max(1, block.size * 2)) : 1;
    const granted = await take(size, limit);
    block = { left: Math.max(0, granted - 1), size: Math.max(1, granted), at };
    return granted > 0 ? 'admitted' : 'over';
  };

  let seen: { at: number; state: Promise<DispatchingState> } | null = null;
  const standing = (): Promise<DispatchingState> => {
    if (seen && now() - seen.at < STANDING_MS) return seen.state;
    const mine = { at: now(), state: dispatching.ensure().then(() => dispatching.state()) };
    seen = mine;
    mine.state.catch(() => {
      if (seen === mine) seen = null;
    });
    return mine.state;
  };

  const forget = (): void => {
    for (const [id, at] of admitted) {
      if (now() - at < REMEMBER_MS) return;
      admitted.delete(id);
    }
  };

  return {
    pause: async () => (await dispatching.ensure()).pause,

    admit: (correlationId, limit) => {
      // One after the other: those that come at once share a block.
      const mine = turn.then(async () => {
        forget();
        if (limit !== null) lastLimit = limit;
        if (admitted.has(correlationId)) return 'admitted' as const;
        const answer = await admit(limit);
        if (answer === 'admitted') admitted.set(correlationId, now());
        return answer;
      });
      turn = mine.catch(() => undefined);
      return mine;
    },

    async matchedBefore({ id, createdAt }) {
      const { watched, baseline, upstreams } = await standing();
      // What comes before the account can dispatch has matched before.
      if (upstreams.fieldNation === null && !hasFieldNation) return true;
      const since = Object.values(watched).sort().at(-1);
      if (since === undefined || (createdAt !== null && createdAt >= toSecond(since))) return false;
      if (baseline.waitsBefore !== null && (createdAt === null || createdAt < baseline.waitsBefore)) return null;
      if (baseline.count === 0) return false;
      return withDeadline(client, deadlineMs, () => handle.query(matchedBeforeQuery, id));
    },
    triggerGone: (ticketId) =>
      withDeadline(client, deadlineMs, () => handle.executeUpdate(triggerGone, { args: [ticketId] })),
  };
}

/** Freshdesk's times have whole seconds. */
const toSecond = (at: string): string => `${at.slice(0, 19)}.000Z`;

const isFull = (error: unknown): boolean =>
  error instanceof WorkflowUpdateFailedError &&
  error.cause instanceof ApplicationFailure &&
  error.cause.type === HOUR_IS_FULL;
