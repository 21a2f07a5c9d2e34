/**
 * The dispatch's own steps – `nextStep`, `takeEvent`, `checkEvent`, `applyEffect` – over any order and repetition of any
 * valid life: the ticket ends in the state of the last true status. Only the calls to the outside are stubs.
 */
import fc from 'fast-check';

import type { OrderEvent } from '../../src/domain/order-event';
import { judge, type KnownStatus, type OrderStatus } from '../../src/domain/status';
import { sparing, type TicketChange } from '../../src/domain/ticket-change';
import { Dispatch, emptyMemory } from '../../workflows/dispatch/state';
import { nextStep } from '../../workflows/ticket-dispatch';
import { lives } from './work-order-life';
import type { EffectInput, EffectPlan } from '../../src/contract/effect-calls';
import type { WriteEffectInput } from '../../src/contract/ticket-calls';

/** What the stubs stand for; each run of a property has a world of its own. */
const world = {
  truth: 'draft' as OrderStatus,
  ticketStatus: 'untouched',
  notes: [] as string[],
  writes: 0,
  /** Whether Freshdesk refuses the update at hand, so that a person has to mend something. */
  refuses: (): boolean => false,
  /** What happens while a call is under way. */
  meanwhile: (): void => undefined,
};

const during = async <T>(result: () => T): Promise<T> => {
  world.meanwhile();
  const value = result();
  world.meanwhile();
  return value;
};

jest.mock('../../workflows/dispatch/waiting', () => ({
  writeUnlessCalledOff: (_dispatch: unknown, call: () => unknown) => call(),
  unlessPersonSpeaks: (_dispatch: unknown, call: () => unknown) => call(),
}));
// The ticket has nothing to say in these lives.
jest.mock('../../workflows/dispatch/look', () => ({
  lookAtTicket: ({ memory }: Dispatch) => void (memory.wantsLook = false),
}));
jest.mock('../../workflows/proxies', () => {
  // In the module's own registry: what a step catches is an instance of this very class.
  const { ActivityFailure, ApplicationFailure, RetryState } = jest.requireActual('@temporalio/common');
  const refusal = (): Error => {
    const detail = {
      reason: 'rejected',
      detail: 'refused',
      remedy: 'mend',
      unsure: false,
      retryAfterMs: null,
      status: 400,
    };
    const cause = ApplicationFailure.create({ type: 'InvalidRequest', nonRetryable: true, details: [detail] });
    return new ActivityFailure('refused', 'updateTicket', '1', RetryState.NON_RETRYABLE_FAILURE, 'test', cause);
  };
  const planOf = ({ key, at }: EffectInput): EffectPlan => {
    const update = { status: key, fields: {}, addTags: [], removeTags: [] };
    const note = { body: `${key} ${at}`, marker: `${key} ${at}` };
    return { update: key === 'problem-reported' ? null : update, note };
  };
  const rules = { planEffect: (input: EffectInput) => during(() => planOf(input)) };
  const write = (status: TicketChange['status']) => {
    if (world.refuses()) throw refusal();
    world.writes += 1;
    world.ticketStatus = String(status ?? world.ticketStatus);
    const written = { status: null, closed: false, statusMatches: false, matchingTags: [] };
    return { updatedAt: null, write: { ...written, addedTags: [], removedTags: [] } };
  };
  const addNote = (body: string) => ({ noteId: world.notes.push(body) });
  const sight = { status: 2, tags: [], gone: null, closed: false, statusMatches: false, matchingTags: [], link: null };
  const freshdesk = {
    // Work that is incomplete again makes the ticket be looked at: nobody has changed it.
    lookAtTicket: () => {
      const nothing = { plan: null, update: null, content: null, files: [], unknownStatuses: [] };
      return during(() => ({ ...nothing, sight, updatedAt: null, rules: {} }));
    },
    updateTicket: ({ status }: TicketChange) => during(() => write(status)),
    writeEffect: ({ effect, spared, withNote }: WriteEffectInput) =>
      during(() => {
        const decision = planOf(effect);
        const change = decision.update && sparing(decision.update, spared);
        const written = change && write(change.status);
        // Now and then something hinders the note.
        const goesAlong = written && withNote && decision.note && world.writes % 2 === 0;
        const noted = goesAlong ? addNote(decision.note?.body ?? '') : null;
        return { decision, change, written, noted, noteTried: noted !== null };
      }),
    addNote: ({ body }: { body: string }) => during(() => addNote(body)),
  };
  const fieldNation = { readWorkOrder: () => during(() => ({ status: world.truth })) };
  return { rules, freshdesk, fieldNation, fieldNationOnce: fieldNation, engine: {}, contacts: {}, briefly: {} };
});

const INPUT = { account: 'acme', ticketId: 4711 };
const WORK_ORDER = 901_234;

const eventOf = ({ key, at }: KnownStatus, delivery: string): OrderEvent => ({
  ...{ key: delivery, name: key, at, status: key, workOrderId: WORK_ORDER, correlationId: null, title: null },
  ...{ closingNotes: null, hours: null, start: null, provider: null },
});

