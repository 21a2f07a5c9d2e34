/**
 * A Freshdesk and a Field Nation without wires, and the loop of `ticketDispatch` without Temporal: the real core decides,
 * this world answers. Every fault that a call can have is the choice of the test.
 */
import { GONE_SIGHT } from '../../activities/rules';
import type { EffectInput, EffectPlan } from '../../src/contract/effect-calls';
import type { StepFailure } from '../../src/contract/failures';
import type { DispatchMemory } from '../../src/contract/memory';
import type { OwnOrder } from '../../src/contract/order-calls';
import type { TellParentInput } from '../../src/contract/sites';
import type { LookRules, PlanInput, TicketLook } from '../../src/contract/ticket-calls';
import { correlationId } from '../../src/domain/correlation';
import { heed } from '../../src/domain/dispatch/commands';
import { decide } from '../../src/domain/dispatch/decide';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory } from '../../src/domain/dispatch/empty-memory';
import { begin, evolve } from '../../src/domain/dispatch/evolve';
import { absorb } from '../../src/domain/dispatch/inbox';
import { isOver, nextDue, updateTimes } from '../../src/domain/dispatch/times';
import { KINDS, type InputOf, type Outcome, type Step, type StepKind } from '../../src/domain/dispatch/steps';
import type { OrderEvent } from '../../src/domain/order-event';
import { isAssigned, type OrderStatus } from '../../src/domain/status';
import { sparing, type TicketChange } from '../../src/domain/ticket-change';
import type { TicketSight } from '../../src/domain/trigger';

export const INPUT = { account: 'acme', ticketId: 4711 };
export const TRIGGER = 8;
export const PENDING = 3;
export const RESOLVED = 4;
export const PAY_ABOVE = 100;

export const RULES: LookRules = {
  ...{ afterCreate: 'publish', routeTo: null, onTicketClosed: { unassigned: 'cancel', assigned: 'ask' } },
  ...{ onTicketMerged: 'ask', onTriggerRemoved: 'cancel', createPatienceMs: 90_000, patienceMs: 3_600_000 },
  ...{ payAbove: PAY_ABOVE, hasLinkField: true, conversation: { entries: false, files: false, deliverables: false } },
  news: [],
  ...{ ticketNote: 'mapping', writes: ['assigned', 'checked-out', 'work-done', 'cancelled'] },
};

export interface WorldOrder {
  id: number;
  visit: number;
  status: OrderStatus;
  at: string;
  payload: Record<string, unknown>;
  /** How often a call of ours brought it out. */
  published: number;
  /** When it was made, in ms since 1970; absent: long ago. */
  madeAt?: number;
}

/** Field Nation's search shows an order so much later, in ms. */
const SEARCH_LAG_MS = 20_000;

export const refusal = (patch: Partial<StepFailure> = {}): StepFailure => ({
  ...{ type: 'InvalidRequest', reason: 'rejected', detail: 'refused', remedy: 'mend' },
  ...{ unsure: false, retryAfterMs: null, status: 400, ...patch },
});
export const unavailable = (unsure: boolean): StepFailure =>
  refusal({ type: 'UpstreamUnavailable', reason: 'unavailable', status: unsure ? null : 503, unsure });
/** A key that is refused; the remedy names its settings, by which a sweep knows whose it is. */
export const unauthorized = (kind: StepKind): StepFailure => {
  const setting = KINDS[kind].system === 'freshdesk' ? 'FRESHDESK_API_KEY' : 'FIELD_NATION_CLIENT_ID';
  return refusal({ type: 'Unauthorized', reason: 'unauthorized', remedy: `Check ${setting}`, status: 401 });
};
export const notFound = refusal({ type: 'NotFound', reason: 'not-found', status: 404 });

const planOf = ({ key, at, visit }: EffectInput): EffectPlan => ({
  update: key === 'problem-reported' ? null : { status: key, fields: {}, addTags: [], removeTags: [] },
  note: { body: key, marker: `${visit} ${key} ${at}` },
});

/** What the worlds of an account's tickets have in common. */
export interface WorldAccount {
  /** In ms since 1970. */
  now: number;
  lastOrder: number;
}

export const newAccount = (): WorldAccount => ({ now: Date.UTC(2027, 1, 27, 9), lastOrder: 900 });

/** The other side said no. */
class Refused extends Error {
  constructor(readonly failure: StepFailure) {
    super(failure.detail);
  }
}

