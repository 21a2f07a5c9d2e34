/**
 * One sweep: what it may spend, what it has found, what it keeps for the next one. Promise: no finding is told twice, and a
 * system that refused the key or did not answer is asked nothing more.
 */
import { isTransient, type StepFailure, type UpstreamSystem } from '../../contract/failures';
import type { ReconcileInput, ReconcileMarks, ReconcileResult } from '../../contract/reconcile';
import { allowanceOf } from './allowance';

/** Findings that are remembered as told; at about 60 bytes each they stay far below a result's limits. */
const MOST_TOLD = 500;

/** Why there is no answer; `no-budget` was not asked. */
export type Unanswered = 'no-budget' | 'refused' | 'unavailable' | 'not-found' | 'other';

/** The upstream has spoken, about this one call only: the sweep goes on. */
export const isVerdict = (why: Unanswered): boolean => why === 'not-found' || why === 'other';

const QUOTA = { freshdesk: 'freshdesk', 'field-nation': 'fieldNation' } as const;

const freshMarks = (since: string, at: string, left: ReconcileMarks['left']): ReconcileMarks => ({
  schema: 1,
  begin: since,
  at,
  left,
  tickets: { changed: { since, page: 1 }, deleted: { since, page: 1 }, spam: { since, page: 1 } },
  orders: {
    ...{ after: 0, width: 1000, everyOne: true, onceMore: false, webhook: null, logsUntil: null },
    ...{ draftsPage: 1, openList: 0, openPage: 1 },
  },
  unseen: [],
  endedBefore: since,
  told: [],
  retried: [],
});

/** What a run left behind; null when that cannot be read, or there was none. */
export function marksOf(lastResult: unknown): ReconcileMarks | null {
  const marks = (lastResult as Partial<ReconcileResult> | null | undefined)?.marks;
  return marks?.schema === 1 ? marks : null;
}

export class SweepState {
  readonly marks: ReconcileMarks;
  readonly result: Omit<ReconcileResult, 'mended' | 'marks' | 'unfinished'>;
  /** How long ago the last sweep began, in ms; null for the first one. */
  readonly ago: number | null;
  unfinished = false;
  private readonly working = new Set<UpstreamSystem>();
  private readonly told: Set<string>;

  constructor(
    readonly input: ReconcileInput,
    last: ReconcileMarks | null,
    readonly now: () => number,
  ) {
    this.ago = last && now() - Date.parse(last.at);
    const left = (system: keyof ReconcileMarks['left']): number =>
      allowanceOf({
        callsPerMinute: input.callsPerMinute[system],
        interval: input.interval,
        last: last && { left: last.left[system], ago: this.ago ?? 0 },
      });
    const lefts = { freshdesk: left('freshdesk'), fieldNation: left('fieldNation') };
    const at = new Date(now()).toISOString();
    this.marks = last ? { ...last, at, left: lefts } : freshMarks(input.since, at, lefts);
    this.told = new Set(this.marks.told);
    this.result = {
      tickets: { listed: 0, signalled: 0, started: 0, checked: 0 },
      orders: { checked: 0, read: 0, signalled: 0 },
      drafts: { listed: 0, signalled: 0 },
      takenOver: [],
      soughtAgain: 0,
      restarted: 0,
      unreadable: 0,
      retries: 0,
      calls: { freshdesk: 0, fieldNation: 0 },
      refused: [],
      unavailable: [],
    };
  }

  /** Pays for a call that is about to be made; else why it is not. */
  begin(system: UpstreamSystem): Unanswered | null {
    if (this.result.refused.includes(system)) return 'refused';
    if (this.result.unavailable.includes(system)) return 'unavailable';
    if (!this.spend(system)) return 'no-budget';
    this.result.calls[QUOTA[system]] += 1;
    return null;
  }

  answered(system: UpstreamSystem): void {
    this.working.add(system);
  }

  /** What the failure of a call means for the calls that follow. */
  failed(system: UpstreamSystem, { type }: Pick<StepFailure, 'type'>): Unanswered {
    if (isTransient({ type })) {
      this.result.unavailable.push(system);
      return 'unavailable';
    }
    if (type === 'NotFound') return 'not-found';
    // Where other calls succeed it is not the key: some say 401 for an order that is not there.
    if (type !== 'Unauthorized' || this.working.has(system)) return 'other';
    this.result.refused.push(system);
    return 'refused';
  }

  /** False when the budget is used up: the rest is for the next sweep. */
  spend(system: UpstreamSystem): boolean {
    const { left } = this.marks;
    if (left[QUOTA[system]] < 1) {
      this.unfinished = true;
      return false;
    }
    left[QUOTA[system]] -= 1;
    return true;
  }

  /** A call has succeeded, so the key is good. */
  works(system: UpstreamSystem): boolean {
    return this.working.has(system) && !this.result.refused.includes(system);
  }

  wasTold(key: string): boolean {
    return this.told.has(key);
  }

  noteTold(key: string): void {
    // Once more at the end: what is still found is remembered longest.
    this.told.delete(key);
    this.told.add(key);
  }

  end(): ReconcileResult {
    const { tickets, orders, drafts, takenOver, restarted } = this.result;
    const told = tickets.signalled + tickets.started + orders.signalled + drafts.signalled;
    const mended = told + takenOver.length + restarted;
    const marks = { ...this.marks, told: [...this.told].slice(-MOST_TOLD) };
    return { mended, ...this.result, unfinished: this.unfinished, marks };
  }
}
