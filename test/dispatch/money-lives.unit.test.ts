/**
 * The real core – decide, evolve – through lives in which everything goes wrong at once: answers lost, calls let go of,
 * tickets edited, money approved early, late, twice or for another sum, runs that end. Money is spent only with a yes, one
 * order a visit, and in the end nothing waits that need not.
 */
import fc from 'fast-check';
import { receiveApproval, receiveCancel, receiveRetry } from '../../src/domain/dispatch/commands';
import { receive } from '../../src/domain/dispatch/inbox';
import { askForLook } from '../../src/domain/dispatch/look-request';
import { CHANGE_APPROVAL, KINDS, type Step } from '../../src/domain/dispatch/steps';
import type { OrderEvent } from '../../src/domain/order-event';
import { isAssigned, type OrderStatus } from '../../src/domain/status';
import { PAY_ABOVE, PENDING, RESOLVED, Run, TRIGGER, World, type End, type WorldOrder } from './core-world';

const NEXT: Partial<Record<OrderStatus, OrderStatus[]>> = {
  published: ['assigned', 'cancelled'],
  assigned: ['checked-in', 'assignment-cancelled'],
  'checked-in': ['work-done'],
  'work-done': ['approved', 'assigned'],
  'assignment-cancelled': ['published'],
  approved: ['paid'],
};
const SUMS = [50, 99, 150, 200, 300];
const ENDS: End[] = ['lost', 'unavailable', 'refused', 'not made', 'unheard'];

const sumOf = (payload: Record<string, unknown>): number =>
  (payload as { pay?: { base: { amount: number } } }).pay?.base.amount ?? 0;

class Life {
  readonly world = new World();
  readonly run = new Run(this.world);
  /** The sums that people said yes to, as they stood on the page. */
  private readonly yes: number[] = [];
  private shown: number | null = null;
  private past: OrderEvent[] = [];
  private turnsTaken = 0;

  constructor(private readonly choices: readonly number[]) {
    this.world.spends = (step, order, payload) => this.checkSpending(step, order, payload);
    askForLook(this.run.dispatch, null);
  }

  private choice(most: number): number {
    return (this.choices[this.turnsTaken++] ?? 0) % most;
  }

  private get isPlaying(): boolean {
    return this.turnsTaken < this.choices.length;
  }

  private checkSpending(step: Step, order: WorldOrder, payload: Record<string, unknown>): void {
    const cost = sumOf(payload);
    const isCovered = cost <= PAY_ABOVE || this.yes.some((sum) => cost <= sum);
    if (!isCovered) throw new Error(`${step.kind} of $${cost} without a yes that covers it`);
    const known = this.run.dispatch.newest?.status;
    const touches = 'pay' in payload || 'location' in payload;
    if (step.kind === 'update' && touches && known && isAssigned(known.key) && this.yes.length === 0)
      throw new Error(`pay or site of work order ${order.id} changed under a technician without a yes`);
  }

  /** What people, Field Nation and the engine do beside the steps. */
  private happen(): void {
    const { world, run } = this;
    const { dispatch } = run;
    switch (this.choice(16)) {
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
        if (!event) return;
        this.past.push(event);
        return void receive(dispatch, event);
      }
      case 13: {
        const event = this.past[this.choice(Math.max(this.past.length, 1))];
        return void (event && receive(dispatch, { ...event, key: `again ${this.choice(9)}` }));
      }
      case 14:
        world.now += [1000, 60_000, 600_000, 7_200_000][this.choice(4)] ?? 1000;
        return;
      default:
        return askForLook(dispatch, this.choice(2) === 0 ? 'reconcile' : null);
    }
  }

  private approve(amount: number | null | undefined): void {
    const { run } = this;
    if (amount === undefined || amount === null) return;
    this.yes.push(amount);
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
    this.run.turn(endOf, meanwhile);
    this.world.now += 1000;
    this.check();
  }

  /** What is true after each turn. */
  private check(): void {
    const { memory, dispatch } = this.run;
    const visit = dispatch.newest;
    const waits = (step: string): boolean => memory.blocked.some((blocked) => blocked.step === step);
    const wanted = visit?.approval ?? null;
    const ask = { order: 'approval', hour: 'approval', change: CHANGE_APPROVAL };
    if (wanted && wanted.of !== 'change') expect([visit?.stage, waits(ask[wanted.of])]).toEqual(['approval', true]);
    if (waits('approval')) expect(wanted).toMatchObject({ of: expect.stringMatching(/order|hour/) });
    if (wanted?.of === 'order' && wanted.amount !== null) {
      expect(wanted.amount).toBeGreaterThan(Math.max(PAY_ABOVE, visit?.approved?.amount ?? 0));
    }
    for (const { number } of memory.visits) {
      const out = this.world.orders.filter(({ visit: of, published }) => of === number && published > 0);
      expect(out.length).toBeLessThanOrEqual(1);
    }
    for (const { published } of this.world.orders) expect(published).toBeLessThanOrEqual(1);
  }

  play(): void {
    while (this.isPlaying) {
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
    for (let round = 0; round < 40; round++) {
      while (world.events.length > 0) receive(run.dispatch, world.events.splice(0, 1)[0] as OrderEvent);
      askForLook(run.dispatch, null);
      run.settle();
      this.check();
      const { blocked } = run.memory;
      if (blocked.length === 0 && world.events.length === 0) return;
      const wanted = run.dispatch.newest?.approval;
      if (wanted) this.approve(wanted.amount);
      else receiveRetry(run.dispatch, { by: 'ann' });
    }
    throw new Error(`it goes on waiting: ${JSON.stringify(run.memory.blocked)}`);
  }
}

it('spends nothing without a yes, sends one order a visit, and comes to rest, in 10,000 lives', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1 << 16), { maxLength: 60, size: 'max' }), (choices) => {
      const life = new Life(choices);
      life.play();
      life.comeToRest();
      const { memory, dispatch } = life.run;
      const visit = dispatch.newest;
      if (!visit) return expect(memory.skipped).not.toBeNull();
      expect(visit.stage).toMatch(/^(open|ended)$/);
      const ofVisit = life.world.orders.filter((order) => order.visit === visit.number);
      const live = ofVisit.filter(({ status }) => status !== 'cancelled');
      expect(live.length).toBeLessThanOrEqual(1);
      if (live[0]) expect([visit.workOrderId, visit.status?.key]).toEqual([live[0].id, live[0].status]);
      expect(life.world.doubledNotes).toBe(0);
    }),
    { numRuns: 10_000 },
  );
});
