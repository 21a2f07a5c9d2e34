/** One visit, as its dispatch remembers it. Times are ISO 8601 in UTC. */
import type { KnownStatus } from '../domain/status';
import type { VisitConversation } from './conversation';
import type { VisitCourse } from './dispatch';
import type { OrderSync } from './order-sync';
import type { DispatchPlan, LookRules } from './ticket-calls';

/**
 * Where a visit stands; src/domain/dispatch/stages.ts has the table of all ways between them. `plan` wants a mapping,
 * `approval` waits for a person's yes to the money, `create` wants an order, `unsure` waits to learn what an unanswered
 * create did, `link` and `publish` want their call, `open` follows the work order, `ended` is over.
 */
export type VisitStage = 'plan' | 'approval' | 'create' | 'unsure' | 'link' | 'publish' | 'open' | 'ended';

export interface WantedCancel {
  reason: string;
  /** A person closed the ticket, so its status is left alone. */
  byTicket: boolean;
  /** Ask Field Nation first, and leave an assigned order alone. */
  onlyUnassigned: boolean;
}

/** A person's yes to money: what was shown and agreed to. */
export interface Approval {
  /** In USD; null: a sum that cannot be bounded. */
  amount: number | null;
  by: string | null;
  at: string;
  /** The yes was to one more order in the hour as well. */
  beyondHour: boolean;
  /** Print of the pay and site that were shown for a change of an open order; null before that. */
  print: string | null;
  /** The visit was asked for with many others: the yes was to their number, and the order does not count for the hour. */
  inBulk?: true;
}

/** What waits for a yes: before the create (`order`), one order too many in the hour (`hour`), a change of an open order (`change`). */
export interface WantedApproval {
  of: 'order' | 'hour' | 'change';
  amount: number | null;
  print: string | null;
}

export interface Visit {
  number: number;
  correlationId: string;
  stage: VisitStage;
  plan: DispatchPlan | null;
  rules: LookRules | null;
  workOrderId: number | null;
  href: string | null;
  status: KnownStatus | null;
  /** The status is of our own making and its event has not come yet. */
  ownStatus: boolean;
  /** The status was told by reconcile: its event may still come. */
  swept: boolean;
  /** Its order was there before this run knew of it: nothing is published. */
  takenOver: boolean;
  /** An unanswered create happened: an order may exist even where none is known. */
  tried: boolean;
  /** When the last unanswered create was given up, and how many look-ups followed it. */
  unsureSince: string | null;
  lookUps: number;
  /** A look-up that is under way page by page; null: the next one begins. */
  lookUp: { by: 'search' | 'newest'; page: number; begun: string } | null;
  /** Drafts that this run created once too often, to be deleted. */
  surplus: number[];
  /** An unanswered publish happened: the order may be out although it is not known to be. */
  publishUnsure: boolean;
  /** Nobody took the order that was routed: it goes, or went, to the marketplace. */
  fellBack?: true;
  /** How often publishing was put off for a look at the ticket. */
  publishPutOff: number;
  /** How often in a row an accepted publish left the order a draft. */
  publishTries: number;
  /** When the next try of the present step may come. */
  notBefore: string | null;
  /** Wanted cancellation; carried out as soon as Field Nation can be told. */
  cancel: WantedCancel | null;
  /** Cancelled by us, and Field Nation has not confirmed it yet. */
  cancelUnconfirmed: boolean;
  /** What a person said yes to last, and what waits for a yes now. */
  approved: Approval | null;
  approval: WantedApproval | null;
  /** What the ticket's agent was told of steps that wait, so that each cause is told once, and its end. */
  causesNoted: NotedCause[];
  /** How often the agent was told that all is put right. */
  putRight: number;
  /** What the order has of the ticket. */
  sync: OrderSync;
  /** Notes, messages and files; absent before the first look. */
  conversation?: VisitConversation;
  times: VisitTimes;
  /** When somebody is to come, as Field Nation has it now, ISO 8601; null: not known. */
  start: string | null;
  /** Absent before there is anything to tell. */
  course?: VisitCourse;
}

/** When the visit was asked for, when its order was known, published, and its work over; null: not yet. */
export interface VisitTimes {
  triggeredAt: string;
  orderedAt: string | null;
  publishedAt: string | null;
  endedAt: string | null;
}

/** A step that waited, and why. */
export interface NotedCause {
  step: string;
  cause: string;
}
