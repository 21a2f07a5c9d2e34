/** What is kept of a visit so that its order follows the ticket: prints, no values. */
import type { Prints } from '../../src/domain/order-update';

/** A private note that is still to be written. */
export interface Untold {
  /** Words that stand in this note and no other. */
  marker: string;
  body: string;
  tried: boolean;
}

export interface OrderSync {
  /** Print of what the mapping read last; null before the first mapping. */
  content: string | null;
  /** What was sent last, and what Field Nation refused, by target. */
  sent: Prints;
  refused: Prints;
  /** From when on the order shall be updated, ISO 8601; null when it has everything. */
  wantedAt: string | null;
  /** Refusals that the ticket is to be told of. */
  untold: Untold[];
}

export const nothingSent = (): OrderSync => ({ content: null, sent: {}, refused: {}, wantedAt: null, untold: [] });
