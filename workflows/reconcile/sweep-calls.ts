/** What a sweep asks and tells, by whom it is answered: the activities, with the timeouts and queues of a sweep. */
import type { Activities } from '../../activities';
import type { SweepRepair } from '../../src/contract/reconcile';
import { sweptEngine, sweptFieldNation, sweptFreshdesk } from '../proxies';
import { counted } from './sinks';

/** The walk itself knows nothing of Temporal, so that it can be lived without one. */
export interface SweepCalls {
  freshdesk: Pick<Activities, 'listChangedTickets'>;
  fieldNation: Pick<
    Activities,
    | 'readWebhookState'
    | 'listFailedDeliveries'
    | 'listOrders'
    | 'readSweptOrder'
    | 'listOpenOrders'
    | 'listDrafts'
    | 'readWorkOrder'
  >;
  engine: Pick<
    Activities,
    | 'lastSweep'
    | 'sweptStandings'
    | 'tellTickets'
    | 'openOrders'
    | 'ordersOf'
    | 'unseenTickets'
    | 'tellOrder'
    | 'endedFromOutside'
    | 'takeOver'
    | 'refusedRuns'
    | 'retryRefused'
  >;
  repaired(what: SweepRepair, times: number): void;
}

export const sweepCalls: SweepCalls = {
  freshdesk: sweptFreshdesk,
  fieldNation: sweptFieldNation,
  engine: sweptEngine,
  repaired: counted.repaired,
};
