/**
 * How the run of a batch sees dispatches and speaks to them. Promise: each is looked at right before its visit is asked for;
 * what was asked for twice begins once.
 */
import type { Client } from '@temporalio/client';
import type { BatchEngine } from '../../activities/dispatch-batch';
import type { BatchStanding, BatchStepAnswer, BatchStepInput } from '../contract/dispatch-batch';
import { dispatchWorkflowId } from '../contract/run-ids';
import { endOf, leftOutAs, standingOf, type SeenRun } from '../domain/dispatch-batch/standing';
import { atMost } from './at-most';
import type { Dispatching } from './dispatching';
import { readNewest } from './index/rows';
import type { Starter } from './starter';

export interface BatchEngineDeps {
  client: Client;
  account: string;
  starter: Pick<Starter, 'dispatchInBulk'>;
  dispatching: Pick<Dispatching, 'ensure'>;
  /** For one request, in ms. */
  deadlineMs?: number;
}

const SIDE_BY_SIDE = 8;

type Next = BatchStepInput['begin'][number];

export function createBatchEngine(deps: BatchEngineDeps): BatchEngine {
  const { client, account, starter, dispatching, deadlineMs = 8000 } = deps;

  const seen = async (ticketId: number): Promise<SeenRun> => {
    const row = await readNewest(client, dispatchWorkflowId(account, ticketId), deadlineMs);
    if (row === null) return null;
    const { running, completed } = row;
    const memo = await row.memo();
    return { running, ended: !running && !completed, memo: memo.unreadable ? 'unreadable' : (memo.dispatch ?? null) };
  };

  /** Asks for the visit, once: gives why it does not, and null when it has. */
  const ask = async ({ ticketId, word }: Next, standing: BatchStanding, by: string): Promise<string | null> => {
    const kept = leftOutAs(standing, !word.first);
    if (kept !== null) return kept;
    if (standing.visit > word.after) return `It has had visit ${standing.visit} meanwhile.`;
    await starter.dispatchInBulk(ticketId, by, word);
    return null;
  };

  return {
    standing: async (ticketId) => standingOf(await seen(ticketId)),

    async step({ begin, watch, by }, isRepeat) {
      const { pause } = await dispatching.ensure();
      const paused = pause.paused ? (pause.reason ?? 'no reason was given') : null;
      const answer: BatchStepAnswer = { paused, begun: [], ended: [] };
      await atMost(SIDE_BY_SIDE, begin, async (next) => {
        const { ticketId, word } = next;
        const standing = standingOf(await seen(ticketId));
        // An earlier attempt may have asked, and died before it could say so.
        const wasAsked = isRepeat && (standing.visit > word.after || !['none', 'over'].includes(standing.is));
        if (paused !== null && !wasAsked) return;
        const why = wasAsked ? null : await ask(next, standing, by);
        if (why === null) answer.begun.push(ticketId);
        else answer.ended.push({ ticketId, stage: 'left-out', why });
      });
      await atMost(SIDE_BY_SIDE, watch, async ({ ticketId, after }) => {
        const end = endOf(await seen(ticketId), after);
        if (end !== null) answer.ended.push({ ticketId, ...end });
      });
      return answer;
    },
  };
}
