/**
 * The real walk of sweeps over an account of several tickets: webhooks that never come, lists that lag, pages that change while
 * they are read, quotas and keys that are refused, runs that are terminated or lost with a backup, memos that no key reads,
 * sweeps that are cut short, doubled, or have a twin beside them. What no webhook told is seen by the second whole sweep,
 * no visit begins on a sweep's word, nothing is told twice, and no sweep spends more than its share.
 */
import assert from 'node:assert/strict';
import { ActivityFailure, RetryState } from '@temporalio/common';
import type { UpstreamSystem } from '../../src/contract/failures';
import type { ReconcileInput, ReconcileResult } from '../../src/contract/reconcile';
import { receive } from '../../src/domain/dispatch/inbox';
import { KINDS, type Step } from '../../src/domain/dispatch/steps';
import { isWorkOver, sameStage } from '../../src/domain/status';
import { Sweep } from '../../workflows/reconcile/sweep';
import type { SweepCalls } from '../../workflows/reconcile/sweep-calls';
import { lastMarks, walk } from '../../workflows/reconcile/walk';
import { INPUT, PENDING, RESOLVED, TRIGGER, type End, type WorldOrder } from './core-world';
import { NEXT } from './life';
import { stateOf, type ModelRun } from './engine-model';
import { isTold, SweptAccount, type UpstreamEnd } from './swept-account';
import type { SweptTicket } from './swept-ticket';

const INTERVAL_MS = 600_000;
/** What a sweep may save up, where an interval earns less. */
const LEAST = 10;
/** A ticket that is not found is asked about for a day from when a sweep first heard of it, in ms. */
const ASKED_FOR_MS = 20 * 3_600_000;
const OVER = ['completed', 'cancelled', 'skipped'];
const MOST_TICKETS = 6;
const WAITS = [1000, 60_000, 600_000, 7_200_000, 20 * 86_400_000];
const LAGS = [0, 20_000, 240_000];
const ENDS: UpstreamEnd[] = ['away', 'busy', 'refused', 'denied'];
const SYSTEMS = ['freshdesk', 'field-nation'] as const;
/** Lists of open orders, ranges of their numbers and pages of drafts take turns: in so many sweeps each has had its own. */
const ROUND = 6;
/** With a budget for a few pages: */
const TIGHT = 16;

const copy = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T));

/** The sweep is ended from outside, or by its longest time. */
class Cut extends Error {}

/** What one sweep has asked, and who gave it no answer. */
interface Frame {
  asked: Record<UpstreamSystem, number>;
  answered: Set<UpstreamSystem>;
  silent: Set<UpstreamSystem>;
}

/** Every choice is a number given from outside: the same numbers are the same life. */
export class SweepLife {
  /** The course of the life in words, oldest first; kept when asked for. */
  readonly story: string[] = [];
  readonly account = new SweptAccount((system) => this.endOf(system));
  private readonly input: ReconcileInput;
  /** A sweep may not read all that there is. */
  private readonly isTight: boolean;
  private readonly calls: SweepCalls;
  private readonly frames: Frame[] = [];
  private readonly refusedKeys = new Set<UpstreamSystem>();
  /** Tickets whose webhook is still to come. */
  private late: SweptTicket[] = [];
  private lastResult: unknown = null;
  private taken = 0;
  /** Why the last sweep was cut. */
  private cause = 'its budget was used up';
  /** Sweeps whose result no later one knew. */
  private forgotten = 0;

  constructor(
    private readonly choices: readonly number[],
    private readonly keepsStory = false,
  ) {
    const { account } = this;
    const perMinute = [200, 200, 5][this.choice(3)] ?? 200;
    this.isTight = perMinute === 5;
    account.pageSize = [100, 2, 1][this.choice(3)] ?? 100;
    account.isInclusive = this.choice(2) === 0;
    account.engine.lag = [0, 5000, 50_000][this.choice(3)] ?? 0;
    // Matched before Deskbridge was there.
    account.ticket(1);
    account.clock.now += 60_000;
    this.input = {
      ...{ account: INPUT.account, since: account.iso(), interval: INTERVAL_MS },
      callsPerMinute: { freshdesk: perMinute, fieldNation: perMinute },
    };
    const asked = new Proxy({}, { get: (_, name: string) => (input: unknown) => this.call(name, input) });
    const all = asked as SweepCalls['freshdesk'] & SweepCalls['fieldNation'] & SweepCalls['engine'];
    this.calls = { freshdesk: all, fieldNation: all, engine: all, repaired: () => undefined };
    for (let n = this.choice(3); n >= 0; n--) this.open();
  }

