/**
 * Effects on the work order. Promise: the create makes one attempt and says whether it surely failed; publishing, routing
 * and cancelling read the order before they are repeated; only drafts that carry our id are ever deleted.
 */
import type { FieldNationClient, WorkOrderPayload } from '../src/clients/field-nation';
import type { WorkOrder } from '../src/clients/field-nation/schemas';
import { UpstreamError } from '../src/clients/upstream-error';
import { correlationIdOfOrder } from '../src/domain/order-correlation';
import { readOrderEvent, type OrderEvent } from '../src/domain/order-event';
import { eventOfStatus, isAssigned, statusOfOrder, type KnownStatus, type OrderStatus } from '../src/domain/status';
import { readKey } from '../src/domain/sweep/order-drift';
import type { Config } from '../src/config/schema';
import { decideEffect } from './effects';
import type { Upstream } from './upstream';
import type {
  OrderRef,
  PublishInput,
  PublishedRef,
  CancelInput,
  FindOrdersInput,
  FoundOrders,
} from '../src/contract/order-calls';

/** So small that even a list that needs a view per order ends within one attempt. */
const PAGE = 25;

const DAY_MS = 24 * 60 * 60 * 1000;

/** A date has no zone, so a day of slack keeps everything in that is wanted. */
const dayBefore = (iso: string): string => new Date(Date.parse(iso) - DAY_MS).toISOString().slice(0, 10);

const MILESTONES = {
  draft: 'created',
  published: 'published',
  routed: 'routed',
  assigned: 'assigned',
  'work-done': 'workdone',
  approved: 'approved',
  paid: 'paid',
  cancelled: 'canceled',
} as const;

/** The reduced order that enters history. */
export function orderRef(order: WorkOrder): OrderRef {
  const status = order.status ? statusOfOrder(order.status) : null;
  const milestone = status && status in MILESTONES ? MILESTONES[status as keyof typeof MILESTONES] : null;
  return {
    workOrderId: order.id,
    status,
    at: milestone ? (order.milestones?.[milestone]?.utc ?? null) : null,
    correlationId: correlationIdOfOrder(order),
    href: order.href,
  };
}

/** The order as an event that tells of its status. */
export function asEvent(order: WorkOrder, { key, at }: KnownStatus): OrderEvent {
  const name = eventOfStatus(key);
  const event = readOrderEvent({ event: { name, params: { work_order_id: order.id } }, workorder: order });
  if (!event) throw new Error('an event of our own making is always readable');
  // Field Nation writes times of the site without a T.
  const start = event.start?.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d).*$/, '$1 $2') ?? null;
  return { ...event, key: readKey(order.id, { key, at }), at, start };
}

/** The same with all that its event would tell, unless it is a draft. */
function toldRef(order: WorkOrder): OrderRef {
  const ref = orderRef(order);
  const { status: key, at } = ref;
  return key === null || key === 'draft' ? ref : { ...ref, told: asEvent(order, { key, at }) };
}

/** What is known when the answer held no order. */
const bare = (workOrderId: number, status: OrderStatus): OrderRef => ({
  workOrderId,
  status,
  at: null,
  correlationId: null,
  href: null,
});

export interface FieldNationActivitiesDeps {
  fieldNation: FieldNationClient;
  config: { current(): Config };
  upstream: Upstream;
}

