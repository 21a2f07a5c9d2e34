/** What the activities of the sweep take and give: plain JSON that stands in histories. */
import type { ListedTicket, Standing } from '../domain/sweep/ticket-drift';
import type { SeenOrder } from '../domain/sweep/order-drift';
import type { OpenOrder, SweptSystem } from './reconcile';
import type { KnownStatus } from '../domain/status';
import type { FieldNationEvent } from './field-nation-event';

export interface ListTicketsQuery {
  filter: 'deleted' | 'spam' | null;
  /** ISO 8601. */
  since: string;
  page: number;
}

export interface TicketPage {
  tickets: ListedTicket[];
  hasMore: boolean;
}

/** Our webhook in Field Nation; `mark` changes whenever somebody changes it, null when it is not there or not active. */
export interface WebhookState {
  mark: string | null;
}

export interface FailedDeliveries {
  orders: number[];
  /** Newest delivery seen, ISO 8601; null when there was none. */
  until: string | null;
  /** There are more than one answer shows. */
  more: boolean;
}

/** An order with what a webhook of it would say; `seen` is null where the list gave its number only. */
export interface ListedOrder {
  workOrderId: number;
  seen: SeenOrder | null;
}

export interface ListedDraft {
  workOrderId: number;
  ticketId: number;
  correlationId: string;
  createdAt: string | null;
}

export interface DraftPage {
  listed: number;
  drafts: ListedDraft[];
  nextPage: number | null;
}

export interface TicketStanding extends Standing {
  ticketId: number;
}

export interface OwnedOrder extends OpenOrder {
  ticketId: number;
}

export interface RefusedRun {
  workflowId: string;
  /** Whose key was refused; null when the run doesn't say. */
  system: SweptSystem | null;
}

export interface TellTicketsInput {
  tickets: ListedTicket[];
  checked: ListedTicket[];
}

export interface ToldTickets {
  told: number[];
  started: number[];
  checked: number[];
}

export interface OpenOrdersInput {
  after: number;
  most: number;
  wanted: number[];
}

/** Of an open work order of ours whose dispatch does not run. */
export interface TakeOverInput {
  ticketId: number;
  /** What its webhooks told; none when a sweep found it. */
  events: FieldNationEvent[];
}

export interface TellOrderInput {
  ticketId: number;
  workOrderId: number;
  /** What the dispatch knew when the sweep began; null: the order is none that it knows. */
  known: KnownStatus | null;
  events: FieldNationEvent[];
}
