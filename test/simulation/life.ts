/**
 * The real core – decide, evolve – through lives in which everything goes wrong at once: answers lost, calls let go of,
 * tickets edited, closed and triggered again, money approved early, late, twice or for another sum, runs that end, are reset
 * to an earlier moment or lose their memory. Money is spent only with a yes, one order a visit, nothing goes out for a ticket
 * that was seen closed, and in the end nothing waits that need not.
 */
import assert from 'node:assert/strict';
import type { DispatchMemory } from '../../src/contract/memory';
import { receiveApproval, receiveCancel, receiveRetry } from '../../src/domain/dispatch/commands';
import { emptyMemory } from '../../src/domain/dispatch/empty-memory';
import { receive } from '../../src/domain/dispatch/inbox';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { CHANGE_APPROVAL, KINDS, type Step } from '../../src/domain/dispatch/steps';
import type { OrderEvent } from '../../src/domain/order-event';
import { isAssigned, isWorkOver, type OrderStatus } from '../../src/domain/status';
import { orderDrift, sweepKey } from '../../src/domain/sweep/order-drift';
import { PAY_ABOVE, PENDING, RESOLVED, RULES, Run, TRIGGER, World, type End, type WorldOrder } from './core-world';

/** What Field Nation may make of an order next. */
export const NEXT: Partial<Record<OrderStatus, OrderStatus[]>> = {
  published: ['assigned', 'cancelled'],
  assigned: ['checked-in', 'assignment-cancelled'],
  'checked-in': ['work-done'],
  'work-done': ['approved', 'assigned'],
  'assignment-cancelled': ['published'],
  approved: ['paid'],
};
/** A reset goes back into the beginning of a life, where the money is. */
const MOST_MOMENTS = 20;
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
/** Accounts are set up differently. */
const WORLDS: Partial<World>[] = [
  {},
  { rules: { ...RULES, hasLinkField: false } },
  { rules: { ...RULES, onTriggerRemoved: 'ask' } },
  { rules: { ...RULES, onTriggerRemoved: 'keep', onTicketClosed: { unassigned: 'ask', assigned: 'cancel' } } },
  { rules: { ...RULES, onTicketMerged: 'keep' }, mergedInto: 4712 },
  { mergedInto: 4712 },
  { rules: { ...RULES, afterCreate: 'draft' } },
];
const FORGED: OrderStatus[] = ['published', 'assigned', 'work-done', 'approved', 'cancelled'];
const SUMS = [50, 99, 150, 200, 300];
const ENDS: End[] = ['lost', 'unavailable', 'refused', 'not made', 'unheard'];

const sumOf = (payload: Record<string, unknown>): number =>
  (payload as { pay?: { base: { amount: number } } }).pay?.base.amount ?? 0;

/** Every choice is a number given from outside: the same numbers are the same life. */
export class Life {
  readonly world = new World();
  readonly run = new Run(this.world);
  /** The course of the life in words, oldest first; kept when asked for. */
  readonly story: string[] = [];
  /** The sums that people said yes to, as they stood on the page. */
  private readonly yes: { sum: number; generation: number }[] = [];
  private shown: number | null = null;
  private past: OrderEvent[] = [];
  private turnsTaken = 0;
  /** What the run remembered, and how many events it had been sent by then. */
  private readonly moments: { memory: DispatchMemory; sent: number }[] = [];
  /** Orders that a run made whose memory is gone. */
  private orphans: WorldOrder[] = [];
  private begunAt = 0;
  /** How often a run began without memory: a call under way is still the one's before. */
  private generation = 0;
  private turnOf = 0;
  /** Work orders about which a person was asked for a decision. */
  private readonly askedAbout = new Set<number>();

  constructor(
    private readonly choices: readonly number[],
    private readonly keepsStory = false,
  ) {
    Object.assign(this.world, WORLDS[this.choice(WORLDS.length)]);
    this.world.spends = (step, order, payload) => this.checkSpending(step, order, payload);
    askForLook(this.run.dispatch, null);
    if (this.choice(4) === 0) this.beginWithSecondVisit();
  }

