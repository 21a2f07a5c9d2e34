/** A sweep that makes its calls: what each of them means is for the rules to say. */
import type { UpstreamSystem } from '../../src/contract/failures';
import type { ReconcileInput, ReconcileMarks, SweepRepair } from '../../src/contract/reconcile';
import { SweepState, type Unanswered } from '../../src/domain/sweep/sweep-state';
import { stepFailure } from '../step-failure';
import type { SweepCalls } from './sweep-calls';

export type Asked<T> = { answer: T; why?: never } | { answer: null; why: Unanswered };

export class Sweep extends SweepState {
  constructor(
    input: ReconcileInput,
    last: ReconcileMarks | null,
    now: () => number,
    readonly calls: SweepCalls,
  ) {
    super(input, last, now);
  }

  /** Makes a call when the budget has one left; a refused or silent system costs no second one. */
  async ask<T>(system: UpstreamSystem, call: () => Promise<T>): Promise<Asked<T>> {
    const why = this.begin(system);
    if (why !== null) return { answer: null, why };
    try {
      const answer = await call();
      this.answered(system);
      return { answer };
    } catch (error) {
      return { answer: null, why: this.failed(system, stepFailure(error)) };
    }
  }

  count(what: SweepRepair, times: number): void {
    this.calls.repaired(what, times);
  }
}
