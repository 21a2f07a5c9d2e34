/**
 * What the sweep asks. Promise: one upstream call an activity (the statuses' labels are kept for ten minutes), reads only;
 * nothing that people wrote comes back but what a webhook would have brought. Source: design 2.10.
 */
import type { FieldNationClient } from '../src/clients/field-nation';
import type { WorkOrder } from '../src/clients/field-nation/schemas';
import type { FreshdeskClient } from '../src/clients/freshdesk';
import type { Config } from '../src/config/schema';
import type { FieldNationEvent } from '../src/contract/field-nation-event';
import { ownParts } from '../src/domain/correlation';
import { correlationIdOfOrder } from '../src/domain/order-correlation';
import { reduceEvent } from '../src/domain/reduce-order-event';
import type { SeenOrder } from '../src/domain/sweep/order-drift';
import { conversationCounts } from '../src/domain/conversation/counts';
import { deliveryFailed } from '../src/domain/sweep/delivery-log';
import type { ListedTicket } from '../src/domain/sweep/ticket-drift';
import type { Directory } from './directory';

import { ruleMatches } from '../src/domain/trigger';
import { sightOf, triggerStatuses } from './rules';
import type { Upstream } from './upstream';
import type {
  ListTicketsQuery,
  TicketPage,
  WebhookState,
  FailedDeliveries,
  ListedOrder,
  ListedDraft,
  DraftPage,
  CarriedOrder,
  CarriedPage,
  ListOpenInput,
} from '../src/contract/sweep-calls';
import { asEvent, orderRef } from './order-ref';

/** Most that both lists give at once. */
const PAGE = 100;
const LOG_PAGE = 500;
const ROUTE = /\/webhooks\/field-nation\/?$/;

export interface ReconcileActivitiesDeps {
  freshdesk: FreshdeskClient;
  fieldNation: FieldNationClient;
  directory: Directory;
  config: { current(): Config };
  upstream: Upstream;
}

const seenOrder = (order: WorkOrder): SeenOrder => {
  const { status, at } = orderRef(order);
  const { milestones, time_logs: logs } = order;
  const times = (end: 'in' | 'out'): (string | null)[] =>
    (logs?.results ?? []).map((log) => log[end]?.created?.utc ?? null).sort();
  const visited = status === 'checked-in' ? times('in') : status === 'checked-out' ? times('out') : [];
  return {
    status,
    at: at ?? visited.at(-1) ?? null,
    milestones: {
      assigned: milestones?.assigned?.utc ?? null,
      workDone: milestones?.workdone?.utc ?? null,
      approved: milestones?.approved?.utc ?? null,
    },
    counts: conversationCounts(order),
  };
};

/** Some lists carry columns only: then the order itself has to tell. */
const isBare = (order: WorkOrder): boolean => order.status === null || order.status === undefined;

