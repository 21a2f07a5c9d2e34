/** What sweeps count; not called again when a run is replayed. */
import { proxySinks } from '@temporalio/workflow';
import type { SweepRepair } from '../../src/contract/reconcile';
import type { SweepSinks } from '../../src/contract/sinks';

const { sweeps } = proxySinks<SweepSinks>();

export const counted = {
  repaired: (what: SweepRepair, times: number): void => {
    if (times > 0) sweeps.repaired(what, times);
  },
};