  private choice(most: number): number {
    return (this.choices[this.taken++] ?? 0) % most;
  }

  private pick<T>(all: readonly T[]): T | undefined {
    return all[this.choice(Math.max(all.length, 1))];
  }

  private get isPlaying(): boolean {
    return this.taken < this.choices.length;
  }

  private get tickets(): SweptTicket[] {
    return [...this.account.tickets.values()];
  }

  private tell(what: string): void {
    if (this.keepsStory) this.story.push(`${this.account.iso()}  ${what}`);
  }

  private endOf(system: UpstreamSystem): UpstreamEnd {
    const frame = this.frames.at(-1);
    const chance = this.isPlaying && this.choice(8) === 0 ? (this.pick(ENDS) ?? 'away') : 'answered';
    const end = this.refusedKeys.has(system) ? 'refused' : chance;
    if (!frame) return end;
    assert.ok(!frame.silent.has(system), `${system} was asked again by a sweep that it had not answered`);
    frame.asked[system] += 1;
    if (end === 'answered') frame.answered.add(system);
    else this.tell(`  ${system} is ${end}`);
    if (end === 'away' || end === 'busy' || (end === 'refused' && !frame.answered.has(system)))
      frame.silent.add(system);
    return end;
  }

  private async call(name: string, input: unknown): Promise<unknown> {
    const activity = (this.account.activities as unknown as Record<string, (input: unknown) => Promise<unknown>>)[
      name
    ]!;
    await this.meanwhile();
    const isCut = this.isPlaying && this.choice(60) === 0;
    const isLost = this.isPlaying && this.choice(12) === 0;
    try {
      if (isCut && this.choice(2) === 0) throw new Cut('ended before a call');
      let answer = await activity(copy(input));
      if (isLost && !this.isOfUpstream(name)) {
        // The engine does it once more.
        await this.meanwhile();
        answer = await activity(copy(input));
      }
      if (isCut) throw new Cut('ended after a call');
      if (this.keepsStory) this.tell(`  ${name} ${JSON.stringify(input) ?? ''} → ${JSON.stringify(answer) ?? ''}`);
      return copy(answer);
    } catch (error) {
      if (error instanceof Cut || error instanceof assert.AssertionError) throw error;
      if (isTold(error))
        throw new ActivityFailure('failed', name, undefined, RetryState.NON_RETRYABLE_FAILURE, undefined, error);
      throw new Cut(`${name} is tried until the sweep is ended: ${String(error)}`);
    }
  }

  private isOfUpstream(name: string): boolean {
    return /^(list|read)/.test(name);
  }

  /** What goes on while a sweep waits for an answer. */
  private async meanwhile(): Promise<void> {
    this.account.clock.now += 200;
    while (this.isPlaying && this.choice(4) === 0) await this.happen();
  }

  private open(): SweptTicket {
    const { account } = this;
    const ticket = account.ticket(1 + account.tickets.size);
    // Their numbers are far apart, as others make orders as well.
    if (this.choice(3) === 0) account.clock.lastOrder += 5000;
    ticket.listLag = this.pick(LAGS) ?? 0;
    ticket.spends = (step, order) => this.checkSpending(ticket, step, order);
    // Rights to its group, or a replica, come later.
    ticket.found = this.choice(8) > 0;
    ticket.edit({});
    this.tell(`ticket ${ticket.ticketId} is opened${ticket.found ? '' : ', and not found by our key'}`);
    if (ticket.found) this.webhookOf(ticket);
    else ticket.tell(null);
    return ticket;
  }

  private webhookOf(ticket: SweptTicket): void {
    switch (this.choice(3)) {
      case 0:
        return ticket.tell(null);
      case 1:
        this.late.push(ticket);
        return;
      default:
        this.tell(`  its webhook never comes`);
    }
  }