  /** The first visit went well and the ticket is triggered again: what goes wrong from here on has a history behind it. */
  private beginWithSecondVisit(): void {
    const { world, run } = this;
    run.settle();
    for (const status of ['assigned', 'checked-in', 'work-done'] as const) {
      const order = world.orders[0];
      if (order?.status === 'draft') world.become(order, 'published');
      if (order) world.become(order, status);
      this.sendEvents();
      run.settle();
    }
    world.now += 600_000;
    world.change({ status: TRIGGER });
    askForLook(run.dispatch, null);
  }

  private send(event: OrderEvent): void {
    this.past.push(event);
    receive(this.run.dispatch, event);
  }

  private sendEvents(): void {
    for (let event = this.world.events.shift(); event; event = this.world.events.shift()) this.send(event);
  }

  private choice(most: number): number {
    return (this.choices[this.turnsTaken++] ?? 0) % most;
  }

  private get isPlaying(): boolean {
    return this.turnsTaken < this.choices.length;
  }

  private checkSpending(step: Step, order: WorldOrder, payload: Record<string, unknown>): void {
    const { memory } = this.run;
    if (step.kind === 'publish') {
      if (memory.visits.at(-1)?.rules?.afterCreate === 'draft') throw new Error(`draft ${order.id} was published`);
      if (memory.loss !== null) throw new Error(`work order ${order.id} published for a ticket that was seen closed`);
      // By less than two minutes nobody can tell whose it is: clocks differ.
      const isOfGoneRun =
        this.turnOf === this.generation &&
        this.orphans.includes(order) &&
        Date.parse(order.at) < this.begunAt - 120_000;
      if (isOfGoneRun) throw new Error(`work order ${order.id} of a run that is gone was published`);
    }
    const cost = sumOf(payload);
    // A call under way is made with the yes that its own run was given.
    const given = this.yes.filter(({ generation }) => generation === this.turnOf);
    const isCovered = cost <= PAY_ABOVE || given.some(({ sum }) => cost <= sum);
    if (!isCovered) throw new Error(`${step.kind} of $${cost} without a yes that covers it`);
    const known = this.run.dispatch.newest?.status;
    const touches = 'pay' in payload || 'location' in payload;
    if (step.kind === 'update' && touches && known && isAssigned(known.key) && given.length === 0)
      throw new Error(`pay or site of work order ${order.id} changed under a technician without a yes`);
  }

  /** What people, Field Nation and the engine do beside the steps. */
  private happen(): void {
    const { world, run } = this;
    const { dispatch } = run;
    switch (this.choice(19)) {
      case 0:
        world.change({ pay: SUMS[this.choice(SUMS.length)] ?? 50 });
        return askForLook(dispatch, null);
      case 1:
        world.change({ site: `Main St ${this.choice(3)}` });
        return askForLook(dispatch, null);
      case 2:
        world.change({ status: [TRIGGER, PENDING, RESOLVED, TRIGGER][this.choice(4)] ?? TRIGGER });
        return askForLook(dispatch, null);
      case 3:
      case 4:
        return this.approve(dispatch.newest?.approval?.amount);
      case 5:
        // The page was read a while ago.
        this.approve(this.shown ?? undefined);
        this.shown = dispatch.newest?.approval?.amount ?? this.shown;
        return;
      case 6:
        return receiveRetry(dispatch, { by: 'ann' });
      case 7:
        return this.choice(4) === 0 ? receiveCancel(dispatch, { reason: 'no need', by: 'ann' }) : undefined;
      case 8:
        world.paused = !world.paused;
        return;
      case 9:
        world.hourIsFull = !world.hourIsFull;
        return;
      case 10:
      case 11: {
        const order = world.orders.at(-1);
        const next = order && NEXT[order.status];
        if (order && next) world.become(order, next[this.choice(next.length)] ?? 'published');
        return;
      }
      case 12: {
        const [event] = world.events.splice(this.choice(Math.max(world.events.length, 1)), 1);
        return event && this.send(event);
      }
      case 13: {
        const event = this.past[this.choice(Math.max(this.past.length, 1))];
        return event && this.send({ ...event, key: `again ${this.choice(9)}` });
      }
      case 14:
        world.now += [1000, 60_000, 600_000, 7_200_000][this.choice(4)] ?? 1000;
        return;
      case 15:
        return this.choice(4) === 0 ? this.loseMemory() : undefined;
      case 16:
        return this.choice(2) === 0 ? this.reset() : undefined;
      case 17:
        return this.sendForged();
      default:
        return askForLook(dispatch, this.choice(2) === 0 ? 'reconcile' : null);
    }
  }

