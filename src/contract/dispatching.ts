/** What is true for all dispatches of an account, and whom money has to ask. Source: interface, section 8, *Money needs a yes* and *Pause*. */

/** Whether new dispatching is stopped; `reason`, `by` and `since` (ISO 8601) are null while it is not. */
export interface Pause {
  paused: boolean;
  reason: string | null;
  by: string | null;
  since: string | null;
}

/** Hosts of the two systems that the account works with, as `host[:port]`, or `sandbox`; null: not set yet. */
export interface Upstreams {
  freshdesk: string | null;
  fieldNation: string | null;
}

/** Orders that were let through at one moment (ms since 1970, the latest of them), as `[moment, count]`. */
export type OrderCount = [at: number, count: number];

/** Trigger of the config, as `status:<label or number>` or `tag:<tag>` in lower case → since when it is watched, ISO 8601. */
export type Watched = Record<string, string>;

/** One page of Freshdesk's search that is still to be read. */
export interface BaselineSearch {
  triggers: string[];
  /** Only tickets that were created before count; ISO 8601. */
  before: string;
  /** Days of creation, both included; null: all. */
  from: string | null;
  to: string | null;
  page: number;
  /** Tickets older than `before` wait for it. */
  first: boolean;
  /** Only tickets that nobody has changed since `before` count. */
  unchanged: boolean;
  dueAt: string;
}

/** Tickets that matched when their trigger was first watched. */
export interface Baseline {
  /** The next one first. */
  searches: BaselineSearch[];
  ids: number[];
  /** More matched than are remembered. */
  more: boolean;
}

/** What one page of the search shows; `total` of all pages. Times ISO 8601. */
export interface FoundMatching {
  total: number;
  tickets: { id: number; createdAt: string | null; updatedAt: string | null }[];
}

/** The same in numbers. */
export interface BaselineMemo {
  /** Tickets created before it still wait for the first search; null: none does. */
  waitsBefore: string | null;
  count: number;
  more: boolean;
}

/** What must outlive the run itself: a second copy of it stands in the Schedule of `reconcile`. */
export interface DispatchingFacts {
  pause: Pause;
  upstreams: Upstreams;
  watched: Watched;
}

/** What the run shows in its memo under `dispatching`, so that nobody has to ask it. */
export interface DispatchingMemo extends DispatchingFacts {
  /** The run that wrote it. Of a run with another id it is a relic: of the run before, or of before a reset. */
  run: string;
  /** At most a minute behind. */
  orders: OrderCount[];
  baseline: BaselineMemo;
}

/** Waits of the run; in ms. */
export interface DispatchingPolicy {
  /** The sliding hour. */
  hour: number;
  /** After a resume: when the dispatches that waited are told. Later ones find what the index did not show yet. */
  tellAfter: number[];
  /** A run continues as new after so many updates. */
  updatesPerRun: number;
}

export interface DispatchingMemory extends DispatchingFacts {
  schema: 1;
  orders: OrderCount[];
  baseline: Baseline;
  /** When the dispatches that waited for the end of a pause are told next; ISO 8601, earliest first. */
  tellAt: string[];
  /** The second copy is as this is. */
  copied: boolean;
}

/** Argument of the workflow `dispatching`. */
export interface DispatchingInput {
  account: string;
  policy: DispatchingPolicy;
  /** What is known of an earlier run, for a run that comes anew. */
  known?: Partial<DispatchingFacts & { orders: OrderCount[] }>;
  /** Only from a run that continued as new. */
  carried?: DispatchingMemory;
}

/** Argument of the update `takeOrders`; `limit` null: no limit. */
export interface OrdersWanted {
  want: number;
  limit: number | null;
}

/** Argument of the update `nameTriggers`. */
export interface NamedTriggers {
  triggers: string[];
  /** The config names no others. */
  only: boolean;
  /** How long the answer may wait for the search, in ms. */
  waitMs: number;
}

/** Asked by the activities that spend money, directly before they do. Every answer is durable in Temporal, the same for all processes. */
export interface MoneyGate {
  /** Once a pause was answered, this says so. @throws while it cannot be read: then nothing may be spent. */
  pause(): Promise<Pause>;
  /**
   * Takes one order into the account's sliding hour, once for each correlation id; `over` (and not counted) when `limit`
   * orders are in it already. `limit` null: counted without a limit, as a person said yes to it.
   */
  admit(correlationId: string, limit: number | null): Promise<'admitted' | 'over'>;
  /**
   * True for a ticket that matched when the account could first dispatch (or when the config named its trigger) and whose
   * trigger has not gone since; null while that is still being searched for. `createdAt` null: unknown.
   */
  matchedBefore(ticket: { id: number; createdAt: string | null }): Promise<boolean | null>;
  /** The ticket was seen without any trigger: from now on it is a ticket like any other. */
  triggerGone(ticketId: number): Promise<void>;
}
