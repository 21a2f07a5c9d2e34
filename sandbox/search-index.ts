import type { SandboxClock } from './clock';

interface Snapshot {
  at: number;
  json: string;
}

/**
 * What a search sees while it lags behind: each record as it was `lag` ms ago, and not at all before that.
 * Records that were saved while there was no lag are seen as they are.
 */
export class SearchIndex<T extends object> {
  private readonly snapshots = new Map<string, Snapshot[]>();

  constructor(
    private readonly clock: SandboxClock,
    private readonly lagMs: () => number,
  ) {}

  /** To be called after each save. */
  note(key: string | number, record: T): void {
    const lag = this.lagMs();
    if (lag <= 0) {
      this.snapshots.delete(String(key));
      return;
    }
    const now = this.clock.now();
    const history = this.snapshots.get(String(key)) ?? [];
    history.push({ at: now, json: JSON.stringify(record) });
    while (history.length > 1 && (history[1]?.at ?? now) + lag <= now) history.shift();
    this.snapshots.set(String(key), history);
  }

  /** The record as the index knows it; null when it is not indexed yet. */
  seen(key: string | number, current: T): T | null {
    const history = this.snapshots.get(String(key));
    const lag = this.lagMs();
    if (history === undefined || lag <= 0) return current;
    const horizon = this.clock.now() - lag;
    const newest = history.findLast((snapshot) => snapshot.at <= horizon);
    if (newest === undefined) return null;
    return newest === history.at(-1) ? current : (JSON.parse(newest.json) as T);
  }
}