  /** Terminated, or lost with a backup: a webhook or a sweep starts the next run. */
  private loseMemory(): void {
    this.tell('the run is terminated; a new one begins without memory');
    this.orphans = [...this.world.orders];
    this.begunAt = this.world.now;
    this.generation += 1;
    this.run.become(emptyMemory());
    this.world.wasCutShort = true;
    askForLook(this.run.dispatch, 'reconcile');
  }

  /** `temporal workflow reset`: what was done after that moment is forgotten; events that came since are sent once more. */
  private reset(): void {
    const moment = this.moments[this.choice(Math.max(this.moments.length, 1))];
    if (!moment) return;
    this.tell('the run is reset to an earlier moment');
    this.run.become(copy(moment.memory));
    this.world.wasReset = true;
    // It is the run that made them, or knows that it may have.
    this.orphans = [];
    for (const event of this.past.slice(moment.sent)) receive(this.run.dispatch, event);
    askForLook(this.run.dispatch, null);
  }

  private tell(what: string): void {
    if (this.keepsStory) this.story.push(`${new Date(this.world.now).toISOString()}  ${what}`);
  }

  /** A clone of the order tells of itself. While no order is known an event is the proof of a create, by design. */
  private sendForged(): void {
    const { newest } = this.run.dispatch;
    if (!newest?.workOrderId) return;
    const status = FORGED[this.choice(FORGED.length)] ?? 'work-done';
    const at = new Date(this.world.now).toISOString();
    const clone = { id: 900_000 + this.choice(9), visit: newest.number, status, at, published: 0, payload: {} };
    this.tell(`work order ${clone.id}, a clone, tells that it is ${status}`);
    receive(this.run.dispatch, this.world.eventOf(clone));
  }

  private approve(amount: number | null | undefined): void {
    const { run } = this;
    if (amount === undefined || amount === null) return;
    this.yes.push({ sum: amount, generation: this.generation });
    receiveApproval(run.dispatch, { by: 'ann', amount });
  }

  private turn(): void {
    const endOf = (step: Step): End => {
      if (!this.isPlaying || this.choice(3) > 0) return 'answered';
      const end = ENDS[this.choice(ENDS.length)] ?? 'lost';
      // Nobody lets go of a call that has begun to spend money.
      return end === 'unheard' && KINDS[step.kind].manner === 'once' ? 'lost' : end;
    };
    const meanwhile = (): void => {
      if (this.isPlaying && this.choice(4) === 0) this.happen();
    };
    const before = this.run.memory.timeline.length;
    this.turnOf = this.generation;
    const step = this.run.turn(endOf, meanwhile);
    if (step)
      this.tell(
        `${step.kind}${this.run.memory.timeline
          .slice(before)
          .map(({ what, detail }) => ` · ${what}: ${detail}`)
          .join('')}`,
      );
    this.world.now += 1000;
    this.check();
  }

  /** What is true after each turn. */
  private check(): void {
    const { memory, dispatch } = this.run;
    const visit = dispatch.newest;
    const waits = (step: string): boolean => memory.blocked.some((blocked) => blocked.step === step);
    for (const { attention } of memory.blocked)
      if (attention?.reason === 'decision') this.askedAbout.add(visit?.workOrderId ?? 0);
    const wanted = visit?.approval ?? null;
    const ask = { order: 'approval', hour: 'approval', change: CHANGE_APPROVAL };
    if (wanted && wanted.of !== 'change') assert.deepEqual([visit?.stage, waits(ask[wanted.of])], ['approval', true]);
    if (waits('approval')) assert.match(wanted?.of ?? 'nothing', /order|hour/);
    if (wanted?.of === 'order' && wanted.amount !== null) {
      assert.ok(wanted.amount > Math.max(PAY_ABOVE, visit?.approved?.amount ?? 0), 'a yes is asked that is there');
    }
    for (const number of new Set(this.world.orders.map((order) => order.visit))) {
      const out = this.world.orders.filter(({ visit: of, published }) => of === number && published > 0);
      assert.ok(out.length <= 1, `visit ${number} has two published work orders`);
    }
    for (const { id, published } of this.world.orders) assert.ok(published <= 1, `work order ${id} published twice`);
  }