  private checkSpending(
    { ticketId, changedAt, toldAt, orders }: SweptTicket,
    { kind }: Step,
    { visit }: WorldOrder,
  ): void {
    if (kind !== 'create') return;
    assert.ok(changedAt !== null, `a visit of ticket ${ticketId}, which nobody touched since Deskbridge is there`);
    const before = orders.filter((order) => order.visit < visit).map(({ at }) => Date.parse(at));
    const overAt = Math.max(-Infinity, ...before);
    assert.ok(toldAt >= overAt, `visit ${visit} of ticket ${ticketId} began though no webhook told of it`);
  }

  /** What people, Field Nation and the engine do. */
  private async happen(): Promise<void> {
    const { account } = this;
    const ticket = this.pick(this.tickets.slice(1))!;
    const { ticketId } = ticket;
    switch (this.choice(20)) {
      case 0:
      case 1:
        ticket.listLag = this.pick(LAGS) ?? 0;
        ticket.edit([{ pay: 50 + this.choice(9) }, { site: `Main St ${this.choice(9)}` }][this.choice(2)] ?? {});
        this.tell(`ticket ${ticketId} is edited`);
        return this.webhookOf(ticket);
      case 2:
      case 3:
        ticket.listLag = this.pick(LAGS) ?? 0;
        ticket.edit({ status: [TRIGGER, PENDING, RESOLVED][this.choice(3)] ?? TRIGGER });
        this.tell(`ticket ${ticketId} gets status ${ticket.ticket.status}`);
        return this.webhookOf(ticket);
      case 4:
        if (account.tickets.size < MOST_TICKETS) this.open();
        return;
      case 5:
      case 6:
      case 7:
        return this.progress(ticket);
      case 8: {
        const late = this.late.splice(this.choice(Math.max(this.late.length, 1)), 1)[0];
        return late?.tell(null);
      }
      case 9:
        if (this.choice(2) > 0 || !ticket.isRunning) return;
        this.tell(`the run of ticket ${ticketId} is terminated`);
        return ticket.end(this.choice(2) === 0 ? 'Terminated' : 'Failed');
      case 10:
        return this.choice(4) === 0 && this.frames.length === 0 ? this.restore(ticket) : undefined;
      case 11:
        if (this.choice(2) > 0) return;
        ticket.goneAs = this.choice(2) === 0 ? 'deleted' : 'spam';
        ticket.edit({ gone: !ticket.ticket.gone });
        this.tell(`ticket ${ticketId} is ${ticket.ticket.gone ? 'deleted' : 'restored'}`);
        return;
      case 12:
        account.clock.now += this.pick(WAITS) ?? 1000;
        return;
      case 13:
        if (this.choice(2) === 0) account.webhook.isActive = !account.webhook.isActive;
        account.webhook.updatedAt = account.iso();
        this.tell(`the webhook is changed, and ${account.webhook.isActive ? 'on' : 'off'}`);
        return;
      case 14:
        if (!ticket.record) return;
        this.tell(`no key reads the memo of ticket ${ticketId}`);
        return account.engine.change(ticket.record, { isUnreadable: true });
      case 15: {
        const system = this.pick(SYSTEMS) ?? 'freshdesk';
        if (!this.refusedKeys.delete(system)) this.refusedKeys.add(system);
        return;
      }
      case 16:
        if (this.frames.length === 1) await this.sweep();
        return;
      default:
        for (let turns = this.choice(6); turns >= 0 && ticket.turn((step) => this.endOfStep(step)); turns--)
          account.clock.now += 300;
    }
  }

  /** A backup from before the ticket's dispatch began is put back: the sweeps of that time are gone as well. */
  private restore(ticket: SweptTicket): void {
    const { engine } = this.account;
    const { record } = ticket;
    // Of a ticket that is not found its run alone knows.
    if (!record || !ticket.found) return;
    this.tell(`a backup from before the run of ticket ${ticket.ticketId} is put back`);
    ticket.forget();
    const isOlder = (run: ModelRun): boolean => (stateOf(run).closedAt ?? Infinity) < record.startedAt;
    engine.runs = engine.runs.filter((run) => run.type !== 'reconcile' || isOlder(run));
    this.lastResult = engine.runs.findLast(({ result }) => result !== null)?.result ?? null;
    this.forgotten += 1;
  }

  private endOfStep({ kind }: Step): End {
    return this.refusedKeys.has(KINDS[kind].system) ? 'unauthorized' : 'answered';
  }

