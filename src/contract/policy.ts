import type { BatchPolicy } from './dispatch-batch';
import type { DispatchingPolicy } from './dispatching';
import type { SitesPolicy } from './sites';

/** So many calls go out at once, further ones every so many ms. */
export interface CallShare {
  burst: number;
  every: number;
}

/**
 * Waits and limits of a dispatch. They come in with the input, so that tests run in milliseconds and no workflow reads
 * settings. All durations in ms.
 */
export interface DispatchPolicy {
  /** Look-ups after an unanswered create, counted from it; the last word comes after `createPatience`. */
  lookUpDelays: number[];
  /** First and longest wait between tries of a step that the upstream could not take now. */
  backoff: { first: number; most: number };
  /** First and longest wait between tries of what a wrong key or right stopped. */
  slowRetry: { first: number; most: number };
  /** A step without success for so long becomes attention; the config's `dispatch.patience` counts once it is known. */
  patience: number;
  /** Between tries of such a step, and between two questions whether dispatching is still paused. */
  stuckRetry: number;
  pausedRetry: number;
  /** How often an accepted publish may leave the order a draft before a person is asked. */
  publishTries: number;
  /** After a close: when the conversation is read for a merge, before the order is cancelled. */
  mergeWait: number;
  /** Waits before another look at a new ticket that was not found, or lacks what Freshdesk fills in by itself. */
  incomplete: number[];
  /**
   * How long notes and messages are gathered before they are read – longer than the second that Freshdesk's times resolve –
   * and how long when the ticket's change may well be our own. `fetches`: how often a file that cannot be fetched is tried.
   */
  conversation: { gather: number; doubt: number; fetches: number };
  /** What others write on one ticket must not use up the account's quota: reads of it, and calls that carry things over. */
  share: { looks: CallShare; conversation: CallShare };
  /** How soon a look that was overtaken by our own write is repeated. */
  staleLook: number;
  /**
   * How long a call that was let go of may still change the ticket: longer than an attempt lasts. Until then nothing else is
   * written to it, or a note could be written twice and an older status last.
   */
  letGo: number;
  /** How long after a change of the ticket its work order is updated: what an agent saves in several goes is sent once. */
  updateAfter: number;
  /** How long after its visits are final a dispatch still takes in late corrections. */
  grace: number;
  /** A run continues as new at least this often, and after this many turns. */
  longestRun: number;
  turnsPerRun: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const DEFAULT_POLICY: DispatchPolicy = {
  lookUpDelays: [0, 2 * SECOND, 10 * SECOND, 30 * SECOND],
  backoff: { first: 2 * SECOND, most: 5 * MINUTE },
  slowRetry: { first: 15 * MINUTE, most: 6 * HOUR },
  patience: HOUR,
  stuckRetry: 5 * MINUTE,
  pausedRetry: 5 * MINUTE,
  publishTries: 5,
  // A minute in which Freshdesk writes the note that tells of a merge.
  mergeWait: MINUTE,
  incomplete: [3 * SECOND, 5 * SECOND, 15 * SECOND, MINUTE, 10 * MINUTE],
  // At the longest wait between two tries that is a day.
  conversation: { gather: 1500, doubt: 20 * SECOND, fetches: 300 },
  share: { looks: { burst: 30, every: 5 * SECOND }, conversation: { burst: 60, every: 10 * SECOND } },
  staleLook: 2 * SECOND,
  letGo: 45 * SECOND,
  updateAfter: 5 * SECOND,
  grace: 14 * DAY,
  longestRun: 30 * DAY,
  turnsPerRun: 500,
};

/** Waits of a contact's run; all durations in ms. The windows are the config's (interface, section 7). */
export interface ContactPolicy {
  mergeWindow: number;
  unchangedWindow: number;
  /** First and longest wait between tries of what a wrong key or right stopped. */
  slowRetry: { first: number; most: number };
  /** A run continues as new after so many calls. */
  turnsPerRun: number;
}

export const DEFAULT_CONTACT_POLICY: Omit<ContactPolicy, 'mergeWindow' | 'unchangedWindow'> = {
  slowRetry: DEFAULT_POLICY.slowRetry,
  turnsPerRun: 200,
};

/** Waits of the watch that raises alerts; in ms. */
export interface AlertsPolicy {
  /** Between two looks. */
  every: number;
  /** A run continues as new after so many looks. */
  turnsPerRun: number;
}

export const DEFAULT_ALERTS_POLICY: AlertsPolicy = { every: 5 * MINUTE, turnsPerRun: 100 };

export const DEFAULT_DISPATCHING_POLICY: DispatchingPolicy = {
  hour: HOUR,
  tellAfter: [0, 10 * SECOND, MINUTE],
  updatesPerRun: 1000,
};

/** A site that is opened again counts for as long as its own dispatch follows it. */
export const DEFAULT_SITES_POLICY: SitesPolicy = {
  gather: 10 * SECOND,
  again: HOUR,
  grace: DEFAULT_POLICY.grace,
  turnsPerRun: 100,
};

/** A list of last week's tickets is no list of this week's. */
export const DEFAULT_BATCH_POLICY: BatchPolicy = {
  waits: 7 * DAY,
  look: { first: 500, most: 5 * SECOND },
  turnsPerRun: 1000,
};
