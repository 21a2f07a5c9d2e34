/** What dispatches count; not called again when a run is replayed. */
import { proxySinks } from '@temporalio/workflow';
import type { DispatchSinks } from '../../src/contract/sinks';

const { dispatches } = proxySinks<DispatchSinks>();

export const counted = {
  ambiguousCreate: (): void => dispatches.ambiguousCreate(),
  workOrderMade: (secondsFromTrigger: number): void => dispatches.workOrderMade(secondsFromTrigger),
};
