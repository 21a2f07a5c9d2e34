/**
 * The pace at which this process may call an upstream, in credits of the account's quota. Two gates: a task is taken only
 * while a call might go out, and each call waits for its room in the minute, the most urgent one first. Promise: what the
 * minute has no room for within seconds is handed back rather than kept, so that another process may take it.
 */
import type { CallAdmission, CallEnd } from '../clients/http-types';
import { QuotaWait } from '../clients/quota-wait';
import type { UpstreamSystem } from '../clients/upstream-error';
import { PRIORITY } from '../contract/names';
import { isHourly, perMinuteOf, shareOf } from '../domain/quota-share';
import { LearnedCosts } from './pace/costs';
import { Lowered } from './pace/lowered';
import { isUrgent, partOf } from './pace/parts';
import { QuotaWindow, type Spend } from './pace/quota-window';

/** Bounds what runs at once when an upstream is slow to answer. */
const MOST_PERMITS = 50;
/** Tasks asked for at once; each may turn out to be the most urgent one. */
const MOST_POLLS = 5;
/** How long a call waits here for its room, in ms; more would not leave the call itself its 20 s. */
const PATIENCE_MS = 5_000;
/** An attempt that has called already would begin anew: it waits a little longer. */
const PATIENCE_BEGUN_MS = 8_000;
/** Calls that are not urgent and wait here; further ones are handed back at once. */
const MOST_KEPT = 3;
/** While only urgent calls have room, one task is taken this often to see whether it is urgent, in ms. */
const SCOUT_MS = 1_000;
/** An urgent task that is handed back comes again so soon, for another process may have room, in ms. */
const ELSEWHERE_MS = 1_000;
/** Timers end a little early. */
const GRAIN_MS = 2;

/** The right to take one task. */
export interface Permit {
  used: boolean;
}

/** Whose call it is. */
export interface Caller {
  /** The key of its task: 1 is the most urgent. */
  priority: number;
  /** Whether its attempt has called before. */
  begun: boolean;
}

export interface Standing {
  /** Calls a minute of the account, as its answers tell; null: not told. */
  limit: number | null;
  /** Credits a minute for all processes. */
  share: number;
  /** Credits that this process used in the last minute. */
  used: number;
  /** Calls that wait in this process, by priority. */
  waiting: Record<number, number>;
  /** For so long nothing is sent, in ms, since the upstream said so. */
  heldMs: number;
  /** Processes that share the quota; null: not known. */
  processes: number | null;
}

interface Wanted {
  cost: number;
  caller: Caller;
}

interface Waiter extends Wanted {
  go(): void;
}

const URGENT: Caller = { priority: PRIORITY.orders, begun: false };
const ANYONE: Caller = { priority: PRIORITY.contacts, begun: false };

export interface PaceOptions {
  system: UpstreamSystem;
  /** Calls a minute for all processes; undefined: half of what the account's answers give as its limit. */
  setting: number | undefined;
  now?: () => number;
}

export class CreditPace {
  private readonly window: QuotaWindow;
  private readonly costs = new LearnedCosts();
  private readonly lowered = new Lowered();
  private readonly now: () => number;
  private limit: number | null = null;
  private processes: number | null = null;
  private heldUntil = 0;
  private scoutNotBefore = 0;
  private unused = 0;
  private running = 0;
  private polls: (() => void)[] = [];
  private calls: Waiter[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: PaceOptions) {
    this.now = options.now ?? (() => performance.now());
    const told = options.system === 'freshdesk';
    this.window = new QuotaWindow({ share: shareOf(options.setting, null), limit: null, processes: null, told });
  }

  /** So many processes share the quota from now on. */
  shareAmong(processes: number): void {
    this.processes = processes;
    this.window.change({ processes });
    this.serve();
  }