export class World {
  /** The ticket as people see it. */
  ticket = { status: TRIGGER, gone: false, pay: 50, site: 'Main St', link: null as string | null };
  updatedAt: string;
  /** Whether our key finds the ticket. */
  found = true;
  rules = RULES;
  /** The status of the order that our writes told the ticket last. */
  told = 'untouched';
  writes = 0;
  notes: string[] = [];
  /** The ticket that this one is a child of, and what its run was told. */
  parentId: number | null = null;
  toldParent: TellParentInput[] = [];
  orders: WorldOrder[] = [];
  /** What Field Nation has still to tell. */
  events: OrderEvent[] = [];
  /** Into which ticket this one was merged, when it is closed. */
  mergedInto: number | null = null;
  paused = false;
  hourIsFull = false;
  /** Whether the note goes along with the change. */
  bringsNote: () => boolean = () => true;
  /** Told before money is spent. */
  spends: (step: Step, order: WorldOrder, payload: Record<string, unknown>) => void = () => undefined;

  constructor(
    readonly ticketId = INPUT.ticketId,
    protected readonly account: WorldAccount = newAccount(),
  ) {
    this.updatedAt = this.time();
  }

  get now(): number {
    return this.account.now;
  }

  set now(now: number) {
    this.account.now = now;
  }

  time(): string {
    return new Date(Math.floor(this.now / 1000) * 1000).toISOString();
  }

  /** A person, or a write of ours, changes the ticket. */
  change(patch: Partial<World['ticket']>): void {
    this.now += 1000;
    Object.assign(this.ticket, patch);
    this.updatedAt = this.time();
  }

  /** An order comes into a status; its event waits to be delivered. */
  become(order: WorldOrder, status: OrderStatus): void {
    this.now += 1000;
    Object.assign(order, { status, at: this.time() });
    this.events.push(this.eventOf(order));
  }

  eventOf({ id, visit, status, at }: WorldOrder): OrderEvent {
    return {
      ...{ key: `${id} ${status} ${at}`, name: status, at, status, workOrderId: id, title: null },
      ...{ correlationId: this.idOf(visit), closingNotes: null, hours: null, start: null, provider: null },
    };
  }

  private idOf(visit: number): string {
    return correlationId(INPUT.account, this.ticketId, visit);
  }

  private ref(order: WorldOrder): OwnOrder {
    const { id, visit, status, at } = order;
    const told = status === 'draft' ? {} : { told: this.eventOf(order) };
    return { workOrderId: id, visit, status, at, correlationId: this.idOf(visit), href: null, ...told };
  }

  sight(): TicketSight {
    if (!this.found) return GONE_SIGHT;
    const { status, gone, link } = this.ticket;
    return {
      ...{ status, tags: [], gone: gone ? 'deleted' : null, closed: status === RESOLVED },
      ...{ statusMatches: status === TRIGGER, matchingTags: [], values: [], barred: null, link },
    };
  }

  private payload(): Record<string, unknown> {
    const { pay, site } = this.ticket;
    return { title: 'A visit', location: { site }, pay: { type: 'fixed', base: { amount: pay } } };
  }

