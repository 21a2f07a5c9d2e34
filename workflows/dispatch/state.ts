/**
 * Everything a dispatch remembers, as one plain object that continue-as-new carries whole, and the questions the main
 * loop asks of it. No step of the dispatch is decided elsewhere than from this state.
 */

import type { Attention, DispatchState as State } from '../../src/contract/dispatch';
import { DEFAULT_POLICY, type DispatchPolicy } from '../../src/contract/policy';
import { correlationId } from '../../src/domain/correlation';
import type { OrderEvent } from '../../src/domain/order-event';
import { isSweepKey } from '../../src/domain/sweep/order-drift';
import { dispatchStateOf, isFinal, isStage, isWorkOver, judge } from '../../src/domain/status';
import type { VisitPhase } from '../../src/domain/trigger';
import { nothingSent } from './sync';
import { talkTimes } from './talk-state';
import type {
  DispatchLinks,
  TicketDispatchInput,
  VisitStage,
  Visit,
  PendingEffect,
  DispatchMemory,
} from '../../src/contract/memory';

/** Bounds of what is remembered; the oldest goes first. What is carried to a new run must stay far below 2 MB. */
export const BOUNDS = {
  timeline: 100,
  seen: 500,
  detail: 500,
  attention: 2000,
  effects: 100,
  doubtful: 50,
  reason: 250,
};

/** The questions whether to send somebody again; another visit answers them. */
export const SWEPT_QUESTION = 'visit';
export const LATE_QUESTION = 'visit-late';

export const effectStep = (effect: PendingEffect): string => `effect ${effect.id}`;

export const emptyMemory = (): DispatchMemory => ({
  schema: 1,
  known: null,
  lastWriteAt: null,
  staleLooks: 0,
  startDoubted: false,
  visits: [],
  effects: [],
  blocked: [],
  effectSeq: 0,
  written: {},
  inbox: [],
  doubtful: [],
  seen: [],
  wantsLook: false,
  lookNotBefore: null,
  wantsVisit: false,
  wantsRetry: false,
  wantsCancel: null,
  skipped: null,
  finalSince: null,
  timeline: [],
});

/** The memory with its questions. Methods neither call activities nor read a clock but `now`. */
export class Dispatch {
  readonly account: string;
  readonly ticketId: number;
  readonly policy: DispatchPolicy;
  readonly links: DispatchLinks;
  turns = 0;

  constructor(
    readonly input: TicketDispatchInput,
    readonly memory: DispatchMemory,
    readonly now: () => number,
  ) {
    this.account = input.account;
    this.ticketId = input.ticketId;
    // A run that an older version started lacks what was added since.
    this.policy = { ...DEFAULT_POLICY, ...input.policy };
    this.links = input.links ?? {
      ticket: `https://${input.account}.freshdesk.com/a/tickets/${input.ticketId}`,
      workOrders: 'https://app.fieldnation.com/workorders/',
      workflow: null,
    };
  }

  get newest(): Visit | null {
    return this.memory.visits.at(-1) ?? null;
  }

  /** The page of a visit's work order for people; null while none is known. */
  orderUrl({ href, workOrderId }: Visit): string | null {
    return href ?? (workOrderId === null ? null : `${this.links.workOrders}${workOrderId}`);
  }

  /** Starts the next visit; its id stands before anything is created. */
  startVisit(number: number): Visit {
    const visit: Visit = {
      number,
      correlationId: correlationId(this.account, this.ticketId, number),
      stage: 'plan',
      plan: null,
      rules: null,
      workOrderId: null,
      href: null,
      status: null,
      ownStatus: false,
      tried: false,
      unsureSince: null,
      lookUps: 0,
      failures: 0,
      notBefore: null,
      cancel: null,
      sync: nothingSent(),
      times: { triggeredAt: this.memory.askedAt ?? this.isoNow(), orderedAt: null, endedAt: null },
    };
    this.memory.visits.push(visit);
    this.memory.skipped = null;
    for (const question of [SWEPT_QUESTION, LATE_QUESTION]) this.unblock(question);
    return visit;
  }

