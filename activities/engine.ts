/** What workflows ask of the engine itself, which they cannot reach: look-ups and starts. No upstream is called. */
import type { ContactEvents } from '../src/contract/contact';

/** Finds the running dispatch of a work order through the search attribute, which lags behind by a moment. */
export interface DispatchFinder {
  byWorkOrder(workOrderId: number): Promise<string | null>;
}

/** Hands events to their contacts' runs; see `ContactStarter`. */
export interface ContactDeliverer {
  deliver(contacts: readonly ContactEvents[]): Promise<void>;
}

export interface EngineActivitiesDeps {
  dispatches: DispatchFinder;
  contacts: ContactDeliverer;
}

export const createEngineActivities = ({ dispatches, contacts }: EngineActivitiesDeps) => ({
  /** The workflow id of the running dispatch that holds this work order; null when none is known (yet). */
  async findDispatchOfWorkOrder({ workOrderId }: { workOrderId: number }): Promise<string | null> {
    return dispatches.byWorkOrder(workOrderId);
  },

  /** Starts or tells each contact's run. Safe to repeat: events have keys. */
  async deliverContactEvents({ contacts: some }: { contacts: readonly ContactEvents[] }): Promise<void> {
    await contacts.deliver(some);
  },
});
