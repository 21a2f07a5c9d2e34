/** All timeouts, queues and retries of the dispatch's activities, in one place. Sources: style 3, design 2.5 and 5. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities';
import { PRIORITY, TASK_QUEUES } from '../src/contract/names';

/** Longer than the client's own timeout of 20 s, so that the client, which knows more, gives up first. */
const ATTEMPT = '30 seconds';

/** Until it succeeds: an upstream may be away for hours. Failures that only a person can mend are non-retryable by type. */
const PATIENT = { initialInterval: '2 seconds', maximumInterval: '5 minutes', backoffCoefficient: 2 };

const TICKETS_FIRST = { priorityKey: PRIORITY.tickets };
const AFTER_TICKETS = { priorityKey: PRIORITY.contacts };

export const freshdesk = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.freshdesk,
  startToCloseTimeout: ATTEMPT,
  retry: PATIENT,
  priority: TICKETS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

export const fieldNation = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.fieldNation,
  startToCloseTimeout: ATTEMPT,
  retry: PATIENT,
  priority: TICKETS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

export const contacts = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.freshdesk,
  startToCloseTimeout: ATTEMPT,
  retry: PATIENT,
  priority: AFTER_TICKETS,
  cancellationType: 'TRY_CANCEL',
});

/** A person waits for the answer: what is not there within a minute is of no use. */
export const briefly = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.freshdesk,
  startToCloseTimeout: ATTEMPT,
  scheduleToCloseTimeout: '1 minute',
  retry: PATIENT,
  priority: TICKETS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

/** Where money is at stake the workflow decides about every further attempt, on a fresh view of the world. */
export const fieldNationOnce = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.fieldNation,
  startToCloseTimeout: ATTEMPT,
  retry: { maximumAttempts: 1 },
  priority: TICKETS_FIRST,
});

/** Looks inside the engine itself, no upstream. */
export const engine = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds', retry: PATIENT });

/**
 * Pure rules over the config of today: no call, so they pass no rate-limited queue. No local activities: when a task ends
 * right after one, replay goes on at another moment than the first run did, which breaks the run.
 */
export const rules = proxyActivities<Activities>({ startToCloseTimeout: '10 seconds', retry: PATIENT });