  phase(): VisitPhase {
    const visit = this.newest;
    if (!visit) return 'none';
    if (visit.stage === 'ended' || (visit.status && isWorkOver(visit.status.key))) return 'over';
    return (visit.stage === 'plan' || visit.stage === 'create') && !visit.tried ? 'before-order' : 'open';
  }

  private isoNow(): string {
    return new Date(this.now()).toISOString();
  }

  /** Somebody asks for a look or a visit; what is asked for already was asked for then. */
  ask(): void {
    if (!this.memory.wantsLook && !this.memory.wantsVisit) this.memory.askedAt = this.isoNow();
    if (this.isOpen() && !this.hasHeardOfEnd()) this.memory.askedWhileOpen = true;
  }

  /** True when the last that was heard of the newest visit ends its work, though that waits to be taken in. */
  private hasHeardOfEnd(): boolean {
    const visit = this.newest;
    const last = this.memory.inbox.findLast(({ status }) => status !== null && isStage(status));
    if (!visit || !last || last.status === null || this.visitOf(last) !== visit) return false;
    return isWorkOver(last.status) && judge(visit.status, { key: last.status, at: last.at }) === 'apply';
  }

  /** The visit an event belongs to: by work order, else by the id it carries. */
  visitOf({ workOrderId, correlationId: id }: OrderEvent): Visit | null {
    const { visits } = this.memory;
    const byOrder = workOrderId === null ? undefined : visits.find((visit) => visit.workOrderId === workOrderId);
    return byOrder ?? visits.find((visit) => visit.correlationId === id) ?? null;
  }

  note(what: string, detail: string | null = null): void {
    const at = this.isoNow();
    this.memory.timeline.push({ at, what, detail: detail?.slice(0, BOUNDS.detail) ?? null });
    if (this.memory.timeline.length > BOUNDS.timeline) this.memory.timeline.shift();
  }

  /** Takes an event in once; false when it was seen before. */
  take(event: OrderEvent): boolean {
    // Copies may come under delivery ids of their own. What a sweep tells is no copy: it has looked at the order itself.
    const content = event.status && event.at && !isSweepKey(event.key);
    const same = content ? `${event.workOrderId ?? '?'} ${event.name} ${event.at}` : event.key;
    if (this.memory.seen.includes(event.key) || this.memory.seen.includes(same)) return false;
    this.memory.seen.push(...new Set([event.key, same]));
    this.memory.seen.splice(0, Math.max(0, this.memory.seen.length - BOUNDS.seen));
    this.memory.taken = (this.memory.taken ?? 0) + 1;
    this.memory.inbox.push(event);
    return true;
  }

  /** Puts an effect in line. So many only wait in a flood: then the one goes that a later word of its kind replaces. */
  addEffect(effect: PendingEffect): void {
    const { effects } = this.memory;
    effects.push(effect);
    if (effects.length <= BOUNDS.effects) return;
    const isReplaced = ({ visit, key }: PendingEffect, index: number): boolean =>
      effects.slice(index + 1).some((later) => later.visit === visit && later.key === key);
    const spare = effects.find(isReplaced) ?? effects[0];
    if (!spare) return;
    this.dropEffect(spare);
    this.note('Not written', `${spare.key}${spare.at ? ` of ${spare.at}` : ''}: more than ${BOUNDS.effects} wait`);
  }

  dropEffect(effect: PendingEffect): void {
    this.memory.effects = this.memory.effects.filter((other) => other !== effect);
    this.unblock(effectStep(effect));
  }

  /** Makes a step wait for a person; only that step waits. */
  block(step: string, { reason, detail, remedy }: Attention, summary: string): void {
    const attention = { reason, detail: detail.slice(0, BOUNDS.attention), remedy: remedy.slice(0, BOUNDS.attention) };
    const earlier = this.memory.blocked.find((b) => b.step === step);
    const probes = (earlier?.probes ?? -1) + 1;
    const { first, most } = this.policy.slowRetry;
    const wait = Math.min(first * 2 ** probes, most);
    const nextTry = attention.reason === 'unauthorized' ? new Date(this.now() + wait).toISOString() : null;
    this.memory.blocked = this.memory.blocked.filter((b) => b.step !== step);
    const since = earlier?.since ?? this.isoNow();
    this.memory.blocked.push({ step, attention, summary, since, probes, nextTry });
    this.note(`Attention: ${attention.reason}`, attention.detail);
  }

