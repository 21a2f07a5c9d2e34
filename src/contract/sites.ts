/** What the run of a parent ticket keeps and shows of its child tickets: plain JSON that stands in histories. */

/** How the visit of one site stands. */
export type SiteStanding = 'open' | 'done' | 'cancelled';

/** What a child ticket's dispatch tells the run of its parent. */
export interface SiteNews {
  ticketId: number;
  visit: number;
  /** When it was so, ISO 8601: news may come late, or twice. */
  at: string;
  standing: SiteStanding;
  workOrderId: number | null;
}

export interface TellParentInput {
  parentId: number;
  news: SiteNews;
}

/** Waits of the run, in ms. */
export interface SitesPolicy {
  /** So long news is gathered, so that sites that end together cost one look. */
  gather: number;
  /** When the parent is looked at again while only tickets without a visit are open, or a call was refused. */
  again: number;
  /** How long after the summary a site that is opened again is still counted. */
  grace: number;
  turnsPerRun: number;
}

export interface SitesInput {
  account: string;
  ticketId: number;
  policy?: SitesPolicy;
  /** Only from a run that continued as new. */
  carried?: SitesMemory;
}

export interface SitesMemory {
  schema: 1;
  /** The newest news of each child, by its ticket. */
  news: Record<string, SiteNews>;
  /** The child tickets as Freshdesk listed them last; null: not read yet. */
  children: number[] | null;
  /** Child tickets that have no visit and are closed. */
  closed: number[];
  /** When the summary was written, or found; null: not yet. */
  summaryAt: string | null;
  /** Why the ticket could not be read or written; null: it could. */
  problem: string | null;
}

/** The parent ticket, by the config of now. */
export interface ParentRead {
  /** Null: the ticket is gone, or has no children any more. */
  children: number[] | null;
  /** The ticket field that shows the progress, and what it holds; null: none is configured. */
  progress: { field: string; value: string | null } | null;
  /** Whether the summary is wanted. */
  summary: boolean;
}

/** One site in lists. */
export interface Site {
  ticketId: number;
  /** `closed`: a ticket that is closed without a visit; `waiting`: one that has none yet. */
  standing: SiteStanding | 'closed' | 'waiting';
  workOrderId: number | null;
}

/** What lists and pages show without asking the run. */
export interface SitesMemo {
  /** `12 of 40 done`. */
  progress: string;
  sites: Site[];
  summaryAt: string | null;
  problem: string | null;
}