  private look(plan: PlanInput | null): TicketLook {
    const { ticket, rules } = this;
    const updatedAt = this.found ? this.updatedAt : null;
    const payload = this.payload();
    const prints = Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, JSON.stringify(value)]));
    const since = plan?.since;
    const isNew = (key: string): boolean => since?.sent[key] !== prints[key] && since?.refused[key] !== prints[key];
    const patch = Object.fromEntries(Object.entries(payload).filter(([key]) => isNew(key)));
    const mapped = { prints, problems: [], cost: ticket.pay, start: null };
    return {
      sight: this.sight(),
      ...{ updatedAt, createdAt: updatedAt, lastEntryAt: null, rules, files: [], unknownStatuses: [] },
      plan: plan && !since ? { ...mapped, payload, mayComeByItself: false } : null,
      update: since ? { ...mapped, patch } : null,
      content: { print: JSON.stringify(payload), readsStatus: false, readsTags: false },
      matchedBefore: false,
      ...(this.parentId === null ? {} : { parentId: this.parentId }),
    };
  }

  private write(change: TicketChange): unknown {
    this.writes += 1;
    this.told = String(change.status ?? this.told);
    const status = change.status === null ? null : change.status === 'work-done' ? RESOLVED : PENDING;
    this.change(status === null ? {} : { status });
    const write = {
      status,
      closed: status === RESOLVED,
      statusMatches: false,
      matchingTags: [],
      values: [],
      setKeys: [],
    };
    return {
      ...{ updatedAt: this.updatedAt, statusSetAt: null },
      write: { ...write, addedTags: [], removedTags: [] },
    };
  }

  private note(marker: string, lookFirst: boolean): unknown {
    const isThere = this.notes.includes(marker);
    if (!isThere) {
      this.notes.push(marker);
      // A note changes its ticket, too.
      this.change({});
    } else if (!lookFirst && !this.wasReset) this.doubledNotes += 1;
    return { noteId: this.notes.length, createdAt: this.time() };
  }
  doubledNotes = 0;
  /** The run was reset: the activities know, and look first. */
  wasReset = false;
  /** A run before it was cut short: the create knows, and looks among the newest orders, too. */
  wasCutShort = false;

  private order(id: number): WorldOrder | undefined {
    return this.orders.find((order) => order.id === id);
  }

  private searched(): WorldOrder[] {
    return this.orders.filter(({ madeAt = 0 }) => madeAt <= this.now - SEARCH_LAG_MS);
  }

  private create(step: Step, input: InputOf<'create'>): unknown {
    if (this.paused) return { held: 'paused', reason: 'rates' };
    const isThorough = input.thorough || this.wasReset || this.wasCutShort;
    const seen = isThorough ? this.orders : this.searched();
    const found = seen.filter(({ visit }) => visit === input.visit).map((order) => this.ref(order));
    if (found.length > 0) return { found };
    if (this.hourIsFull && !input.beyondHour) return { held: 'hour' };
    const order = { id: ++this.account.lastOrder, visit: input.visit, payload: input.payload, published: 0 };
    const made: WorldOrder = { ...order, status: 'draft', at: this.time(), madeAt: this.now };
    this.spends(step, made, input.payload);
    this.orders.push(made);
    const told = this.eventOf(made);
    this.events.push({ ...told, key: `${made.id} created`, name: 'created', status: null }, told);
    return { created: this.ref(made) };
  }

  private publish(step: Step, { workOrderId, how, takeBack }: InputOf<'publish'>): unknown {
    if (this.paused) return { held: 'paused', reason: 'rates' };
    const order = this.order(workOrderId);
    if (!order) throw new Refused(notFound);
    if (order.status === 'draft' || (takeBack && order.status === 'routed')) {
      this.spends(step, order, order.payload);
      order.published += 1;
      if (order.status === 'routed') this.become(order, 'draft');
      this.become(order, how === 'route' ? 'routed' : 'published');
    }
    return this.ref(order);
  }

  private cancel({ workOrderId, onlyUnassigned }: InputOf<'cancel'>): unknown {
    const order = this.order(workOrderId);
    if (!order) throw new Refused(notFound);
    if (onlyUnassigned && isAssigned(order.status)) return this.ref(order);
    if (order.status === 'approved' || order.status === 'paid') throw new Refused(refusal());
    if (order.status !== 'cancelled') this.become(order, 'cancelled');
    return this.ref(order);
  }

  private update(step: Step, { workOrderId, patch }: InputOf<'update'>): unknown {
    if (this.paused && Object.hasOwn(patch, 'pay')) return { held: 'paused', reason: 'rates' };
    const order = this.order(workOrderId);
    if (!order) throw new Refused(notFound);
    this.spends(step, order, patch);
    Object.assign(order.payload, patch);
    return { refused: null };
  }

  /** Carries a call out. @throws Refused for what the other side refuses. */
  answer(step: Step): unknown {
    switch (step.kind) {
      case 'fetch-ticket':
        return this.look(step.input.plan);
      case 'read-merge':
        return { mergedInto: this.mergedInto };
      case 'read-link':
      case 'check': {
        const order = this.order(step.input.workOrderId);
        if (!order) throw new Refused(notFound);
        return this.ref(order);
      }
      case 'find-own':
      case 'find-unsure':
        return {
          orders: (step.input.by === 'search' ? this.searched() : this.orders).map((order) => this.ref(order)),
          nextPage: null,
        };
      case 'create':
        return this.create(step, step.input);
      case 'delete-draft': {
        const order = this.order(step.input.workOrderId);
        if (order?.status === 'draft') this.become(order, 'cancelled');
        return { deleted: order?.status === 'cancelled' };
      }
      case 'link':
        if (this.rules.hasLinkField) this.change({ link: String(step.input.workOrderId) });
        return { updatedAt: this.updatedAt, status: this.ticket.status, tags: [] };
      case 'publish':
        return this.publish(step, step.input);
      case 'cancel':
        return this.cancel(step.input);
      case 'update':
        return this.update(step, step.input);
      case 'read-own-effect':
        return { noted: false, changedSince: false };
      case 'plan-effect':
      case 'plan-effect-with-ticket':
        return planOf(step.input);
      case 'write-effect': {
        const decision = planOf(step.input.effect);
        const change = decision.update && sparing(decision.update, step.input.spared);
        const written = change && this.write(change);
        const noted =
          written && step.input.withNote && decision.note && this.bringsNote()
            ? this.note(decision.note.marker, false)
            : null;
        return { decision, change, written, noted, noteTried: noted !== null };
      }
      case 'change-ticket':
        return this.write(step.input);
      case 'effect-note':
      case 'agent-note':
        return this.note(step.input.marker, step.input.lookFirst);
      case 'tell-parent':
        this.toldParent.push(step.input);
        return null;
    }
  }
}