/** A dispatch whose order is out: published by us, as the answer to the publish told it, or left as a draft. */
function follow(life: readonly KnownStatus[]): Dispatch {
  const dispatch = new Dispatch(INPUT, emptyMemory(), () => 0);
  const visit = dispatch.startVisit(1);
  const byUs = life[1]?.key === 'published';
  // Either way must do: what the last look said writes to the ticket is decided and written by one call.
  const rules = { writes: ['assigned', 'checked-out', 'work-done', 'cancelled'] };
  Object.assign(visit, { stage: 'open', workOrderId: WORK_ORDER, ownStatus: byUs, rules });
  visit.status = byUs ? { key: 'published', at: null } : { key: 'draft', at: life[0]?.at ?? null };
  return dispatch;
}

/**
 * Plays a life against the dispatch; `choices` decide what comes next, between steps and in the middle of calls: the life
 * goes on, one of its events arrives, arrives again or under another delivery id, a step is taken, a new run begins.
 */
async function play(life: readonly KnownStatus[], choices: readonly number[]): Promise<void> {
  let dispatch = follow(life);
  // Our own publish has written its effect already.
  const ticketStatus = life[1]?.key === 'published' ? 'published' : 'untouched';
  Object.assign(world, { truth: life[0]?.key, ticketStatus, notes: [], writes: 0 });
  let lived = life[1]?.key === 'published' ? 2 : 1;
  const open: OrderEvent[] = life.slice(0, lived).map((status, index) => eventOf(status, `delivery-${index}`));
  const past: OrderEvent[] = [...open];
  world.truth = life[lived - 1]?.key ?? 'draft';
  let turn = 0;
  const choice = (): number => choices[turn++] ?? 0;

  const goOn = (): void => {
    const status = life[lived];
    if (!status) return;
    world.truth = status.key;
    const event = eventOf(status, `delivery-${lived}`);
    lived += 1;
    open.push(event);
    past.push(event);
  };
  const deliver = (pick: number): void => {
    const [event] = open.splice(pick % Math.max(open.length, 1), 1);
    if (event) dispatch.take(event);
  };
  const repeat = (pick: number): void => {
    const event = past[pick % past.length];
    if (event) open.push(pick % 2 === 0 ? event : { ...event, key: `again-${turn}` });
  };
  const happen = (pick: number): void => {
    if (pick % 4 === 0) goOn();
    else if (pick % 4 === 3) repeat(pick >> 2);
    else deliver(pick >> 2);
  };
  const step = async (): Promise<boolean> => {
    const next = nextStep(dispatch);
    await next?.run();
    return next !== null;
  };
  world.refuses = () => turn < choices.length && choice() % 6 === 0;
  world.meanwhile = () => {
    if (turn < choices.length && choice() % 3 === 0) happen(choice());
  };

  while (turn < choices.length) {
    const pick = choice();
    if (pick % 11 === 10) dispatch.memory.blocked = [];
    else if (pick % 5 === 4) dispatch = new Dispatch(INPUT, JSON.parse(JSON.stringify(dispatch.memory)), () => 0);
    else if (pick % 5 < 2) await step();
    else happen(pick >> 2);
  }
  world.meanwhile = () => undefined;
  dispatch.memory.blocked = [];
  while (lived < life.length) goOn();
  while (open.length > 0) deliver(open.length >> 1);
  while (await step());
  expect(dispatch.memory.blocked).toEqual([]);
  expect(dispatch.memory.doubtful).toEqual([]);
}

const choices = fc.array(fc.nat(1 << 16), { maxLength: 150, size: 'max' });
// What a draft does to the ticket no config can say. A cancel after the work was done is only recorded (section 8); in a
// life with both, whether it came after depends on whether the event that reopened the visit was heard before it.
const told = (gap: number): fc.Arbitrary<KnownStatus[]> => lives(gap).filter((life) => life.length > 1 && isTold(life));
const isTold = (life: readonly KnownStatus[]): boolean => {
  const last = life.at(-1)?.key;
  return last !== 'draft' && !(last === 'cancelled' && life.some(({ key }) => key === 'work-done'));
};

it('ends with the ticket in the state of the last true status, in 10,000 lives', async () => {
  await fc.assert(
    fc.asyncProperty(told(60), choices, async (life, picks) => {
      await play(life, picks);
      expect(world.ticketStatus).toBe(life.at(-1)?.key);
      expect(world.writes).toBeLessThanOrEqual(life.length);
      expect(new Set(world.notes).size).toBe(world.notes.length);
    }),
    { numRuns: 10_000 },
  );
});

it('ends there too when a life takes the usual path within one second, where only the path itself can tell', async () => {
  await fc.assert(
    fc.asyncProperty(told(0).filter(takesUsualPath), choices, async (life, picks) => {
      await play(life, picks);
      expect(world.ticketStatus).toBe(life.at(-1)?.key);
    }),
    { numRuns: 1_000 },
  );
});

/** Each status is later on the path than the one before; Field Nation's times have whole seconds. */
function takesUsualPath(life: readonly KnownStatus[]): boolean {
  return life.every((status, index) => index === 0 || judge(life[index - 1] ?? null, status) === 'apply');
}
