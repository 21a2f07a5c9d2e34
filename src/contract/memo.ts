/** What runs leave in their memos, so that lists and the next run ask nobody. */
import type { DispatchSummary, VisitCourse, VisitFacts } from './dispatch';

/** What a list shows of a dispatch without asking the run; `open` tells whether a person may start a visit. */
export interface DispatchMemo extends Omit<DispatchSummary, 'links' | 'nextAttemptAt'> {
  open: boolean;
  /** The sum in USD that waits for a person's yes; `amount` null where it cannot be bounded. Null when nothing waits. */
  approval?: { amount: number | null } | null;
  /** Null where lists hold numbers only, or nothing is known yet. */
  facts?: VisitFacts | null;
  /** The ticket that this one is a child of; absent: none. */
  parentId?: number;
  /** Of the newest visit; absent before there is anything to tell. */
  course?: VisitCourse;
  /** The ticket's agent has been told of what waits. */
  told: boolean;
  times: DispatchTimes;
}

/** Of the newest visit, ISO 8601; null: not yet, or not known. `waitingSince`: a person is needed since then. */
export interface DispatchTimes {
  triggeredAt: string | null;
  orderedAt: string | null;
  publishedAt: string | null;
  endedAt: string | null;
  waitingSince: string | null;
}
