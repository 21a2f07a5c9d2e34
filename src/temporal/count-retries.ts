/** Counts what Temporal tries again, whichever activity it is. */
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import type { Metrics } from '../metrics';

export const countRetries =
  (metrics: Pick<Metrics, 'activityRetry'>): ActivityInterceptorsFactory =>
  ({ info: { attempt, activityType } }) => {
    if (attempt > 1) metrics.activityRetry(activityType);
    return {};
  };
