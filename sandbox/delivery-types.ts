import type { System } from './options';

export type DeliveryState = 'waiting' | 'held' | 'delivered' | 'failed' | 'dropped';

/** What a webhook call is made of when it is taken in. */
export interface NewDelivery {
  system: System;
  eventName: string;
  /** Ticket or work order id. */
  subjectId: number;
  /** Deliveries of one lane never overtake each other; copies get lanes of their own. */
  lane: string;
  /** Field Nation webhook or Freshdesk rule behind it. */
  sourceId: string;
  /** UUID that stays the same over attempts; Field Nation sends it. */
  uuid: string;
  traceId: string;
  /** URL; `{deskbridge}` at its start stands for the address known at the time of sending. */
  target: string;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  headers: Record<string, string>;
  body: string;
  delayMs: number;
}

/** One webhook call and how far it got. */
export interface Delivery extends NewDelivery {
  id: string;
  /** Attempts made so far. */
  attempt: number;
  state: DeliveryState;
  /** Milliseconds since 1970. */
  dueAt: number;
  createdAt: number;
  lastStatus: number | null;
  lastError: string | null;
}

export interface DeliveryOutcome {
  /** null when no answer came. */
  status: number | null;
  error: string | null;
}

/** How one upstream delivers its webhooks. */
export interface DeliveryPolicy {
  timeoutMs: number;
  /** Headers that depend on the attempt. */
  headers(delivery: Delivery, attempt: number): Record<string, string>;
  /** Delay before the next attempt, unscaled; null gives up. */
  retryDelayMs(delivery: Delivery, attempt: number, outcome: DeliveryOutcome): number | null;
  /** Asked before each attempt. */
  admit?(delivery: Delivery): 'send' | 'drop' | { waitUntil: number };
  /** Told after each attempt. */
  settled?(delivery: Delivery, delivered: boolean): void;
}
