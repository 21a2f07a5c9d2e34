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

/** What must outlive the run itself: a second copy of it stands in the Schedule of `reconcile`. */
export interface DispatchingFacts {
  pause: Pause;
  upstreams: Upstreams;
}

/** What the run shows in its memo under `dispatching`, so that nobody has to ask it. */
export interface DispatchingMemo extends DispatchingFacts {
  /** The run that wrote it. Of a run with another id it is a relic: of the run before, or of before a reset. */
  run: string;
  /** At most a minute behind. */
  orders: OrderCount[];
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

/** Asked by the activities that spend money, directly before they do. Every answer is durable in Temporal, the same for all processes. */
export interface MoneyGate {
  /** Once a pause was answered, this says so. @throws while it cannot be read: then nothing may be spent. */
  pause(): Promise<Pause>;
  /**
   * Takes one order into the account's sliding hour, once for each correlation id; `over` (and not counted) when `limit`
   * orders are in it already. `limit` null: counted without a limit, as a person said yes to it.
   */
  admit(correlationId: string, limit: number | null): Promise<'admitted' | 'over'>;
  /** True for a ticket that matched when the account could first dispatch (or when the config named its trigger) and whose trigger has not gone since. */
  matchedBefore(ticketId: number): Promise<boolean>;
  /** The ticket was seen without any trigger: from now on it is a ticket like any other. */
  triggerGone(ticketId: number): Promise<void>;
}