  /** True while the step waits for a person, or for its slow next try. */
  isBlocked(step: string): boolean {
    const blocked = this.memory.blocked.find((b) => b.step === step);
    return blocked !== undefined && !(blocked.nextTry !== null && this.isDue(blocked.nextTry));
  }

  /** True when no call that was let go of can change the ticket any more. */
  mayWrite(): boolean {
    return this.isDue(this.memory.writeNotBefore ?? null);
  }

  unblock(step: string): void {
    this.memory.blocked = this.memory.blocked.filter((b) => b.step !== step);
  }

  isDue(at: string | null): boolean {
    return at === null || Date.parse(at) <= this.now();
  }

  /** The next moment at which something becomes due by itself, in ms since 1970; null when only a signal can. */
  nextDue(): number | null {
    const visit = this.newest;
    const times = [
      ...this.memory.blocked.map((b) => b.nextTry),
      this.memory.wantsLook ? this.memory.lookNotBefore : null,
      this.memory.writeNotBefore ?? null,
      visit && visit.stage !== 'open' && visit.stage !== 'ended' ? visit.notBefore : null,
      visit?.cancel ? visit.notBefore : null,
      visit?.sync.wantedAt ?? null,
      ...talkTimes(this),
    ];
    const due = times.flatMap((at) => (at === null || this.isDue(at) ? [] : [Date.parse(at)]));
    const end = this.memory.finalSince === null ? null : Date.parse(this.memory.finalSince) + this.policy.grace;
    // Past its grace a dispatch waits for a person or an effect only: no timer can help.
    if (end !== null && end > this.now()) due.push(end);
    return due.length === 0 ? null : Math.min(...due);
  }

  /** Backs off the visit's present step after a failed try; `atLeast` is what the upstream asked for, in ms. */
  backOff(visit: Visit, atLeast: number | null): void {
    const { first, most } = this.policy.backoff;
    const wait = Math.max(Math.min(first * 2 ** visit.failures, most), atLeast ?? 0);
    visit.failures += 1;
    visit.notBefore = new Date(this.now() + wait).toISOString();
  }

  enter(visit: Visit, stage: VisitStage): void {
    visit.stage = stage;
    visit.failures = 0;
    visit.notBefore = null;
  }

  /** Keeps track of the newest visit's milestones, and of since when nothing more can come. */
  updateTimes(): void {
    const visit = this.newest;
    if (visit?.times) {
      if (visit.workOrderId !== null) visit.times.orderedAt ??= this.isoNow();
      // Work marked incomplete opens the visit again.
      visit.times.endedAt = this.phase() === 'over' ? (visit.times.endedAt ?? this.isoNow()) : null;
    }
    const over = this.memory.visits.length > 0 && this.memory.visits.every((v) => this.visitIsFinal(v));
    if (!over) this.memory.finalSince = null;
    else this.memory.finalSince ??= this.isoNow();
  }

  visitIsFinal(visit: Visit): boolean {
    return visit.stage === 'ended' || (visit.status !== null && isFinal(visit.status.key));
  }

  /** The state of the newest visit, without regard to attention. */
  visitState(): State {
    if (this.memory.skipped !== null) return 'skipped';
    const visit = this.newest;
    if (!visit || visit.stage === 'plan') return 'starting';
    if (visit.stage === 'ended') return 'cancelled';
    if (visit.stage !== 'open') return 'creating';
    return (visit.status && dispatchStateOf(visit.status.key)) ?? 'dispatched';
  }

  state(): State {
    return this.memory.blocked.length > 0 ? 'attention' : this.visitState();
  }

  /** True while a visit is under way, so that a person's word must not start another. */
  isOpen(): boolean {
    const phase = this.phase();
    return phase === 'before-order' || phase === 'open';
  }
}