export const createFieldNationActivities = ({ fieldNation, config, upstream }: FieldNationActivitiesDeps) => ({
  /** Creates a draft. To be scheduled with one attempt: what an unanswered one means, the workflow decides. */
  async createWorkOrder({ payload }: { payload: Record<string, unknown> }): Promise<OrderRef> {
    return upstream('field-nation', async (signal) => {
      // Its shape was checked target by target when it was mapped.
      const order = await fieldNation.createWorkOrder(payload as unknown as WorkOrderPayload, signal);
      return orderRef(order);
    });
  },

  async readWorkOrder({ workOrderId }: { workOrderId: number }): Promise<OrderRef> {
    return upstream('field-nation', async (signal) => orderRef(await fieldNation.viewWorkOrder(workOrderId, signal)));
  },

  /** One page of the orders that carry exactly this id, read from each order: a match of the search proves nothing. */
  async findWorkOrders({ correlationId, by, since, page }: FindOrdersInput): Promise<FoundOrders> {
    return upstream('field-nation', async (signal) => {
      const { results, pages } = await fieldNation.listWorkOrders(
        {
          list: 'workorders_all',
          ...(by === 'search' ? { search: correlationId } : { createdFrom: dayBefore(since) }),
          sort: 'created_date',
          order: 'desc',
          page,
          perPage: PAGE,
        },
        signal,
      );
      const orders: OrderRef[] = [];
      let oldest: string | null = null;
      for (const listed of results) {
        // Some lists carry columns only: then the order itself has to tell.
        const isBare = listed.description === null && listed.custom_fields === undefined;
        const order = isBare ? await fieldNation.viewWorkOrder(listed.id, signal) : listed;
        oldest = order.milestones?.created?.utc ?? null;
        const ref = toldRef(order);
        if (ref.correlationId === correlationId) orders.push(ref);
      }
      const pastAll = by === 'newest' && oldest !== null && oldest < since;
      return { orders, nextPage: page < pages && !pastAll && results.length > 0 ? page + 1 : null };
    });
  },

  /** Publishes or routes; an order that already left Draft is left as it is and told as it stands. */
  async publishWorkOrder({ workOrderId, how, routeTo, readFirst, visit }: PublishInput): Promise<PublishedRef> {
    const withDecision = (ref: OrderRef): PublishedRef => {
      const { status, at, told = null } = ref;
      if (!visit || status === null) return ref;
      return { ...ref, decided: decideEffect(config.current(), { ...visit, key: status, at, event: told }, null) };
    };
    return upstream('field-nation', async (signal) => {
      const leftDraft = async (): Promise<PublishedRef | null> => {
        const ref = toldRef(await fieldNation.viewWorkOrder(workOrderId, signal));
        return ref.status === 'draft' || ref.status === null ? null : withDecision(ref);
      };
      if (readFirst) {
        const already = await leftDraft();
        if (already) return already;
      }
      try {
        if (how === 'publish') {
          const order = await fieldNation.publishWorkOrder(workOrderId, signal);
          return withDecision(order ? toldRef(order) : bare(workOrderId, 'published'));
        }
        await fieldNation.routeWorkOrder(workOrderId, routeTo ?? 0, signal);
        return withDecision(bare(workOrderId, 'routed'));
      } catch (error) {
        const refused = error instanceof UpstreamError && error.status === 400;
        const already = refused ? await leftDraft() : null;
        if (already) return already;
        throw error;
      }
    });
  },

  /**
   * Cancels or deletes, whichever Field Nation makes of it; an order that is already over is told as it stands, and so is
   * one that is assigned by now where only an unassigned one may be cancelled.
   */
  async cancelWorkOrder({ workOrderId, reason, onlyUnassigned }: CancelInput): Promise<OrderRef> {
    return upstream('field-nation', async (signal) => {
      if (onlyUnassigned) {
        const ref = toldRef(await fieldNation.viewWorkOrder(workOrderId, signal));
        if (ref.status !== null && isAssigned(ref.status)) return ref;
      }
      try {
        const order = await fieldNation.deleteWorkOrder(workOrderId, reason, signal);
        return order ? { ...toldRef(order), status: 'cancelled' } : bare(workOrderId, 'cancelled');
      } catch (error) {
        if (!(error instanceof UpstreamError) || (error.status !== 400 && error.status !== 404)) throw error;
        if (error.status === 404) return bare(workOrderId, 'cancelled');
        const ref = toldRef(await fieldNation.viewWorkOrder(workOrderId, signal));
        if (ref.status === 'cancelled') return ref;
        throw error;
      }
    });
  },

  /** Deletes a doubled draft after a fresh read says that it is one of ours and still a draft; else leaves it alone. */
  async deleteDraft(input: { workOrderId: number; correlationId: string }): Promise<{ deleted: boolean }> {
    const { workOrderId, correlationId } = input;
    return upstream('field-nation', async (signal) => {
      const order = await fieldNation.viewWorkOrder(workOrderId, signal).catch((error: unknown) => {
        // An earlier attempt may have deleted it unseen, and some deleted orders can no longer be read.
        if (error instanceof UpstreamError && error.status === 404) return null;
        throw error;
      });
      if (!order) return { deleted: true };
      const ref = orderRef(order);
      if (ref.status !== 'draft' || ref.correlationId !== correlationId) return { deleted: ref.status === 'cancelled' };
      await fieldNation.deleteWorkOrder(workOrderId, `Doubled draft of ${correlationId}`, signal);
      return { deleted: true };
    });
  },
});
