/**
 * Everything a dispatch remembers, as one plain object that continue-as-new carries whole. A change here is a change of what
 * running dispatches carry. Times are ISO 8601 in UTC.
 */
import type { OrderEvent } from '../domain/order-event';
import type { OrderStatus } from '../domain/status';
import type { KnownTicket } from '../domain/trigger';
import type { Attention, TimelineEntry, VisitFacts } from './dispatch';
import type { EffectDecision, EffectPlan } from './effect-calls';
import type { UpstreamSystem } from './failures';
import type { OwnOrder } from './order-calls';
import type { Visit } from './visit';

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
  /** Deciding and writing in one call was tried. */
  written: boolean;
  /** What the config of that moment made of it; null: not asked yet, or to be asked anew. */
  plan: EffectPlan | null;
  /** Its change was let go of while it may have been under way. */
  letGo: boolean;
  /** A person closed the ticket: tell, but leave the status alone. */
  keepStatus: boolean;
  /** The order was taken over: whether the ticket has this already is asked first. */
  takenOver: boolean;
  /** What the status does, where the call that made it answered that too; counts for the first try alone. */
  decided?: EffectDecision;
}

/** A step that waits for a person, or a question. Only that step waits. */
export interface Blocked {
  step: string;
  attention: Attention;
  /** The cause without anybody's words or data in it: for lists and memos. */
  summary: string;
  /** Since when it waits; the slow tries in between do not count as an end. */
  since: string;
  probes: number;
  /** When it is tried again without a person; null: only after `retry`. */
  nextTry: string | null;
}

/** A call that fails and is tried again by itself. */
export interface FailingCall {
  step: string;
  system: UpstreamSystem;
  /** In words: what it does, and how it failed last. */
  what: string;
  detail: string;
  since: string;
  failures: number;
  nextTry: string;
}

/** The next look at the ticket: who asked for it, and when it may be made. */
export interface LookRequest {
  wanted: boolean;
  /** When somebody asked for it, or for a visit. */
  askedAt: string | null;
  /** Only reconcile asked for it: what it finds is no edge. */
  sweptOnly: boolean;
  /** Somebody asked for it while a visit was open: an edge that it finds may be of that time. */
  whileOpen: boolean;
  notBefore: string | null;
  /** How often in a row a look came back older than our own last write. */
  stale: number;
  /** A look of the very second of our last write would start a visit; the next one decides. */
  startDoubted: boolean;
  /** How often in a row a new ticket was not found, or lacked what Freshdesk fills in by itself. */
  incomplete: number;
}

/** What goes with a word for a visit that is said of many tickets at once: it may be said twice, and means one visit. */
export interface BulkWord {
  /** The newest visit that was known: the word means the one that follows it, and nothing once there is a later one. */
  after: number;
  /** Only for a ticket without any visit, also when Field Nation alone knows of one. */
  first: boolean;
}

/** A person's word for a visit; `by` null: no name was given. */
export interface WantedVisit {
  by: string | null;
  bulk?: BulkWord;
}

/** What people asked for that was not acted on yet. Typed by hand it may be anything, so only what is understood is kept. */
export interface Commands {
  retry: { by: string | null } | null;
  /** The keys work again, says reconcile: what was refused may be tried. */
  probe: boolean;
  cancel: { reason: string; by: string | null } | null;
  approve: { by: string | null; amount?: number | null } | null;
  visit: WantedVisit | null;
}

/** What a person closed or took back, while it waits to be told from a merge. */
export interface PendingLoss {
  what: string;
  how: 'closed' | 'removed';
  /** When Freshdesk closed it, and when the conversation is read for a merge. */
  at: string | null;
  dueAt: string;
}

/** A run without memory of a visit asks what there is before it says or makes anything. */
export interface Ownership {
  /** The order that the ticket's link field names, while it is still to be read. */
  link: number | null;
  /** What the link turned out to be; null: ours, or there is none. */
  stranger: { link: string; what: 'foreign' | 'gone' } | null;
  /** The next question: orders of which visit, by search or among the newest, on which page. */
  visit: number;
  by: 'search' | 'newest';
  page: number;
  /** Ask for the newest orders as well: the search may lag. */
  thorough: boolean;
  orders: OwnOrder[];
  /** What becomes of the ticket when there is no order of it: why it is skipped; null: a visit begins. */
  otherwise: string | null;
  /** A person asked for a visit, and who; null: the rule did. */
  wanted: WantedVisit | null;
  /** A person called the visit off before anything was known of it; null: nobody did. */
  cancel: { reason: string } | null;
}

export interface DispatchMemory {
  schema: 1;
  known: KnownTicket | null;
  /** `updated_at` of our last write to the ticket. */
  lastWriteAt: string | null;
  /** When a write of ours that was never answered set the status. */
  statusSetAt: string | null;
  /** `updated_at` at the last look, and when our last note was written: what reconcile need not tell. */
  lookedAt: string | null;
  notedAt: string | null;
  look: LookRequest;
  /** What the ticket's link field held at the last look that said nothing new of it, and a stranger's number that came since. */
  link: string | null;
  newLink: string | null;
  visits: Visit[];
  effects: PendingEffect[];
  blocked: Blocked[];
  failing: FailingCall[];
  /** The `seq` given last, and by thing (status, field, tag) that of the effect that wrote it last. */
  effectSeq: number;
  written: Record<string, number>;
  inbox: OrderEvent[];
  /** Events that contradict what is known and wait for a look at the work order. */
  doubtful: OrderEvent[];
  seen: string[];
  /** How many events were taken in, repeats not counted. */
  taken: number;
  /** A call that was let go of may still change the ticket; nothing more is written to it before. */
  writeNotBefore: string | null;
  commands: Commands;
  /** Dispatching is paused, says the account's run; asked again at `nextTry`. */
  paused: { reason: string; since: string; nextTry: string } | null;
  loss: PendingLoss | null;
  /** An order of ours that an event named and this run has no memory of. */
  unknownOrder: { visit: number; workOrderId: number } | null;
  /** Field Nation is being asked which work orders it has of this ticket; null: it need not be, or has answered. */
  ownership: Ownership | null;
  skipped: string | null;
  finalSince: string | null;
  timeline: TimelineEntry[];
  /** When the ticket has regained all of its share of calls, and until when the timeline says that some wait; absent: it has all. */
  shares?: { looks?: string; conversation?: string; slowed?: { looks?: string | null; conversation?: string | null } };
  /** Calls of tickets with the same one take turns with all others; absent before the first look. */
  group?: string;
  /** The ticket that this one is a child of, and how its run knows this visit; absent: there is none. */
  parent?: { id: number; sent: string | null };
  /** Of the newest visit; absent before the first look. */
  facts?: VisitFacts;
}
