/** What the activities of the sweep take and give: plain JSON that stands in histories. */
import type { ListedTicket, Standing } from '../domain/sweep/ticket-drift';
import type { SeenOrder } from '../domain/sweep/order-drift';
import type { UpstreamSystem } from './failures';
import type { OpenOrder } from './reconcile';
import type { KnownStatus } from '../domain/status';
import type { FieldNationEvent } from './field-nation-event';

export interface ListTicketsQuery {
  filter: 'deleted' | 'spam' | null;
  /** ISO 8601. */
  since: string;
  page: number;
}

/** A page of the search for tickets that match triggers; days of creation, both included, null: all. */
export interface FindMatchingInput {
  triggers: string[];
  from: string | null;
  to: string | null;
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
  /** There are more than the answer names. */
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

/** An order that carries an id of ours, whoever knows of it. */
export interface CarriedOrder {
  workOrderId: number;
  ticketId: number;
  /** Absent in answers of older versions. */
  correlationId?: string;
}

export interface CarriedPage {
  orders: CarriedOrder[];
  /** Null: that was the last page. */
  nextPage: number | null;
}

/** Field Nation's lists of orders that somebody may still be working on. */
export const OPEN_LISTS = ['workorders_published_routed', 'workorders_assigned', 'workorders_work_done'] as const;
export type OpenList = (typeof OPEN_LISTS)[number];

export interface ListOpenInput {
  account: string;
  list: OpenList;
  page: number;
}

export interface DraftPage {
  listed: number;
  drafts: ListedDraft[];
  nextPage: number | null;
}

export interface TicketStanding extends Standing {
  ticketId: number;
}

/** A dispatch that has no running run, and did not end by itself. */
export interface EndedDispatch {
  ticketId: number;
  /** When, ISO 8601. */
  at: string;
}

export interface OwnedOrder extends OpenOrder {
  ticketId: number;
  /** The number under which its dispatch is found: that of the newest visit's order. */
  foundBy: number;
}

export interface RefusedRun {
  workflowId: string;
  /** Whose key was refused; null when the run doesn't say. */
  system: UpstreamSystem | null;
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
  /** Where the walk goes on: orders up to `after` are done, `width` is the range that fitted last. */
  after: number;
  width: number;
  /** Dispatches of one step. */
  most: number;
}

export interface OpenOrdersStep {
  orders: OwnedOrder[];
  after: number;
  width: number;
  /** There is none above. */
  end: boolean;
  /** Dispatches whose memo no key at hand reads: their orders are not known. */
  unreadable: number;
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