export const createReconcileActivities = (deps: ReconcileActivitiesDeps) => {
  const { freshdesk, fieldNation, directory, config, upstream } = deps;
  return {
    /** A page of the tickets that changed since then, the longest ago first. */
    async listChangedTickets({ filter, since, page }: ListTicketsQuery): Promise<TicketPage> {
      const { dispatch } = config.current();
      return upstream('freshdesk', async (signal) => {
        const { items, hasMore } = await freshdesk.listTickets(
          {
            ...(filter === null ? {} : { filter }),
            ...{ updatedSince: since, orderBy: 'updated_at', orderType: 'asc', page, perPage: PAGE },
          },
          signal,
        );
        const triggers = triggerStatuses(dispatch.when, await directory.ticketStatuses(signal));
        const labels = await directory.ruleLabels({ companyId: null }, signal);
        const tickets = items.map((ticket): ListedTicket => {
          const sight = sightOf(ticket, dispatch, triggers.numbers, labels);
          const { status, closed } = sight;
          return {
            ...{ ticketId: ticket.id, updatedAt: ticket.updated_at ?? since, status, closed, gone: filter !== null },
            matches: ruleMatches(sight),
          };
        });
        return { tickets, hasMore };
      });
    },

    /** Whether Field Nation tells us of events, and whether anybody changed that. */
    async readWebhookState(): Promise<WebhookState> {
      return upstream('field-nation', async (signal) => {
        const { results } = await fieldNation.listWebhooks({ perPage: PAGE }, signal);
        const ours = results.filter(({ url, status }) => ROUTE.test(url ?? '') && status === 'active');
        const marks = ours.map(({ webhookId, updatedAt }) => `${webhookId} ${updatedAt ?? ''}`).sort();
        return { mark: marks.length === 0 ? null : marks.join(' ').slice(0, 500) };
      });
    },

    /** Work orders of deliveries since then that did not surely succeed. */
    async listFailedDeliveries({ since }: { since: string | null }): Promise<FailedDeliveries> {
      return upstream('field-nation', async (signal) => {
        const logs = await fieldNation.deliveryLogs({ perPage: LOG_PAGE }, signal);
        const recent = logs.filter(({ createdAt }) => since === null || createdAt === null || createdAt >= since);
        const failed = recent.filter(({ deliveryStatus }) => deliveryFailed(deliveryStatus));
        const times = logs.flatMap(({ createdAt }) => (createdAt === null ? [] : [createdAt])).sort();
        // Nobody says in which order they come: oldest first, the newest are those that are not shown.
        const oldestFirst = (logs[0]?.createdAt ?? '') < (logs.at(-1)?.createdAt ?? '');
        return {
          orders: [...new Set(failed.flatMap(({ workOrderId }) => workOrderId ?? []))].sort((a, b) => a - b),
          until: times.at(-1) ?? null,
          more:
            // An order that is not named may be any of them.
            failed.some(({ workOrderId }) => workOrderId === null) ||
            (since !== null && logs.length >= LOG_PAGE && (oldestFirst || recent.length >= LOG_PAGE)),
        };
      });
    },

    /** The orders of these numbers (at most 100) as the list shows them, which may lag; missing ones are left out. */
    async listOrders({ ids }: { ids: number[] }): Promise<ListedOrder[]> {
      return upstream('field-nation', async (signal) => {
        const { results } = await fieldNation.listWorkOrders(
          { list: 'workorders_all', workOrderIds: ids, sort: 'created_date', order: 'desc', page: 1, perPage: PAGE },
          signal,
        );
        return results.map((order) => ({ workOrderId: order.id, seen: isBare(order) ? null : seenOrder(order) }));
      });
    },

    /** One order as it is now, with the body that a webhook would bring; its name and time are the workflow's to decide. */
    async readSweptOrder({
      workOrderId,
    }: {
      workOrderId: number;
    }): Promise<{ seen: SeenOrder; body: FieldNationEvent }> {
      return upstream('field-nation', async (signal) => {
        const order = await fieldNation.viewWorkOrder(workOrderId, signal);
        const seen = seenOrder(order);
        return { seen, body: reduceEvent(asEvent(order, { key: seen.status ?? 'draft', at: seen.at })) };
      });
    },

    /** A page of open orders, newest first: those that carry an id of this account. */
    async listOpenOrders({ account, list, page }: ListOpenInput): Promise<CarriedPage> {
      return upstream('field-nation', async (signal) => {
        const { results, pages } = await fieldNation.listWorkOrders(
          { list, sort: 'created_date', order: 'desc', page, perPage: PAGE },
          signal,
        );
        const orders = results.flatMap((order): CarriedOrder[] => {
          const correlationId = correlationIdOfOrder(order);
          const owner = ownParts(account, correlationId);
          if (correlationId === null || owner === null) return [];
          return [{ workOrderId: order.id, ticketId: owner.ticketId, correlationId }];
        });
        return { orders, nextPage: page < pages && results.length > 0 ? page + 1 : null };
      });
    },

    /** A page of the drafts, newest first: those that carry an id of this account. */
    async listDrafts({ account, page }: { account: string; page: number }): Promise<DraftPage> {
      return upstream('field-nation', async (signal) => {
        const { results, pages } = await fieldNation.listWorkOrders(
          { list: 'workorders_draft', sort: 'created_date', order: 'desc', page, perPage: PAGE },
          signal,
        );
        const drafts = results.flatMap((order): ListedDraft[] => {
          const correlationId = correlationIdOfOrder(order);
          const owner = ownParts(account, correlationId);
          if (correlationId === null || owner === null) return [];
          const createdAt = order.milestones?.created?.utc ?? null;
          return [{ workOrderId: order.id, ticketId: owner.ticketId, correlationId, createdAt }];
        });
        return { listed: results.length, drafts, nextPage: page < pages && results.length > 0 ? page + 1 : null };
      });
    },
  };
};
