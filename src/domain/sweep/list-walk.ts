/**
 * How Freshdesk's list of changed tickets is walked, the longest ago first. Promise: however few pages a sweep may read and
 * however many tickets changed at once, every sweep gets further, and no ticket is left out between two pages or two sweeps.
 */
import type { ListMark } from '../../contract/reconcile';

const SECOND = 1000;

/** A change may show in the list this much later, in ms. */
const OVERLAP_MS = 5 * 60 * SECOND;

/** A walk that took longer is not looked behind further, in ms: it would never get done. */
const MOST_TOOK_MS = 60 * 60 * SECOND;

/** Freshdesk shows no more pages of one question (its contract, section 5). */
const MOST_PAGES = 300;

const iso = (at: number): string => new Date(at).toISOString();

export class ListWalk {
  /** The page to ask for. */
  next: { since: string; page: number };
  private back: ListMark['back'];
  private newest: string;
  private started = false;
  private readonly walk: { since: string; begun: string };

  /** `begin`: tickets that changed before are nobody's business; `now` in ms since 1970. */
  constructor(
    private readonly start: ListMark,
    begin: string,
    now: number,
  ) {
    this.walk = start.midway ?? { since: start.since, begun: iso(now) };
    const from = Math.max(Date.parse(start.since) - OVERLAP_MS, Date.parse(begin));
    // A sweep that was cut short is gone on with where it was: its overlap alone may be more than a sweep can read.
    this.next = start.midway ? { since: start.since, page: start.page } : { since: iso(from), page: 1 };
    this.back = start.back;
    this.newest = start.since;
  }

  /** After a page; `last` is when its last ticket changed. False: that was the end. */
  take(last: string | undefined, hasMore: boolean): boolean {
    this.started = true;
    if (last !== undefined && Date.parse(last) > Date.parse(this.newest)) this.newest = last;
    const { since: asked, page } = this.next;
    if (this.back) return page > 1 ? this.goBack(this.back) : this.goTo(this.back.to);
    const isEnd = !hasMore || last === undefined;
    // By time, not by page number: a ticket that changes meanwhile moves all others up. A second earlier, since nobody says
    // whether that second itself is shown.
    const since = isEnd ? null : Date.parse(last) - SECOND;
    if (since === null || since > Date.parse(asked)) {
      const to = since === null ? null : iso(since);
      return page > 1 ? this.goBack({ to }) : this.goTo(to);
    }
    this.next =
      page < MOST_PAGES ? { since: asked, page: page + 1 } : { since: iso(Date.parse(asked) + SECOND), page: 1 };
    return true;
  }

  /** What moved up behind a page that was read is met on the way back, since there is no time to go by within a second. */
  private goBack(back: { to: string | null }): true {
    this.back = back;
    this.next = { since: this.next.since, page: this.next.page - 1 };
    return true;
  }

  private goTo(since: string | null): boolean {
    this.back = undefined;
    if (since !== null) this.next = { since, page: 1 };
    return since !== null;
  }

  /**
   * Where the next sweep begins when this one has come to the end: what did not show yet when the first page was read is met
   * by the overlap then, however long the pages after it took. Times are Freshdesk's own: clocks may differ.
   */
  finished(now: number): ListMark {
    const { since, begun } = this.walk;
    const took = Math.min(now - Date.parse(begun), MOST_TOOK_MS);
    return { since: iso(Math.max(Date.parse(since), Date.parse(this.newest) - took)), page: 1 };
  }

  /** Where the next sweep begins when this one had to stop. */
  stopped(): ListMark {
    if (!this.started) return this.start;
    return { ...this.next, midway: this.walk, ...(this.back ? { back: this.back } : {}) };
  }
}