  play(): void {
    while (this.isPlaying) {
      if (this.moments.length < MOST_MOMENTS)
        this.moments.push({ memory: copy(this.run.memory), sent: this.past.length });
      const pick = this.choice(8);
      if (pick < 4) this.turn();
      else if (pick === 4) this.run.continueAsNew();
      else this.happen();
    }
  }

  /** Everything works again, all events arrive, and people answer what is asked. */
  comeToRest(): void {
    const { world, run } = this;
    Object.assign(world, { paused: false, hourIsFull: false });
    this.turnOf = this.generation;
    for (let round = 0; round < 40; round++) {
      // Sweeps come every ten minutes: the search shows by then what was made.
      world.now += 600_000;
      this.sendEvents();
      this.sweep();
      askForLook(run.dispatch, null);
      run.settle();
      this.check();
      // A sweep sees what the round before it has linked.
      if (round > 0 && run.memory.blocked.length === 0 && world.events.length === 0) return;
      const wanted = run.dispatch.newest?.approval;
      if (wanted) this.approve(wanted.amount);
      else receiveRetry(run.dispatch, { by: 'ann' });
    }
    throw new Error(`it goes on waiting: ${JSON.stringify(run.memory.blocked)}`);
  }

  /** As reconcile does: what a held order has become without its dispatch, and drafts of ours that no dispatch holds. */
  private sweep(): void {
    const { memory, dispatch } = this.run;
    const milestones = { assigned: null, workDone: null, approved: null };
    for (const order of this.world.orders) {
      const event = this.world.eventOf(order);
      const known = memory.visits.find(({ workOrderId }) => workOrderId === order.id)?.status;
      if (known) {
        for (const step of orderDrift(known, { status: order.status, at: order.at, milestones }))
          receive(dispatch, { ...event, key: sweepKey(order.id, known, step), status: step.key, at: step.at });
      } else if (order.status === 'draft') receive(dispatch, { ...event, key: `sweep ${order.id}` });
    }
  }

  /** What is true when all is over. */
  checkEnd(): void {
    const { memory, dispatch } = this.run;
    const visit = dispatch.newest;
    if (!visit) return assert.notEqual(memory.skipped, null, 'it ended without a visit and without saying why');
    assert.match(visit.stage, /^(open|ended)$/);
    const ofVisit = this.world.orders.filter((order) => order.visit === visit.number);
    // A draft that the search did not show in time stays a draft; a sweep has told of it.
    const isLeft = ({ id, status, published }: WorldOrder): boolean =>
      status === 'draft' && published === 0 && id !== visit.workOrderId;
    // Called off by a person before anything of it was known: work that is done needs nobody any more.
    const isDone = ({ status }: WorldOrder): boolean => visit.workOrderId === null && isWorkOver(status);
    const live = ofVisit.filter((order) => order.status !== 'cancelled' && !isLeft(order) && !isDone(order));
    assert.ok(live.length <= 1, 'two live work orders of one visit');
    if (live[0]) assert.deepEqual([visit.workOrderId, visit.status?.key], [live[0].id, live[0].status]);
    for (const order of this.world.orders)
      if (order.status !== 'cancelled')
        assert.ok(order.visit <= visit.number, `work order ${order.id} belongs to nobody`);
    const isHeldBack = visit.rules?.afterCreate === 'draft' || this.askedAbout.has(visit.workOrderId ?? 0);
    if (live[0]?.status === 'draft') assert.ok(isHeldBack, `draft ${live[0].id} waits and nobody was asked`);
    assert.equal(this.world.doubledNotes, 0, 'a note was written twice');
  }
}

/** @throws Error that says which promise was broken. */
export function live(choices: readonly number[], keepsStory = false): Life {
  const life = new Life(choices, keepsStory);
  life.play();
  life.comeToRest();
  life.checkEnd();
  return life;
}
