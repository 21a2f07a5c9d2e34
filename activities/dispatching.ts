/** What the run `dispatching` has done for it; made in `src/temporal`. No upstream is called, and all are safe to repeat. */
import type { DispatchingFacts } from '../src/contract/dispatching';

export interface DispatchingEngine {
  /** Tells all dispatches that the index shows as held by a pause; gives how many there were. */
  tellHeld(): Promise<number>;
  /** Keeps the second copy. Nothing happens where there is no place for it. */
  keepCopy(facts: DispatchingFacts): Promise<void>;
}

export const createDispatchingActivities = (dispatching: DispatchingEngine) => ({
  async tellHeld(): Promise<number> {
    return dispatching.tellHeld();
  },
  async keepCopy(facts: DispatchingFacts): Promise<void> {
    return dispatching.keepCopy(facts);
  },
});
