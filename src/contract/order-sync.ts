/** What a work order has of its ticket, and what is still to go. Times are ISO 8601 in UTC. */
import type { MappedStart } from '../domain/mapping';
import type { Prints } from '../domain/order-update';
import type { RefusedChange } from '../domain/refusal-note';

/** A change of an order, as far as it was sent: the groups of keys that are still to go, and what was refused. */
export interface SendingChange {
  patch: Record<string, unknown>;
  prints: Prints;
  groups: string[][];
  cost: number | null;
  refused: RefusedChange[];
}

/** A private note that is still to be written. */
export interface PendingNote {
  /** Words that stand in this note and no other. */
  marker: string;
  body: string;
  /** In words, for the timeline. */
  about: string;
}

export interface OrderSync {
  /** Print of what the mapping read last; null before the first mapping. */
  content: string | null;
  /** What was sent last, and what Field Nation refused, by target. */
  sent: Prints;
  refused: Prints;
  /** From when on the order shall be updated; null when it has everything. */
  wantedAt: string | null;
  /** A change that is being sent: the groups of keys that are still to go. */
  sending: SendingChange | null;
  /** When a change was sent last; null: none was. */
  updatedAt: string | null;
  /** What the ticket's agent is to be told. */
  notes: PendingNote[];
  /** The start that the order got last; one that was made of `due_by` stays while that is the same. */
  start: MappedStart | null;
}
