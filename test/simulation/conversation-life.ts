/**
 * The real rules of the conversation through lives in which people write and attach on both sides while calls fail, answers
 * are lost, webhooks come late, twice or never, and runs go on as new. While the order is open, each thing passes exactly
 * once; nothing goes to an order that is over.
 */
import assert from 'node:assert/strict';
import type { DispatchMemory } from '../../src/contract/memory';
import { decide } from '../../src/domain/conversation/decide';
import { evolve } from '../../src/domain/conversation/evolve';
import { noticeEvent, noticeTicket } from '../../src/domain/conversation/notice';
import { conversationTimes } from '../../src/domain/conversation/state';
import type { CallStep, Outcome, Step } from '../../src/domain/conversation/steps';
import { unblock } from '../../src/domain/dispatch/blocks';
import { Dispatch } from '../../src/domain/dispatch/dispatch';
import { emptyMemory, startVisit } from '../../src/domain/dispatch/empty-memory';
import { shareWait, spendShare } from '../../src/domain/dispatch/share';
import { isOrderOver } from '../../src/domain/dispatch/stages';
import type { OrderEvent } from '../../src/domain/order-event';
import { ConversationWorld } from './conversation-world';
import { INPUT, refusal, unavailable } from './core-world';

const ENDS = ['lost', 'unavailable', 'refused', 'unfetched', 'not taken'] as const;
type End = (typeof ENDS)[number] | 'answered';

const WAITS = [100, 700, 1000, 3000, 60_000, 900_000];

/** Every choice is a number given from outside: the same numbers are the same life. */
export class ConversationLife {
  readonly world = new ConversationWorld();
  /** The course of the life in words, oldest first. */
  readonly story: string[] = [];
  dispatch = this.with(emptyMemory());
  private past: OrderEvent[] = [];
  private taken = 0;

  constructor(private readonly choices: readonly number[]) {
    const { rules } = this.world.look();
    Object.assign(startVisit(this.dispatch, 1), { stage: 'open', workOrderId: 901, rules });
    this.look();
    this.world.now += 10_000;
  }

  private with(memory: DispatchMemory): Dispatch {
    return new Dispatch(INPUT, memory, () => this.world.now);
  }

  private get visit() {
    return this.dispatch.memory.visits[0]!;
  }

  private choice(most: number): number {
    return (this.choices[this.taken++] ?? 0) % most;
  }

  private get isPlaying(): boolean {
    return this.taken < this.choices.length;
  }

  private tell(what: string): void {
    this.story.push(`${new Date(this.world.now).toISOString()}  ${what}`);
  }

  private look(): void {
    noticeTicket(this.dispatch, this.world.look());
  }

  private send(event: OrderEvent): void {
    this.past.push(event);
    noticeEvent(this.dispatch, this.visit, event);
  }

  /** What people and the engine do beside the steps. */
  private happen(): void {
    const { world } = this;
    const did = this.choice(14);
    switch (did) {
      case 0:
      case 1:
      case 2:
        world.write([[], ['photo.jpg'], ['setup.exe', 'plan.pdf']][this.choice(3)] ?? []);
        break;
      case 3:
      case 4:
        world.say();
        this.deliverAtOnce();
        break;
      case 5:
        world.bring();
        this.deliverAtOnce();
        break;
      case 6:
      case 7:
        this.look();
        break;
      case 8:
      case 9: {
        const [event] = world.events.splice(this.choice(Math.max(world.events.length, 1)), 1);
        if (event && this.choice(4) > 0) this.send(event);
        break;
      }
      case 10: {
        const event = this.past[this.choice(Math.max(this.past.length, 1))];
        if (event) this.send(event);
        break;
      }
      case 11:
        this.dispatch = this.with(JSON.parse(JSON.stringify(this.dispatch.memory)) as DispatchMemory);
        break;
      case 12:
        this.retry();
        break;
      default:
        if (this.choice(4) === 0) Object.assign(this.visit, { status: { key: 'paid', at: null } });
    }
    this.tell(`happens: ${did}`);
  }

  /** Most webhooks come before anything else happens. */
  private deliverAtOnce(): void {
    if (this.choice(2) === 0) for (const event of this.world.events.splice(0)) this.send(event);
  }

  private retry(): void {
    unblock(this.dispatch, ...this.dispatch.memory.blocked.map(({ step }) => step));
  }

