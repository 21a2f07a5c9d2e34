/** What the activities on the work order take and give: plain JSON that stands in histories. */
import type { OrderStatus } from '../domain/status';
import type { OrderEvent } from '../domain/order-event';
import type { EffectVisit, EffectDecision } from './effect-calls';

/** A work order as far as the dispatch needs it. */
export interface OrderRef {
  workOrderId: number;
  status: OrderStatus | null;
  /** When it came into that status by Field Nation's clock, ISO 8601; null when it doesn't say. */
  at: string | null;
  correlationId: string | null;
  href: string | null;
  /** What its event would tell, where the order is out and its status may be news; absent where nobody asks for that. */
  told?: OrderEvent;
}

export interface PublishInput {
  workOrderId: number;
  how: 'publish' | 'route';
  /** Field Nation provider id for `route`. */
  routeTo: number | null;
  /** An earlier try may have succeeded unseen: read the order before. */
  readFirst: boolean;
  /** Whose status it becomes; an older version did not say. */
  visit?: EffectVisit;
}

/** What the answer to a publish tells. */
export interface PublishedRef extends OrderRef {
  /** What the status does to the ticket, which saves asking; absent where the visit was not named. */
  decided?: EffectDecision;
}

export interface CancelInput {
  workOrderId: number;
  reason: string;
  /** Read the order first and leave it alone when somebody is assigned: that may cost a fee. */
  onlyUnassigned: boolean;
}

export interface FindOrdersInput {
  correlationId: string;
  /** `search` asks the index, `newest` reads the youngest orders, since the index may lag or not know the id. */
  by: 'search' | 'newest';
  /** For `newest`: nothing older than this is wanted, ISO 8601. */
  since: string;
  /** From 1. */
  page: number;
}

export interface FoundOrders {
  orders: OrderRef[];
  /** Null when there is nothing more to read. */
  nextPage: number | null;
}

export interface UpdateOrderInput {
  workOrderId: number;
  /** Top-level keys, each whole. */
  patch: Record<string, unknown>;
}

export interface OrderUpdated {
  /** Null when everything was taken. */
  refused: {
    /** Those of the patch that Field Nation named; empty when it named none. */
    keys: string[];
    said: string;
  } | null;
}
