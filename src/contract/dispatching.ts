/** What is true for all dispatches of an account, and whom money has to ask. Source: interface, section 8, *Money needs a yes* and *Pause*. */

/** Whether new dispatching is stopped; `reason`, `by` and `since` (ISO 8601) are null while it is not. */
export interface Pause {
  paused: boolean;
  reason: string | null;
  by: string | null;
  since: string | null;
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
