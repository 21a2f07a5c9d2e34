/** What dispatches count; not called again when a run is replayed. */
import { proxySinks, type Sinks } from '@temporalio/workflow';

export interface DispatchSinks extends Sinks {
  dispatches: {
    ambiguousCreate(): void;
    workOrderMade(secondsFromTrigger: number): void;
    published(secondsFromTrigger: number): void;
  };
}

const { dispatches } = proxySinks<DispatchSinks>();

export const counted = {
  ambiguousCreate: (): void => dispatches.ambiguousCreate(),
  workOrderMade: (secondsFromTrigger: number): void => dispatches.workOrderMade(secondsFromTrigger),
  published: (secondsFromTrigger: number): void => dispatches.published(secondsFromTrigger),
};
