/** What is known of the quotas in this process: the newest answer of Freshdesk tells, Field Nation never does. */

export interface QuotaSeen {
  remaining: number;
  limit: number | null;
  /** Ms since 1970. */
  at: number;
}

export interface Quota {
  /** Null while no answer came to this process: the workers may run elsewhere. */
  freshdesk: () => QuotaSeen | null;
  /** The settings. */
  callsPerMinute: { freshdesk: number; fieldNation: number };
}

/** Remembers the newest answer; `see` is a hook for the client. */
export class QuotaWatch {
  private seen: QuotaSeen | null = null;

  constructor(private readonly now: () => number = Date.now) {}

  readonly see = ({ remaining, limit }: { remaining: number | null; limit: number | null }): void => {
    if (remaining !== null) this.seen = { remaining, limit, at: this.now() };
  };

  readonly newest = (): QuotaSeen | null => this.seen;
}
