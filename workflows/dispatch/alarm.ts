/** Waiting without waste: one long timer a run instead of one a wait. */
import { CancellationScope, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';

/** This run has done enough, or the engine says that its history is long enough: it refuses signals of a run from its 10,000th on. */
export const isFull = ({ turns, policy }: Dispatch): boolean =>
  turns >= policy.turnsPerRun || workflowInfo().continueAsNewSuggested;

/** Rings once at the earliest moment it was set to; setting it later than that costs nothing. */
export class Alarm {
  private at: number | null = null;
  private scope: CancellationScope | null = null;
  rang = false;

  /** Makes sure that it rings at `at` (ms since 1970) or before. */
  set(at: number, now: number, summary: string): void {
    if (this.at !== null && this.at <= at) return;
    this.scope?.cancel();
    this.at = at;
    const scope = new CancellationScope();
    this.scope = scope;
    scope
      .run(() => sleep(Math.max(at - now, 1), { summary }))
      .then(() => {
        this.rang = true;
        this.at = null;
      })
      .catch((error: unknown) => {
        if (!isCancellation(error)) throw error;
      });
  }

  silence(): void {
    this.rang = false;
  }
}
