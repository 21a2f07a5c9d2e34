/** Waiting without waste: one long timer a run instead of one a wait, and waits that a person's word can cut short. */
import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { Dispatch } from './state';

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

/** Runs a patient call; gives `interrupted` and lets go of it as soon as a person calls the visit off. Only for calls that may be repeated. */
export async function unlessCalledOff<T>({ memory }: Dispatch, call: () => Promise<T>): Promise<T | 'interrupted'> {
  const scope = new CancellationScope();
  return scope.run(async () => {
    const result = call();
    const first = await Promise.race([
      result.then((value) => ({ value })),
      condition(() => memory.wantsCancel !== null).then(() => null),
    ]).finally(() => scope.cancel());
    if (first) return first.value;
    result.catch(() => undefined);
    return 'interrupted';
  });
}
