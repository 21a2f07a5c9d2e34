/** Waiting without waste: one long timer a run instead of one a wait, and waits that a person's word can cut short. */
import { CancellationScope, condition, isCancellation, patched, sleep, workflowInfo } from '@temporalio/workflow';
import type { Dispatch } from './state';

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

/**
 * Runs a patient call; gives `interrupted` and lets go of it as soon as a person calls the visit off, or (`orFull`) signals
 * have filled the run meanwhile. Only for calls that may be repeated.
 */
export const unlessCalledOff = <T>(
  { memory }: Dispatch,
  call: () => Promise<T>,
  orFull = true,
): Promise<T | 'interrupted'> => unless(() => memory.wantsCancel !== null || (orFull && isSuggested()), call);

/** The same for a call that writes to the ticket: its attempt may have its effect all the same, so others wait until it must have ended. */
export async function writeUnlessCalledOff<T>(
  dispatch: Dispatch,
  call: () => Promise<T>,
  orFull = true,
): Promise<T | 'interrupted'> {
  const { memory, policy, now } = dispatch;
  const answer = await unlessCalledOff(dispatch, call, orFull);
  if (answer === 'interrupted' && patched('let-go-calls-end'))
    memory.writeNotBefore = new Date(now() + policy.letGo).toISOString();
  return answer;
}

/**
 * The same for a call that only reads: a person's retry of what waits is heeded before its answer, which may take hours to
 * come. Where nothing waits it would only lose its place in the queue.
 */
export const unlessPersonSpeaks = <T>({ memory }: Dispatch, call: () => Promise<T>): Promise<T | 'interrupted'> => {
  const isRetried = (): boolean => memory.wantsRetry && memory.blocked.length > 0 && patched('retry-cuts-reads');
  return unless(() => memory.wantsCancel !== null || isRetried() || isSuggested(), call);
};

const isSuggested = (): boolean => workflowInfo().continueAsNewSuggested;

async function unless<T>(isUnwanted: () => boolean, call: () => Promise<T>): Promise<T | 'interrupted'> {
  const scope = new CancellationScope();
  return scope.run(async () => {
    const result = call();
    const first = await Promise.race([
      result.then((value) => ({ value })),
      condition(isUnwanted).then(() => null),
    ]).finally(() => scope.cancel());
    if (first) return first.value;
    result.catch(() => undefined);
    return 'interrupted';
  });
}

/**
 * Runs a call that makes one attempt; gives `withdrawn` when it was taken back before it began: calls may wait in their
 * queue for minutes, in which a person may call the visit off. What has begun is waited for, whatever comes.
 */
export async function unlessNotBegun<T>(isUnwanted: () => boolean, call: () => Promise<T>): Promise<T | 'withdrawn'> {
  const scope = new CancellationScope();
  let ended = false;
  void condition(() => ended || isUnwanted() || isSuggested()).then(() => {
    if (!ended) scope.cancel();
  });
  try {
    return await scope.run(call);
  } catch (error) {
    // Only the engine itself reports this, for a call that no worker has taken: they send no heartbeats.
    if (isCancellation(error)) return 'withdrawn';
    throw error;
  } finally {
    ended = true;
  }
}
