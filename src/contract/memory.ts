/** Everything a dispatch remembers, as one plain object that continue-as-new carries whole. */
import type { DispatchPolicy } from './policy';
import type { DispatchPlan, LookRules } from './ticket-calls';
import type { KnownStatus, OrderStatus } from '../domain/status';
import type { Talk } from './conversation';
import type { OrderEvent } from '../domain/order-event';
import type { EffectDecision } from './effect-calls';
import type { Attention, TimelineEntry } from './dispatch';
import type { KnownTicket } from '../domain/trigger';
import type { Prints } from '../domain/order-update';

/** Addresses that the view shows; ready-made by the starter, which knows the settings. */
export interface DispatchLinks {
  ticket: string;
  /** Prefix of a work order's page; its id is appended. */
  workOrders: string;
  workflow: string | null;
}

/** Argument of `ticketDispatch`. `policy` and `links` default, so that a start by hand needs two values only. */
export interface TicketDispatchInput {
  account: string;
  ticketId: number;
  policy?: DispatchPolicy;
  links?: DispatchLinks;
  /** Only from a run that continued as new. */
  carried?: DispatchMemory;
}

/**
 * Where a visit stands: `plan` wants a mapping, `create` wants an order, `unsure` waits to learn what an unanswered
 * create did, `link` and `publish` want their call, `open` follows the work order, `ended` is over.
 */
export type VisitStage = 'plan' | 'create' | 'unsure' | 'link' | 'publish' | 'open' | 'ended';

export interface WantedCancel {
  reason: string;
  /** A person closed the ticket, so its status is left alone. */
  byTicket: boolean;
  /** Ask Field Nation first, and leave an assigned order alone. */
  onlyUnassigned: boolean;
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
  swept?: boolean;
  /** An unanswered create happened: an order may exist even where none is known. */
  tried: boolean;
  /** When the last unanswered create was given up, ISO 8601, and how many look-ups followed it. */
  unsureSince: string | null;
  lookUps: number;
  /** An unanswered publish happened: the order may be out although it is not known to be. */
  publishUnsure?: boolean;
  /** Failed tries of the present step in a row, and when the next may come. */
  failures: number;
  notBefore: string | null;
  /** Wanted cancellation; carried out as soon as Field Nation can be told. */
  cancel: WantedCancel | null;
  /** What the order has of the ticket. */
  sync: OrderSync;
  /** Notes, messages and files; absent before the first look, and in older memories. */
  talk?: Talk;
  /** Milestones for lists and charts; absent in older memories. */
  times?: VisitTimes;
}

/** When the visit was asked for, when its order was known, when its work was over; ISO 8601, null: not yet. */
export interface VisitTimes {
  triggeredAt: string;
  orderedAt: string | null;
  endedAt: string | null;
}

/** What a work order's status shall do to the ticket; stays in line until both parts are done. */
export interface PendingEffect {
  id: string;
  /** Grows with every effect: tells which of two is the later one. */
  seq: number;
  visit: number;
  key: OrderStatus;
  at: string | null;
  event: OrderEvent | null;
  /** False once written, or when another status has overtaken it. */
  updateDone: boolean;
  noteDone: boolean;
  noteTried: boolean;
  /** Its change was let go of while it may have been under way. */
  letGo?: boolean;
  /** A person closed the ticket: tell, but leave the status alone. */
  keepStatus: boolean;
  /** What the status does, where the call that made it answered that too; counts for the first try alone. */
  decided?: EffectDecision;
}

/** A step that waits for a person. `step` names it, so that only that step waits. */
export interface Blocked {
  step: string;
  attention: Attention;
  /** The cause without anybody's words or data in it: for lists and memos. */
  summary: string;
  /** Since when it waits, ISO 8601; the slow tries in between do not count as an end. Absent in older memories. */
  since?: string;
  probes: number;
  /** When it is tried again without a person; null: only after `retry`. ISO 8601. */
  nextTry: string | null;
}

export interface DispatchMemory {
  schema: 1;
  known: KnownTicket | null;
  /** `updated_at` of our last write to the ticket, and how often a look came back older than it. */
  lastWriteAt: string | null;
  /** When a write of ours that was never answered set the status. */
  statusSetAt?: string | null;
  staleLooks: number;
  /** `updated_at` at the last look, and when our last note was written: what reconcile need not tell. */
  lookedAt?: string | null;
  notedAt?: string | null;
  /** A look of the very second of our last write would start a visit; the next one decides. */
  startDoubted: boolean;
  visits: Visit[];
  effects: PendingEffect[];
  blocked: Blocked[];
  /** The `seq` given last, and by thing (status, field, tag) that of the effect that wrote it last. */
  effectSeq: number;
  written: Record<string, number>;
  inbox: OrderEvent[];
  /** Events that contradict what is known and wait for a look at the work order. */
  doubtful: OrderEvent[];
  seen: string[];
  /** How many events were taken in, repeats not counted. */
  taken?: number;
  wantsLook: boolean;
  /** When somebody asked for the next look, or for a visit; ISO 8601. */
  askedAt?: string;
  /** Only reconcile asked for the look: what it finds is no edge. */
  sweptLook?: boolean;
  /** Somebody asked for the look while a visit was open: an edge that it finds may be of that time. */
  askedWhileOpen?: boolean;
  lookNotBefore: string | null;
  /** A call that was let go of may still change the ticket; nothing more is written to it before. ISO 8601. */
  writeNotBefore?: string | null;
  wantsVisit: boolean;
  wantsRetry: boolean;
  /** The keys work again, says reconcile: what was refused may be tried. */
  wantsProbe?: boolean;
  wantsCancel: { reason: string } | null;
  skipped: string | null;
  finalSince: string | null;
  timeline: TimelineEntry[];
}

/** A private note that is still to be written. */
export interface Untold {
  /** Words that stand in this note and no other. */
  marker: string;
  body: string;
  tried: boolean;
}

export interface OrderSync {
  /** Print of what the mapping read last; null before the first mapping. */
  content: string | null;
  /** What was sent last, and what Field Nation refused, by target. */
  sent: Prints;
  refused: Prints;
  /** From when on the order shall be updated, ISO 8601; null when it has everything. */
  wantedAt: string | null;
  /** Refusals that the ticket is to be told of. */
  untold: Untold[];
}
