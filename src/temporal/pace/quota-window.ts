/**
 * How much of an upstream's minute this process may use, and when. Pure: the time comes in, in ms of any one clock.
 *
 * Promise: in no 60 s more than the share goes out, over all processes that know of each other and read honest headers
 * (`X-RateLimit-Remaining` of the last 60 s), and what was not used in the last 60 s may go out at once. One exception: a
 * process that others keep from its own part for a whole minute takes that part where the account has room, since the
 * others may be strangers.
 */
import { NO_PART, sum, waitIn, type Entry, type Part } from './room';

export const MINUTE = 60_000;

/** What a ticket with requester and company costs: so much each process may have under way, unseen by the others. */
const DEAREST_CALL = 3;
const UNSEEN = 0.015;
/** Taken for granted while Temporal has not told how many processes share the quota. */
const UNKNOWN_PROCESSES = 4;

/** A call that was let out. It counts until a minute after its answer: nobody knows when before that the upstream counted it. */
export interface Spend {
  cost: number;
  /** Null while it is under way. */
  endedAt: number | null;
  /** How many answers had told what all use when it went out. */
  readonly heardBefore: number;
}

export interface Terms {
  /** Credits a minute for all processes together. */
  share: number;
  /** Credits a minute of the whole account, as its answers tell; null: not known. */
  limit: number | null;
  /** Null: not known yet. */
  processes: number | null;
  /** Whether answers tell what all use together in the last minute. */
  told: boolean;
}

export class QuotaWindow {
  private own: Spend[] = [];
  /** What was used before this process came, taken for its own: nobody tells when it was used. */
  private before: Spend | null = null;
  /** What others were seen to use, each with when that was seen; oldest first. */
  private others: { cost: number; seenAt: number }[] = [];
  /** How many answers have told what all use. */
  private heard = 0;
  /** Since when others alone keep this process from its own part. */
  private keptSince: number | null = null;

  constructor(private terms: Terms) {}

  change(terms: Partial<Terms>): void {
    this.terms = { ...this.terms, ...terms };
  }

  begin(cost: number): Spend {
    const spend: Spend = { cost, endedAt: null, heardBefore: this.heard };
    this.own.push(spend);
    return spend;
  }

  /** The answer came, or is given up; `cost` is 0 when the call was surely not sent. */
  end(spend: Spend, cost: number, now: number): void {
    spend.cost = cost;
    spend.endedAt = now;
  }

  /** What all had used together in a minute when the upstream counted the call, as its answer told; after `end`. */
  hear({ heardBefore }: Spend, usedByAll: number, now: number): void {
    this.forget(now);
    const known = sum(this.own.filter(({ endedAt }) => endedAt !== null));
    const others = Math.max(0, usedByAll - known);
    // Before its first answer this process was perhaps another one, which had the same share.
    if (this.heard === 0 && others > 0) this.own.push((this.before = { cost: others, endedAt: now, heardBefore }));
    // Answers overtake each other: one that another was heard before may know less than that, but never of more.
    else if (heardBefore === this.heard) {
      if (this.before) this.before.cost -= Math.min(this.before.cost, Math.max(0, known - usedByAll));
      this.see(others, now);
    } else this.see(Math.max(others, sum(this.others)), now);
    this.heard += 1;
  }

  /** Ms until a call may go out when nothing else happens; Infinity: not before a call under way has ended. */
  waitFor(cost: number, part: Part, now: number): number {
    this.forget(now);
    const { limit, told } = this.terms;
    const underWay = sum(this.own.filter(({ endedAt }) => endedAt === null));
    if (told && this.heard === 0 && underWay > 0) return Infinity;
    const own = this.own.map((spend) => this.entryOf(spend));
    const all = [...own, ...this.others.map((seen) => ({ cost: seen.cost, expiresAt: seen.seenAt + MINUTE }))];
    const account = limit === null ? 0 : waitIn(all, limit, cost, NO_PART, now);
    const ownPart = Math.max(account, waitIn(own, this.ownPart(), cost, part, now));
    const common = this.common();
    if (common === null) return ownPart;
    const unseen = this.unseen();
    if (underWay > 0 && underWay + cost > unseen) return Infinity;
    const wait = Math.max(account, waitIn(all, common, cost, part, now));
    if (wait === 0 || ownPart > 0) {
      this.keptSince = null;
      return wait;
    }
    this.keptSince ??= now;
    // The processes that are known may have calls under way that no answer has told of yet.
    const room = limit === null ? 0 : waitIn(all, limit - this.unseenOfOthers(), cost, NO_PART, now);
    return Math.min(wait, Math.max(room, this.keptSince + MINUTE - now));
  }

  /** Credits of the last minute, calls under way included. */
  used(now: number): number {
    this.forget(now);
    return sum(this.own);
  }

  /** What this process has when all use their parts. */
  private ownPart(): number {
    return this.terms.share / (this.terms.processes ?? UNKNOWN_PROCESSES);
  }

  /** What all together may be seen to use; null where each keeps to its own part, since that is more or nothing is told. */
  private common(): number | null {
    const { share, processes, told } = this.terms;
    const common = share - this.unseenOfOthers();
    return told && processes !== 1 && common > this.ownPart() ? common : null;
  }

  private unseen(): number {
    return Math.max(DEAREST_CALL, this.terms.share * UNSEEN);
  }

  private unseenOfOthers(): number {
    return ((this.terms.processes ?? UNKNOWN_PROCESSES) - 1) * this.unseen();
  }

  private entryOf(spend: Spend): Entry {
    const { cost, endedAt } = spend;
    if (endedAt === null) return { cost, expiresAt: Infinity };
    // A call that costs more than a minute's worth is paid for in as many minutes.
    const minutes = Math.max(1, cost / (this.common() ?? this.ownPart()));
    return { cost, expiresAt: endedAt + MINUTE * minutes, flows: spend === this.before };
  }

  private see(used: number, now: number): void {
    const change = used - sum(this.others);
    if (change > 0) this.others.push({ cost: change, seenAt: now });
    // The oldest are forgotten first, by the upstream as well.
    for (let gone = -change; gone > 0;) {
      const oldest = this.others[0];
      if (!oldest) return;
      const taken = Math.min(oldest.cost, gone);
      oldest.cost -= taken;
      gone -= taken;
      if (oldest.cost <= 0) this.others.shift();
    }
  }

  private forget(now: number): void {
    this.own = this.own.filter((spend) => this.entryOf(spend).expiresAt > now);
    this.others = this.others.filter(({ seenAt }) => seenAt + MINUTE > now);
  }
}