  /** A work order goes on in Field Nation, which may tell of it, now or later. */
  private progress(ticket: SweptTicket): void {
    const order = ticket.orders.at(-1);
    const next = order && NEXT[order.status];
    if (!next) return;
    ticket.listLag = this.pick(LAGS) ?? 0;
    ticket.become(order, this.pick(next) ?? 'published');
    this.tell(`work order ${order.id} of ticket ${ticket.ticketId} becomes ${order.status}`);
    if (!this.account.webhook.isActive) {
      ticket.events = [];
      return;
    }
    switch (this.choice(4)) {
      case 0:
        return this.deliver(ticket);
      case 1:
        return;
      case 2: {
        const workOrderId = this.choice(6) === 0 ? null : order.id;
        this.account.logs.push({ workOrderId, createdAt: this.account.iso() });
        this.tell('  its webhook is given up');
        break;
      }
      default:
        this.tell('  its webhook never comes');
    }
    ticket.events = [];
  }

  private deliver(ticket: SweptTicket): void {
    for (const event of ticket.events.splice(0)) if (ticket.run) receive(ticket.run.dispatch, event);
  }

  private async sweep(): Promise<ReconcileResult | null> {
    const { account } = this;
    const frame: Frame = { asked: { freshdesk: 0, 'field-nation': 0 }, answered: new Set(), silent: new Set() };
    this.tell('a sweep begins');
    this.frames.push(frame);
    // Whoever begins beside it knows nothing of what it spends.
    if (this.frames.length > 1) this.forgotten += 1;
    const record = account.engine.start('reconcile', `reconcile-${INPUT.account}`, {}, () => undefined);
    try {
      // A schedule that is made anew hands nothing on.
      const isNew = this.isPlaying && this.choice(10) === 0;
      // The index may not show the last one yet.
      if (isNew) this.forgotten += 1;
      const marks = await lastMarks(isNew ? null : copy(this.lastResult), this.calls.engine);
      const result = await walk(new Sweep(this.input, marks, () => account.clock.now, this.calls));
      this.lastResult = copy(result);
      record.result = copy(result);
      account.engine.close(record, 'Completed');
      const { marks: _marks, ...shown } = result;
      if (this.keepsStory) this.tell(`a sweep ends: ${JSON.stringify(shown)}`);
      return result;
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      this.tell(`a sweep is cut: ${error.message}`);
      this.cause = error.message;
      this.forgotten += 1;
      account.engine.close(record, 'Terminated');
      return null;
    } finally {
      this.frames.pop();
      this.checkFrame(frame);
    }
  }

  private mostOf(perMinute: number): number {
    return Math.max((0.1 * perMinute * INTERVAL_MS) / 60_000, LEAST);
  }

  private checkFrame({ asked }: Frame): void {
    const most = this.mostOf(this.input.callsPerMinute.freshdesk);
    for (const system of SYSTEMS) assert.ok(asked[system] <= most, `a sweep asked ${system} ${asked[system]} times`);
    for (const { ticketId, orders } of this.tickets) {
      for (const number of new Set(orders.map(({ visit }) => visit))) {
        const out = orders.filter(({ visit, published }) => visit === number && published > 0);
        assert.ok(out.length <= 1, `visit ${number} of ticket ${ticketId} has two published work orders`);
      }
    }
  }

  /** @throws Error that says which promise was broken. */
  async through(): Promise<void> {
    while (this.isPlaying) {
      if (this.choice(4) > 0) await this.happen();
      else await this.sweep();
    }
    await this.comeToRest();
  }

  private async comeToRest(): Promise<void> {
    const { account } = this;
    this.tell('nothing goes wrong any more');
    this.refusedKeys.clear();
    this.late = [];
    const hidden = this.tickets.filter(({ found }) => !found);
    for (const ticket of hidden) ticket.found = true;
    // For a day it is asked about again.
    const isLost = ({ changedAt }: SweptTicket): boolean =>
      account.clock.now - Date.parse(changedAt ?? '') > ASKED_FOR_MS;
    const lost = hidden.filter(isLost);
    this.settle();
    // Where the budget is no limit each sweep is whole.
    await this.sweeps(this.isTight ? TIGHT : 2);
    for (const ticket of this.tickets) if (!hidden.includes(ticket)) this.checkSeen(ticket);
    await this.sweeps(ROUND);
    for (const ticket of this.tickets) if (!lost.includes(ticket)) this.checkEnd(ticket);
    for (const { mended, retries, soughtAgain, tickets } of await this.sweeps(2))
      assert.deepEqual(
        [mended, retries, soughtAgain, tickets.checked],
        [0, 0, 0, 0],
        'a sweep finds something for ever',
      );
    const { callsPerMinute } = this.input;
    const since = account.clock.now - Date.parse(this.input.since);
    const most = this.mostOf(callsPerMinute.freshdesk);
    const earned = (0.1 * callsPerMinute.freshdesk * since) / 60_000;
    for (const system of SYSTEMS) {
      const asked = account.asked[system];
      assert.ok(
        asked <= earned + most * (1 + this.forgotten),
        `${system} was asked ${asked} times: more than the share`,
      );
    }
  }

