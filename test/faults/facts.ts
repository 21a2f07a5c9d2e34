/** What a run left behind, as plain data: what both fakes and the engine hold, and what the people in it meant to happen. */
import type { DispatchState } from '../../src/contract/dispatch';
import type { OrderStatus } from '../../src/domain/status';

export interface Facts {
  /** Webhooks and events that were answered 2xx. */
  accepted: {
    /** How many of each ticket, by ticket id. */
    ofTickets: Record<string, number>;
    /** Delivery uuids of Field Nation. */
    ofOrders: string[];
    /** User ids. */
    ofPeople: string[];
  };
  /** What the engine's histories hold of them. */
  stored: { ofTickets: Record<string, number>; ofOrders: string[] };
  tickets: TicketFacts[];
  orders: OrderFacts[];
  /** The contacts in Freshdesk that have a user id. */
  contacts: ContactFacts[];
  /** Texts that strangers' words must not be in, by place: the logs, ids and search attributes of each run. */
  shown: Record<string, string>;
  /** Histories and logs that were searched for secrets, and where one was found. */
  secrets: { of: number; found: string[] };
}

export interface ContactFacts {
  /** User id. */
  id: string;
  email: string | null;
  /** Everything that it holds, as JSON. */
  holds: string;
  mayBeWrittenTo: boolean;
}

/** A ticket, and the life that people and technicians led with it. */
export interface TicketFacts {
  id: number;
  /** Visits that people asked for; 0: a ticket of no business of ours. */
  visits: number;
  /** What keeps it from ever going on without a person; null: nothing does. */
  defect: string | null;
  /** What became of its order, in the order of events, all visits after each other. */
  life: OrderStatus[];
  /** Set by a person who closed it; null: the life decides. */
  closedAs: number | null;
  status: number;
  /** Statuses that Deskbridge wrote, in the order in which they took effect. */
  statusesWritten: number[];
  /** The link field. */
  link: string | null;
  /** Private notes of ours by their last line, and how often each stands there. */
  notes: Record<string, number>;
  /** Entries of people that belong on the order too: `note 42`. */
  entries: string[];
  dispatch: DispatchFacts | null;
}

export interface DispatchFacts {
  state: DispatchState;
  attention: { reason: string; detail: string; remedy: string } | null;
  /** Attempts or tasks that are under way: it has not settled. */
  isBusy: boolean;
  /** The engine's word: a run that failed, was terminated or timed out. */
  isBroken: boolean;
}

/** A work order that carries an id of ours. */
export interface OrderFacts {
  id: number;
  ticketId: number;
  visit: number;
  /** A draft at the end. */
  isDraft: boolean;
  /** Published or routed once. */
  wasPublished: boolean;
  /** Messages of ours by their last line, and how often each stands there. */
  messages: Record<string, number>;
  /** Messages of others, by id. */
  heard: number[];
}

/** What the config of the run makes of an order's status: ticket status and the words that begin the note's last line. */
export const TICKET_STATUS_OF: Partial<Record<OrderStatus, number>> = {
  assigned: 3,
  'checked-in': 7,
  'assignment-cancelled': 6,
  'work-done': 4,
  cancelled: 2,
};
