/**
 * What this process has seen of the upstreams' quotas. Promise: a quota counts as nearly used only when every one of some
 * minutes on end had an answer that said so: each minute's window runs low under a healthy load.
 */
import type { UpstreamSystem } from '../clients/upstream-error';
import type { QuotaLeft } from '../contract/alerts';
import type { Standing } from './credit-pace';

/** Less than this share left is nearly used. */
const LOW = 0.1;
const MINUTES_ON_END = 3;
const MINUTE = 60_000;

/** What a process tells of an upstream's minute: for page, command line and metrics alike. */
export interface QuotaStanding extends Standing {
  /** What the newest answer said is left of the account's minute, whoever used the rest; null: not told. */
  left: QuotaLeft | null;
}

interface Minute {
  number: number;
  low: boolean;
}

export class QuotaBook {
  private readonly seen: Partial<Record<UpstreamSystem, QuotaLeft>> = {};
  private readonly minutes: Record<UpstreamSystem, Minute[]> = { freshdesk: [], 'field-nation': [] };

  private paces: Record<UpstreamSystem, { standing(): Standing }> | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  /** This process calls the upstreams, at these paces. */
  watch(paces: Record<UpstreamSystem, { standing(): Standing }>): void {
    this.paces = paces;
  }

  /** Null in a process that calls no upstream. */
  standing(system: UpstreamSystem): QuotaStanding | null {
    return this.paces && { ...this.paces[system].standing(), left: this.newest(system) };
  }

  /** An answer with its quota, or a 429, which says the same. */
  note(system: UpstreamSystem, { limit, remaining }: { limit: number | null; remaining: number | null }): void {
    if (remaining !== null) this.seen[system] = { remaining, limit, at: new Date(this.now()).toISOString() };
    if (limit !== null && remaining !== null && limit > 0) this.mark(system, remaining < limit * LOW);
  }

  noteStatus(system: UpstreamSystem, status: number | null): void {
    if (status === 429) this.mark(system, true);
  }

  /** What the newest answer said; null while none came to this process: the workers may run elsewhere. */
  newest(system: UpstreamSystem): QuotaLeft | null {
    return this.seen[system] ?? null;
  }

  /** Null: there were not enough answers lately to tell. */
  nearlyUsed(system: UpstreamSystem): boolean | null {
    const present = Math.floor(this.now() / MINUTE);
    const lately = this.minutes[system].filter(({ number }) => number > present - MINUTES_ON_END - 1);
    if (lately.length === 0) return null;
    return lately.filter(({ low }) => low).length >= MINUTES_ON_END;
  }

  private mark(system: UpstreamSystem, low: boolean): void {
    const number = Math.floor(this.now() / MINUTE);
    const minutes = this.minutes[system];
    const last = minutes.at(-1);
    if (last?.number === number) last.low ||= low;
    else minutes.push({ number, low });
    minutes.splice(0, minutes.length - MINUTES_ON_END - 1);
  }
}
