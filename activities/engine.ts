/** Questions to the engine itself: which dispatch owns a work order? Promise: reads only. */

/** Finds the running dispatch of a work order through the search attribute, which lags behind by a moment. */
export interface DispatchFinder {
  byWorkOrder(workOrderId: number): Promise<string | null>;
}

export const createEngineActivities = ({ dispatches }: { dispatches: DispatchFinder }) => ({
  /** The workflow id of the running dispatch that holds this work order; null when none is known (yet). */
  async findDispatchOfWorkOrder({ workOrderId }: { workOrderId: number }): Promise<string | null> {
    return dispatches.byWorkOrder(workOrderId);
  },
});
