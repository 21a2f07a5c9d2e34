/** What the activities on the work order take and give: plain JSON that stands in histories. Times are ISO 8601. */
import type { OrderStatus } from '../domain/status';
import type { OrderEvent } from '../domain/order-event';
import type { EffectVisit, EffectDecision } from './effect-calls';

/** A work order as far as the dispatch needs it. */
export interface OrderRef {
  workOrderId: number;
  status: OrderStatus | null;
  /** When it came into that status by Field Nation's clock; null when it doesn't say. */
  at: string | null;
  correlationId: string | null;
  href: string | null;
  /** When somebody is to come, ISO 8601; null or absent: it doesn't say. */
  start?: string | null;
  /** What its event would tell, where the order is out and its status may be news; absent where nobody asks for that. */
  told?: OrderEvent;
}

/** An order that carries an id of this account and ticket. */
export interface OwnOrder extends OrderRef {
  visit: number;
}

/** Money is not spent now: dispatching is paused, or the hour holds as many orders as the config allows. */
export type Held = { held: 'paused'; reason: string } | { held: 'hour' };

export interface CreateInput {
  account: string;
  ticketId: number;
  visit: number;
  correlationId: string;
  payload: Record<string, unknown>;
  /** Orders since then are read as well where the search may lag. */
  since: string;
  /** Read the newest orders too, whatever the run looks like. */
  thorough: boolean;
  /** A person said yes to one order more than the hour allows. */
  beyondHour: boolean;
  /** Asked for with many others, whose number a person said yes to: the hour's limit neither holds it nor counts it. */
  inBulk?: true;
}

/** `found`: orders that carry an id of this ticket were there already, so nothing was created. */
export type CreateAnswer = { created: OrderRef } | { found: OwnOrder[] } | Held;

export interface PublishInput {
  workOrderId: number;
  how: 'publish' | 'route';
  /** Field Nation provider ids for `route`. */
  routeTo: number | number[] | null;
  /** The order is with providers who did not take it: it is read, taken back, and published. */
  takeBack?: true;
  /** An earlier try may have succeeded unseen: read the order before. */
  readFirst: boolean;
  /** Whose status it becomes. */
  visit: EffectVisit;
}

/** What the answer to a publish tells. */
export interface PublishedRef extends OrderRef {
  /** What the status does to the ticket, which saves asking. */
  decided?: EffectDecision;
}

export type PublishAnswer = PublishedRef | Held;

export interface CancelInput {
  workOrderId: number;
  reason: string;
  /** Read the order first and leave it alone when somebody is assigned: that may cost a fee. */
  onlyUnassigned: boolean;
}

export interface FindOrdersInput {
  account: string;
  ticketId: number;
  /** Which visit's id is searched for; orders of other visits of the ticket count as found too. */
  visit: number;
  /** `search` asks the index, `newest` reads the youngest orders, since the index may lag or not know the id. */
  by: 'search' | 'newest';
  /** For `newest`: nothing older than this is wanted. */
  since: string;
  /** From 1. */
  page: number;
}

export interface FoundOrders {
  orders: OwnOrder[];
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

export type UpdateAnswer = OrderUpdated | Held;
