/**
 * Slots of a worker that polls only when its pace has a credit. Promise: nothing waits inside the process, so that the
 * task taken is always the most urgent one of that moment.
 */
import type { ActivitySlotInfo, CustomSlotSupplier, WorkerTuner } from '@temporalio/worker';
import type { CreditPace, Permit } from './credit-pace';

/** For the kinds of tasks that such a worker never polls for. */
const NONE = { type: 'fixed-size', numSlots: 1 } as const;

export const pacedSlots = (pace: CreditPace): WorkerTuner => ({
  activityTaskSlotSupplier: supplierOf(pace),
  workflowTaskSlotSupplier: NONE,
  localActivityTaskSlotSupplier: NONE,
  nexusTaskSlotSupplier: NONE,
});

const supplierOf = (pace: CreditPace): CustomSlotSupplier<ActivitySlotInfo> => ({
  type: 'custom',
  reserveSlot: (_, signal) => pace.take(signal),
  // Eager tasks would pass by more urgent ones.
  tryReserveSlot: () => null,
  markSlotUsed: ({ permit }) => pace.use(permit as Permit),
  releaseSlot: ({ permit }) => pace.giveBack(permit as Permit),
});