  private async sweeps(count: number): Promise<ReconcileResult[]> {
    const results: ReconcileResult[] = [];
    while (results.length < count) {
      const result = await this.sweep();
      this.settle();
      assert.ok(result && (this.isTight || !result.unfinished), `a sweep is not whole: ${this.cause}`);
      results.push(result);
    }
    return results;
  }

  /** All dispatches do what is due until the next sweep. */
  private settle(): void {
    const { clock } = this.account;
    const until = clock.now + INTERVAL_MS;
    for (let turns = 0; clock.now < until; turns++) {
      assert.ok(turns < 5000, 'dispatches never come to rest');
      const hasTurned = this.tickets.filter((ticket) => ticket.turn(() => 'answered')).length > 0;
      if (hasTurned) continue;
      const due = Math.min(until, ...this.tickets.flatMap(({ dueAt }) => dueAt ?? []));
      clock.now = Math.max(due, clock.now + 1000);
    }
  }

  /** What a person changed on the ticket. */
  private checkSeen(ticket: SweptTicket): void {
    const { ticketId, changedAt, record } = ticket;
    if (changedAt === null) return;
    const { status, gone } = ticket.ticket;
    const state = record && stateOf(record);
    const sync = state?.memo.sync as
      | { lookedAt: string | null; writtenAt: string | null; status: number; matches: boolean; gone: boolean }
      | undefined;
    const what = `the last change of ticket ${ticketId} was never seen`;
    const isSeen = Date.parse(sync?.lookedAt ?? '') >= Date.parse(changedAt);
    if (!ticket.isRunning) {
      const isWanted = status === TRIGGER && !gone;
      return assert.ok(isSeen || !isWanted, what);
    }
    // Behind a later write of our own it shows by what is different alone.
    const isHidden = Date.parse(sync?.writtenAt ?? '') >= Date.parse(changedAt);
    const isSame = sync !== undefined && (gone ? sync.gone : !sync.gone && sync.status === status);
    assert.ok(gone ? sync?.gone : isSeen || (isHidden && isSame), what);
  }

  /** What became of its work orders, and who follows them. */
  private checkEnd(ticket: SweptTicket): void {
    this.checkSeen(ticket);
    const { ticketId, orders, run, record } = ticket;
    const state = record && stateOf(record);
    assert.ok(
      state === undefined ||
        ['Running', 'Completed'].includes(state.status) ||
        // Nobody misses it.
        OVER.includes(String(state.attributes.DeskbridgeState)),
      `the run of ticket ${ticketId} was ended from outside, and none came after it`,
    );
    const memory = run?.dispatch.memory;
    for (const { workOrderId, status, number } of memory?.visits ?? []) {
      const order = orders.find(({ id }) => id === workOrderId);
      if (!order || order.status === 'draft') continue;
      const isKnown = status !== null && sameStage(status.key, order.status);
      assert.ok(isKnown, `order ${order.id} of visit ${number} is ${order.status}, known as ${status?.key}`);
    }
    const newest = orders.filter(({ visit }) => visit === Math.max(...orders.map((order) => order.visit)));
    const open = newest.filter(({ status }) => !isWorkOver(status));
    for (const { id, status } of open) {
      const isOwned = memory?.visits.some(({ workOrderId }) => workOrderId === id);
      assert.ok(isOwned, `work order ${id} of ticket ${ticketId} is ${status}, and nobody follows it`);
    }
  }
}

/** @throws Error that says which promise was broken. */
export const liveSweeps = (choices: readonly number[]): Promise<void> => new SweepLife(choices).through();