/** How a call ends: as it should, or with its answer lost, refused, its key refused, not made at all, or let go of before or after its effect. */
export type End = 'answered' | 'lost' | 'unavailable' | 'refused' | 'unauthorized' | 'not made' | 'unheard';

const READS: readonly StepKind[] = ['fetch-ticket', 'read-merge', 'read-link', 'find-own', 'find-unsure', 'check'];

/** More than any life takes. */
const MOST_TURNS = 10_000;

/** The loop of `ticketDispatch`, one turn at a time. */
export class Run {
  dispatch: Dispatch;
  private turns = 0;
  constructor(
    readonly world: World,
    memory: DispatchMemory = emptyMemory(),
  ) {
    this.dispatch = this.with(memory);
  }

  private with(memory: DispatchMemory): Dispatch {
    return new Dispatch({ ...INPUT, ticketId: this.world.ticketId }, memory, () => this.world.now);
  }

  get memory(): DispatchMemory {
    return this.dispatch.memory;
  }

  /** A new run carries the memory as JSON. */
  continueAsNew(): void {
    this.become(JSON.parse(JSON.stringify(this.memory)) as DispatchMemory);
  }

  /** A run that knows only this. */
  become(memory: DispatchMemory): void {
    this.dispatch = this.with(memory);
  }

  /** Takes one step, or none; `endOf` says how its call ends, `meanwhile` happens while it is under way. */
  turn(endOf: (step: Step) => End = () => 'answered', meanwhile: () => void = () => undefined): Step | null {
    const { dispatch } = this;
    if (++this.turns > MOST_TURNS) throw new Error('its life never ends');
    heed(dispatch);
    absorb(dispatch);
    const step = decide(dispatch);
    if (!step) return null;
    const begun = begin(dispatch, step);
    meanwhile();
    const outcome = this.outcomeOf(step, endOf(step));
    meanwhile();
    evolve(dispatch, step, outcome, begun);
    updateTimes(dispatch);
    return step;
  }

  private outcomeOf(step: Step, end: End): Outcome<unknown> {
    const { manner } = KINDS[step.kind];
    if (end === 'not made') return manner === 'rules' ? this.outcomeOf(step, 'answered') : { kind: 'let go' };
    if (end === 'refused') return { kind: 'failed', failure: refusal() };
    if (end === 'unauthorized' && manner !== 'rules') return { kind: 'failed', failure: unauthorized(step.kind) };
    if (end === 'unavailable') return { kind: 'failed', failure: unavailable(false) };
    try {
      const answer = JSON.parse(JSON.stringify(this.world.answer(step))) as unknown;
      if (end === 'answered' || READS.includes(step.kind) || manner === 'rules') return { kind: 'answered', answer };
      if (end === 'unheard' && manner !== 'once') return { kind: 'let go' };
      return { kind: 'failed', failure: unavailable(true) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return { kind: 'failed', failure: error.failure };
    }
  }

  /** Goes on without faults until nothing is due within a day. */
  settle(): void {
    for (let turns = 0; ; turns++) {
      if (turns > 2000) throw new Error(`it never comes to rest: ${JSON.stringify(this.memory.timeline.slice(-5))}`);
      if (this.turn()) continue;
      const due = isOver(this.dispatch) ? null : nextDue(this.dispatch);
      if (due === null || due > this.world.now + 86_400_000) return;
      this.world.now = Math.max(due, this.world.now + 1);
    }
  }
}