  private turn(): Step | null {
    const { dispatch, world } = this;
    const step = decide(dispatch);
    if (!step) return null;
    spendShare(dispatch, 'conversation');
    const begun = dispatch.now();
    world.isOver = isOrderOver(this.visit);
    const meanwhile = (): void => {
      while (this.isPlaying && this.choice(3) === 0) this.happen();
      world.now += [0, 100, 300, 2000][this.isPlaying ? this.choice(4) : 1] ?? 0;
    };
    meanwhile();
    const end = this.isPlaying && this.choice(3) === 0 ? (ENDS[this.choice(ENDS.length)] ?? 'lost') : 'answered';
    const outcome = step.input === null ? ({ kind: 'not called' } as const) : this.outcomeOf(step, end);
    meanwhile();
    evolve(this.dispatch, step, outcome, begun);
    this.tell(`${'name' in step ? step.name : step.kind}: ${end}`);
    assert.deepEqual(world.wrongs, []);
    return step;
  }

  private outcomeOf(step: CallStep, end: End): Outcome<unknown> {
    if (end === 'unavailable') return { kind: 'failed', failure: unavailable(false) };
    if (end === 'refused') return { kind: 'failed', failure: refusal({ type: 'Conflict' }) };
    const isOfFiles = step.kind === 'upload-file' || step.kind === 'bring-files';
    if (end === 'unfetched' && isOfFiles) return { kind: 'answered', answer: 'unfetched' };
    if (end === 'not taken' && step.kind === 'bring-files') return { kind: 'answered', answer: 'refused' };
    if (end === 'not taken' && step.kind === 'post-entry') return { kind: 'failed', failure: refusal() };
    const answer = JSON.parse(JSON.stringify(this.world.answer(step))) as unknown;
    return end === 'lost' ? { kind: 'failed', failure: unavailable(true) } : { kind: 'answered', answer };
  }

  play(): void {
    while (this.isPlaying) {
      const pick = this.choice(8);
      if (pick < 4) this.turn();
      else if (pick === 4) this.world.now += WAITS[this.choice(WAITS.length)] ?? 0;
      else this.happen();
    }
  }

  /** All calls succeed, the ticket is looked at, and one event of any kind shows how much the order holds. */
  comeToRest(): void {
    this.tell('comes to rest');
    this.world.now += 60_000;
    this.look();
    this.send(this.world.event('workorder.status.checked_in'));
    for (let turns = 0; turns < 2000; turns++) {
      if (this.turn()) continue;
      if (this.dispatch.memory.blocked.length > 0) {
        this.retry();
        continue;
      }
      const times = [...conversationTimes(this.dispatch), shareWait(this.dispatch, 'conversation')];
      const due = times.flatMap((at) => (at === null || this.dispatch.isDue(at) ? [] : [Date.parse(at)]));
      if (due.length === 0) return;
      this.world.now = Math.min(...due);
    }
    throw new Error('it never comes to rest');
  }

  checkEnd(): void {
    const { entries, messages, documents, deliverables } = this.world;
    if (isOrderOver(this.visit)) return;
    const persons = entries.filter(({ carries }) => carries === null);
    const posted = messages.flatMap(({ carries }) => carries ?? []);
    assert.deepEqual(posted.sort(), persons.map(({ id }) => id).sort(), 'entries that passed');
    const noted = entries.flatMap(({ carries }) => (carries?.startsWith('message') ? [carries] : []));
    const said = messages.filter(({ carries }) => carries === null).map(({ id }) => `message ${id}`);
    assert.deepEqual(noted.sort(), said.sort(), 'messages that passed');
    const named = (what: string): string[] =>
      entries.flatMap(({ carries }) => (carries?.startsWith(what) ? carries.split(' ').slice(1) : [])).sort();
    const files = persons.flatMap((entry) => entry.files);
    const [out, passed] = [true, false].map((isLeftOut) =>
      files.flatMap(({ id, name }) => (name.endsWith('.exe') === isLeftOut ? [String(id)] : [])).sort(),
    );
    assert.deepEqual(named('left-out'), out, 'files that were left out');
    assert.deepEqual(documents.map(String).sort(), passed, 'files that passed');
    assert.deepEqual(named('files'), deliverables.map(({ id }) => String(id)).sort(), 'files that were brought');
  }
}

/** @throws Error that says which promise was broken, at the end of the life's story. */
export function converse(choices: readonly number[]): ConversationLife {
  const life = new ConversationLife(choices);
  try {
    life.play();
    life.comeToRest();
    life.checkEnd();
  } catch (error) {
    throw new Error([...life.story, `Broken: ${String(error)}`].join('\n'), { cause: error });
  }
  return life;
}
