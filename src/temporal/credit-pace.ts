/**
 * The pace at which this process may call an upstream, in credits of the account's quota. Promise: over any time no more
 * is used than the process's share earns in it, the small reserve and what the calls under way turn out to cost.
 */
import type { UpstreamSystem } from '../clients/upstream-error';

/** A tenth of each quota is left for what does not pass the queues, and for processes that have just come. */
const USABLE = 0.9;
/** What may be saved up for calls at once, as part of a minute's share. */
const RESERVE = 0.04;
/** Bounds what runs at once when an upstream is slow to answer. */
const MOST_PERMITS = 50;
const MINUTE = 60_000;

/** The right to take one task. Its credit is a deposit: it comes back at the end, what the calls cost is booked apart. */
export interface Permit {
  used: boolean;
}

export class CreditPace {
  /** Credits per ms; none before it is known how many processes share the quota. */
  private rate = 0;
  private reserve = 1;
  /** Empty at the start: a process that starts over and over is not to use more than one that runs. */
  private balance = 0;
  private countedAt = performance.now();
  private heldUntil = 0;
  private unused = 0;
  private used = 0;
  private readonly waiting = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly quotaPerMinute: number) {}

  /** So many processes share the quota from now on. */
  shareAmong(processes: number): void {
    this.count();
    const perMinute = (this.quotaPerMinute * USABLE) / processes;
    this.rate = perMinute / MINUTE;
    this.reserve = Math.max(1, perMinute * RESERVE);
    this.serve();
  }

  /** Resolves when a credit is there; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(give);
        reject(signal.reason as Error);
      };
      const give = (): void => {
        signal.removeEventListener('abort', leave);
        resolve({ used: false });
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.add(give);
      this.serve();
    });
  }

  /** A task has come for the permit. */
  use(permit: Permit): void {
    this.count();
    permit.used = true;
    this.unused -= 1;
    this.used += 1;
    this.balance -= 1;
    this.serve();
  }

  /** The task has ended, or none came. */
  giveBack(permit: Permit): void {
    this.count();
    if (permit.used) {
      this.used -= 1;
      this.balance += 1;
    } else {
      this.unused -= 1;
    }
    this.serve();
  }

  /** Books a call. The balance may fall below zero: what is missing is earned before the next permit. */
  charge(credits: number): void {
    this.count();
    this.balance -= credits;
    this.serve();
  }

  /** No permits for so long; a shorter wait does not end a longer one. */
  hold(ms: number): void {
    this.heldUntil = Math.max(this.heldUntil, performance.now() + ms);
    this.serve();
  }

  /** The rest of such a wait in ms; 0 when calls may go out. */
  heldFor(): number {
    return Math.max(0, this.heldUntil - performance.now());
  }

  private count(): void {
    const now = performance.now();
    this.balance = Math.min(this.reserve, this.balance + (now - this.countedAt) * this.rate);
    this.countedAt = now;
  }

  private serve(): void {
    clearTimeout(this.timer);
    for (const give of this.waiting) {
      const wait = this.untilNext();
      if (wait > 0) {
        if (Number.isFinite(wait)) this.timer = setTimeout(() => this.serve(), Math.ceil(wait));
        return;
      }
      this.waiting.delete(give);
      this.unused += 1;
      give();
    }
  }

  /** Ms until a permit may be given; infinite while only the end of another one can bring it about. */
  private untilNext(): number {
    this.count();
    // Unused permits are calls that may leave at any moment: they are part of the reserve, not on top of it.
    const needed = this.unused + 1;
    if (needed > this.reserve || needed + this.used > MOST_PERMITS) return Number.POSITIVE_INFINITY;
    return Math.max(0, (needed - this.balance) / this.rate, this.heldFor());
  }
}

export type Paces = Record<UpstreamSystem, CreditPace>;

/** Without a permit until it is told how many processes there are. */
export const createPaces = (quotas: { freshdesk: number; fieldNation: number }): Paces => ({
  freshdesk: new CreditPace(quotas.freshdesk),
  'field-nation': new CreditPace(quotas.fieldNation),
});

/** Hooks for a client: each call is booked with what its answer says it cost, one without an answer with 1. */
export const booking = (pace: CreditPace) => ({
  onCall: (): void => pace.charge(1),
  onQuota: ({ used }: { used: number | null }): void => pace.charge((used ?? 1) - 1),
});
