/** What deciding a status's effect on the ticket takes and gives: plain JSON that stands in histories. */
import type { OrderStatus } from '../domain/status';
import type { OrderEvent } from '../domain/order-event';
import type { TicketChange } from '../domain/ticket-change';

/** A work order that templates can link. */
export interface OrderLink {
  id: number;
  url: string;
}

/** The visit whose work order came into a status. */
export interface EffectVisit {
  account: string;
  ticketId: number;
  correlationId: string;
  visit: number;
  workOrderId: number | null;
  workOrderUrl: string | null;
  /** The order of the visit before. */
  previous?: OrderLink | null;
}

export interface EffectInput extends EffectVisit {
  key: OrderStatus;
  at: string | null;
  event: OrderEvent | null;
}

/** What to write. `update` and `note` are null where the config asks for none. */
export interface EffectPlan {
  update: TicketChange | null;
  note: { body: string; marker: string } | null;
}

/** `needs-ticket`: a template names the ticket, so it has to be read first. */
export type EffectDecision = EffectPlan | 'needs-ticket' | null;