  /** Resolves when a task may be taken; rejects with the signal's reason. */
  take(signal: AbortSignal): Promise<Permit> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.polls = this.polls.filter((poll) => poll !== give);
        reject(signal.reason as Error);
      };
      const give = (): void => {
        signal.removeEventListener('abort', leave);
        this.unused += 1;
        resolve({ used: false });
      };
      if (signal.aborted) return leave();
      signal.addEventListener('abort', leave, { once: true });
      this.polls.push(give);
      this.serve();
    });
  }

  /** A task has come for the permit. */
  use(permit: Permit): void {
    permit.used = true;
    this.unused -= 1;
    this.running += 1;
    this.serve();
  }

  /** The task has ended, or none came. */
  giveBack(permit: Permit): void {
    if (permit.used) this.running -= 1;
    else this.unused -= 1;
    this.serve();
  }

  /** Resolves when the call may be sent. @throws QuotaWait when that takes too long, and the signal's reason. */
  async admit(call: CallAdmission, caller: Caller, signal: AbortSignal | undefined): Promise<(end: CallEnd) => void> {
    const cost = this.costs.guess(call);
    const spend = await this.turn({ cost, caller }, signal);
    return (end) => {
      const now = this.now();
      const used = end.sent ? (end.quota?.used ?? cost) : 0;
      if (typeof end.quota?.used === 'number') this.costs.learn(call, end.quota.used);
      this.window.end(spend, used, now);
      if (end.quota) this.hear(spend, end.quota, now);
      if (end.status !== null && end.status !== 429) this.recover(now);
      this.serve();
    };
  }

  /** Nothing is sent for so long; a shorter wait does not end a longer one. The upstream has refused a call. */
  hold(ms: number): void {
    const now = this.now();
    this.heldUntil = Math.max(this.heldUntil, now + ms);
    // Where answers tell what is left, the window knows better.
    if (this.options.system === 'field-nation') {
      this.lowered.refused(now);
      this.window.change({ share: this.share() });
    }
    this.serve();
  }

  /** The rest of such a wait in ms; 0 when calls may go out. */
  heldFor(): number {
    return Math.max(0, this.heldUntil - this.now());
  }

  standing(): Standing {
    const waiting: Record<number, number> = {};
    for (const { caller } of this.calls) waiting[caller.priority] = (waiting[caller.priority] ?? 0) + 1;
    const { limit, processes } = this;
    const used = this.window.used(this.now());
    return { limit, share: this.share(), used, waiting, heldMs: this.heldFor(), processes };
  }

  private share(): number {
    return shareOf(this.options.setting, this.limit) * this.lowered.factor;
  }

  private hear(spend: Spend, { limit, remaining }: NonNullable<CallEnd['quota']>, now: number): void {
    if (limit === null || limit <= 0) return;
    this.limit = perMinuteOf(limit);
    const told = this.options.system === 'freshdesk' && !isHourly(limit);
    this.window.change({ share: this.share(), told, limit: told ? limit : null });
    if (told && remaining !== null) this.window.hear(spend, limit - remaining, now);
  }

  private recover(now: number): void {
    if (this.lowered.answered(now)) this.window.change({ share: this.share() });
  }

  private turn(call: Wanted, signal: AbortSignal | undefined): Promise<Spend> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const { begun, priority } = call.caller;
      const patience = begun ? PATIENCE_BEGUN_MS : PATIENCE_MS;
      const wait = this.waitOf(call);
      if (wait > 0 && !isUrgent(priority)) this.scoutNotBefore = this.now() + SCOUT_MS;
      if ((wait > patience && wait !== Infinity) || (wait > 0 && !begun && this.keepsEnough(priority))) {
        return reject(new QuotaWait(this.untilRoom(call)));
      }
      const settle = (): void => {
        clearTimeout(impatience);
        signal?.removeEventListener('abort', abort);
        this.calls = this.calls.filter((one) => one !== waiter);
      };
      const stop = (why: Error): void => {
        settle();
        reject(why);
        this.serve();
      };
      const abort = (): void => stop(signal?.reason as Error);
      const impatience = setTimeout(() => stop(new QuotaWait(this.untilRoom(call))), patience);
      const go = (): void => {
        settle();
        resolve(this.window.begin(call.cost));
      };
      const waiter: Waiter = { ...call, go };
      signal?.addEventListener('abort', abort, { once: true });
      // The most urgent one first, then in the order in which they came.
      const place = this.calls.findIndex(({ caller }) => caller.priority > priority);
      this.calls.splice(place < 0 ? this.calls.length : place, 0, waiter);
      this.serve();
    });
  }

  private keepsEnough(priority: number): boolean {
    const isKept = ({ caller }: Wanted): boolean => !caller.begun && !isUrgent(caller.priority);
    return !isUrgent(priority) && this.calls.filter(isKept).length >= MOST_KEPT;
  }

  private untilRoom(call: Wanted): number {
    if (isUrgent(call.caller.priority) && this.processes !== 1) return ELSEWHERE_MS;
    const wait = this.waitOf(call);
    return Number.isFinite(wait) ? Math.max(wait, PATIENCE_MS) : PATIENCE_MS;
  }

  private waitOf({ cost, caller }: Wanted): number {
    const { window, options } = this;
    return Math.max(window.waitFor(cost, partOf(options.system, caller.priority), this.now()), this.heldFor());
  }

  private serve(): void {
    clearTimeout(this.timer);
    const wait = Math.min(this.serveCalls(), this.servePolls());
    if (Number.isFinite(wait)) this.timer = setTimeout(() => this.serve(), Math.ceil(wait) + GRAIN_MS).unref();
  }

  /** Ms until the first call that waits has room: less urgent ones do not pass it by. */
  private serveCalls(): number {
    for (;;) {
      const [first] = this.calls;
      if (!first) return Infinity;
      const wait = this.waitOf(first);
      if (wait > 0) return wait;
      first.go();
    }
  }

  private servePolls(): number {
    for (;;) {
      const [give] = this.polls;
      if (!give) return Infinity;
      const wait = this.untilPoll();
      if (wait > 0) return wait;
      this.polls.shift();
      give();
    }
  }

  private untilPoll(): number {
    if (this.unused >= MOST_POLLS || this.unused + this.running >= MOST_PERMITS) return Infinity;
    const cost = this.unused + 1;
    const all = this.calls.reduce((sum, call) => sum + call.cost, cost);
    const anything = this.waitOf({ cost: all, caller: ANYONE });
    // While only urgent calls have room, it shows only one by one whether the next task is urgent.
    if (anything === 0 || this.unused > 0) return anything;
    const urgent = this.calls.reduce((sum, call) => (isUrgent(call.caller.priority) ? sum + call.cost : sum), cost);
    const scout = Math.max(this.waitOf({ cost: urgent, caller: URGENT }), this.scoutNotBefore - this.now());
    return Math.min(anything, scout);
  }
}

export type Paces = Record<UpstreamSystem, CreditPace>;

/** Settings in calls a minute; Freshdesk's undefined: half of the account's own. */
export const createPaces = (settings: { freshdesk: number | undefined; fieldNation: number }): Paces => ({
  freshdesk: new CreditPace({ system: 'freshdesk', setting: settings.freshdesk }),
  'field-nation': new CreditPace({ system: 'field-nation', setting: settings.fieldNation }),
});
