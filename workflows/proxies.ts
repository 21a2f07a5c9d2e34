/** All timeouts, queues and retries of the dispatch's activities, in one place. Sources: style 3, design 2.5 and 5. */
import { PRIORITY } from '../src/contract/names';
import { calls } from './calls';

/** Longer than the client's own timeout of 20 s, so that the client, which knows more, gives up first. */
const ATTEMPT = '30 seconds';

/**
 * For calls that may be repeated: with the first retry's 2 s another process goes on within 6 s of the death of the one that
 * had taken the call. Steps that cost money are not repeated but looked up, and have their own time.
 */
const REPEATABLE = { startToCloseTimeout: ATTEMPT, heartbeatTimeout: '3 seconds' } as const;

/** Until it succeeds: an upstream may be away for hours. Failures that only a person can mend are non-retryable by type. */
const PATIENT = { initialInterval: '2 seconds', maximumInterval: '5 minutes', backoffCoefficient: 2 };

const ORDERS_FIRST = { priorityKey: PRIORITY.orders };
const AFTER_TICKETS = { priorityKey: PRIORITY.contacts };

export const freshdesk = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  retry: PATIENT,
  priority: ORDERS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

/** The first look at a ticket. */
export const newTickets = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  retry: PATIENT,
  priority: { priorityKey: PRIORITY.newTickets },
  cancellationType: 'TRY_CANCEL',
});

export const fieldNation = calls({
  queue: 'fieldNation',
  ...REPEATABLE,
  retry: PATIENT,
  priority: ORDERS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

export const contacts = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  retry: PATIENT,
  priority: AFTER_TICKETS,
  cancellationType: 'TRY_CANCEL',
});

/** A person waits for the answer: what is not there within a minute is of no use. */
export const briefly = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  scheduleToCloseTimeout: '1 minute',
  retry: PATIENT,
  priority: ORDERS_FIRST,
  cancellationType: 'TRY_CANCEL',
});

/** Of a visit that was asked for with many others, until its order is out: every other ticket goes first. */
const IN_BULK = { priorityKey: PRIORITY.sweeps };

export const freshdeskInBulk = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  retry: PATIENT,
  priority: IN_BULK,
  cancellationType: 'TRY_CANCEL',
});

export const fieldNationInBulk = calls({
  queue: 'fieldNation',
  ...REPEATABLE,
  retry: PATIENT,
  priority: IN_BULK,
  cancellationType: 'TRY_CANCEL',
});

/** Where money is at stake the workflow decides about every further attempt, on a fresh view of the world. */
const ONCE = {
  queue: 'fieldNation',
  startToCloseTimeout: ATTEMPT,
  retry: { maximumAttempts: 1 },
  // Taken back while it waits in the queue it is surely not done; once begun its answer is waited for.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
} as const;

export const fieldNationOnce = calls({ ...ONCE, priority: ORDERS_FIRST });

export const fieldNationOnceInBulk = calls({ ...ONCE, priority: IN_BULK });

/** One attempt as well where a side that is away must not hold up everything else: the workflow tries again later. */
export const freshdeskOnce = calls({
  queue: 'freshdesk',
  startToCloseTimeout: ATTEMPT,
  retry: { maximumAttempts: 1 },
  priority: ORDERS_FIRST,
});

/** A file is fetched and sent within one attempt. */
const FILE_ATTEMPT = '2 minutes';

export const filesToOrder = calls({
  queue: 'fieldNation',
  startToCloseTimeout: FILE_ATTEMPT,
  retry: { maximumAttempts: 1 },
  priority: ORDERS_FIRST,
});

export const filesFromOrder = calls({
  queue: 'freshdesk',
  startToCloseTimeout: FILE_ATTEMPT,
  retry: { maximumAttempts: 1 },
  priority: ORDERS_FIRST,
});

/**
 * A sweep gives up soon: the next one begins where this one left off, and is no worse for being late. An attempt that is
 * handed back since tickets need the quota counts as well.
 */
const BRIEF = { initialInterval: '2 seconds', maximumInterval: '1 minute', backoffCoefficient: 2, maximumAttempts: 6 };
const SWEPT = {
  ...REPEATABLE,
  scheduleToCloseTimeout: '10 minutes',
  retry: BRIEF,
  priority: { priorityKey: PRIORITY.sweeps },
} as const;

export const sweptFreshdesk = calls({ ...SWEPT, queue: 'freshdesk' });

export const sweptFieldNation = calls({ ...SWEPT, queue: 'fieldNation' });

/** What a parent ticket shows of its child tickets: behind all orders. */
export const parentTickets = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  retry: PATIENT,
  priority: { priorityKey: PRIORITY.conversation },
});

/** A work order that may be anybody's: patient, behind all that is ours. */
export const foreignOrders = calls({
  queue: 'fieldNation',
  startToCloseTimeout: ATTEMPT,
  retry: PATIENT,
  priority: { priorityKey: PRIORITY.sweeps },
});

/** Reads the engine's index page by page, tells up to a hundred runs at once. */
export const sweptEngine = calls({ startToCloseTimeout: '2 minutes', heartbeatTimeout: '3 seconds', retry: PATIENT });

/** A chat that is away must not hold up the watch: what could not be told is told with the next look. */
export const alertPost = calls({
  startToCloseTimeout: ATTEMPT,
  scheduleToCloseTimeout: '3 minutes',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute', backoffCoefficient: 2 },
});

export const alertNote = calls({
  queue: 'freshdesk',
  ...REPEATABLE,
  scheduleToCloseTimeout: '3 minutes',
  retry: PATIENT,
  priority: ORDERS_FIRST,
});

/** Looks inside the engine itself, no upstream. */
export const engine = calls({ startToCloseTimeout: '10 seconds', heartbeatTimeout: '3 seconds', retry: PATIENT });

/**
 * Pure rules over the config of today: no call, so they pass no rate-limited queue. No local activities: when a task ends
 * right after one, replay goes on at another moment than the first run did, which breaks the run.
 */
export const rules = calls({ startToCloseTimeout: '10 seconds', heartbeatTimeout: '3 seconds', retry: PATIENT });
