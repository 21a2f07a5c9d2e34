/**
 * What a batch of tickets asks of Freshdesk and of the engine. Promise: reading writes nothing; a step may be repeated, as a
 * visit that was asked for twice begins once.
 */
import { activityInfo } from '@temporalio/activity';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type {
  BatchStanding,
  BatchStepAnswer,
  BatchStepInput,
  FoundTickets,
  ReadForBatch,
  ReadTicket,
} from '../src/contract/dispatch-batch';
import { correlationId } from '../src/domain/correlation';
import { leftOutAs } from '../src/domain/dispatch-batch/standing';
import { mappingAttention } from '../src/domain/mapping-attention';
import { isAbove } from '../src/domain/dispatch/money';
import { mostPay } from '../src/domain/pay';
import type { Directory } from './directory';
import { includesFor, mapTicket } from './map-ticket';
import { readSight } from './sight';
import type { Upstream } from './upstream';
import { viewIfThere } from './view-ticket';

/** Made in `src/temporal`. */
export interface BatchEngine {
  standing(ticketId: number): Promise<BatchStanding>;
  /** `isRepeat`: an earlier attempt may have asked for the visits already. */
  step(input: BatchStepInput, isRepeat: boolean): Promise<BatchStepAnswer>;
}

export interface DispatchBatchActivitiesDeps {
  freshdesk: FreshdeskClient;
  directory: Directory;
  config: { current(): Config };
  batches: BatchEngine;
  upstream: Upstream;
}

const leftOut = (after: number, why: string): ReadTicket => ({ stage: 'left-out', after, cost: null, why });

export const createDispatchBatchActivities = (deps: DispatchBatchActivitiesDeps) => {
  const { freshdesk, directory, config, batches, upstream } = deps;
  return {
    /** One page of the search. Its index lags by minutes. */
    async findTickets({ query, page }: { query: string; page: number }): Promise<FoundTickets> {
      return upstream('freshdesk', async (signal) => {
        const { total, items } = await freshdesk.searchTickets(query, page, signal);
        return { total, ticketIds: items.map(({ id }) => id) };
      });
    },

    /** What dispatching the ticket would come to, by the config of now. */
    async readForBatch({ account, ticketId, nextVisit }: ReadForBatch): Promise<ReadTicket> {
      const standing = await batches.standing(ticketId);
      const { visit: after } = standing;
      const kept = leftOutAs(standing, nextVisit);
      if (kept !== null) return leftOut(after, kept);
      const current = config.current();
      const { dispatch } = current;
      return upstream('freshdesk', async (signal) => {
        const ticket = await viewIfThere({ freshdesk, directory }, ticketId, includesFor(current), signal);
        if (!ticket) return leftOut(after, 'Freshdesk does not show the ticket.');
        const { sight } = await readSight(directory, dispatch, ticket, signal);
        if (sight.gone !== null) return leftOut(after, 'The ticket is deleted or marked as spam.');
        if (after === 0 && sight.link !== null) {
          const why = `The ticket names work order ${sight.link}. If it is to be replaced, run \`deskbridge dispatch\` for this ticket.`;
          return leftOut(after, why);
        }
        const visit = after + 1;
        const toMap = { ticket, account, correlationId: correlationId(account, ticketId, visit), visit };
        const { problems, payload } = await mapTicket({ config: current, directory }, toMap, signal);
        if (problems.length > 0) {
          return { stage: 'problem', after, cost: null, why: mappingAttention(problems).detail };
        }
        const cost = mostPay(payload);
        const asks = isAbove(cost, dispatch.approval.payAbove);
        return {
          stage: asks ? 'asks' : 'ready',
          after,
          cost,
          why: sight.closed ? 'The ticket is resolved or closed.' : null,
        };
      });
    },

    async stepBatch(input: BatchStepInput): Promise<BatchStepAnswer> {
      return batches.step(input, activityInfo().attempt > 1);
    },
  };
};
