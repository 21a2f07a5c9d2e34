/** How far an upstream that tells no limit has lowered the pace: halved at a refusal, then felt out again step by step. */

const LEAST = 0.1;
const STEP = 0.1;
const STEP_MS = 30_000;
/** Calls that were under way together are refused together. */
const TOGETHER_MS = 5_000;

export class Lowered {
  /** Of the share, from 0.1 to 1. */
  factor = 1;
  private changedAt = -Infinity;

  refused(now: number): void {
    if (this.factor < 1 && now - this.changedAt < TOGETHER_MS) return;
    this.factor = Math.max(LEAST, this.factor / 2);
    this.changedAt = now;
  }

  /** True when that changed the factor. */
  answered(now: number): boolean {
    if (this.factor >= 1 || now - this.changedAt < STEP_MS) return false;
    this.factor = Math.min(1, this.factor + STEP);
    this.changedAt = now;
    return true;
  }
}
