/** What sweeps count; not called again when a run is replayed. */
import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { SweepRepair } from '../../src/contract/reconcile';

export interface SweepSinks extends Sinks {
  sweeps: { repaired(what: SweepRepair, times: number): void };
}

const { sweeps } = proxySinks<SweepSinks>();

export const counted = {
  repaired: (what: SweepRepair, times: number): void => {
    if (times > 0) sweeps.repaired(what, times);
  },
};
