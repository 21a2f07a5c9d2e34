/**
 * `ticketDispatch`: the life of all field visits of one ticket, from trigger to the work order's end. Signals only record;
 * the loop takes one step at a time. It never just fails: what only a person can mend waits as attention.
 */
import {
  ActivityFailure,
  CancellationScope,
  condition,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type SearchAttributeUpdatePair, type TypedSearchAttributes } from '@temporalio/common';
import type { DispatchView } from '../src/contract/dispatch';
import { readOrderEvent } from '../src/domain/order-event';
import { applyEffect, nextEffect } from './dispatch/effects';
import { checkEvent, takeEvent } from './dispatch/events';
import { lookAtTicket } from './dispatch/look';
import { cancelWorkOrder, createWorkOrder, linkWorkOrder, lookUpWorkOrder, publishWorkOrder } from './dispatch/order';
import { nextTelling } from './dispatch/tell';
import { updateIsAhead, updateIsDue } from './dispatch/update';
import { BOUNDS, Dispatch, effectStep, emptyMemory } from './dispatch/state';
import { talkStep } from './dispatch/talk';
import { talkIsPending } from './dispatch/talk-state';
import { goOnAsNew } from './go-on';
import { stepFailure } from './step-failure';
import { syncOf } from './dispatch/swept-memo';
import { detailsOf, memoOf, viewOf } from './dispatch/view';
import { Alarm, isFull } from './dispatch/waiting';
import {
  cancelDispatch,
  dispatchQuery,
  dispatchVisit,
  retry,
  ticketChanged,
  workOrderEvent,
  type RetryHint,
  type TicketHint,
} from '../src/contract/messages';
import type { TicketDispatchInput, Visit } from '../src/contract/memory';
import {
  ATTENTION,
  ENDED_AT,
  SINCE,
  STATE,
  TICKET_ID,
  TRIGGERED_AT,
  WORK_ORDER_ID,
} from '../src/contract/search-attributes';

/** One thing to do now; `name` is what waits when it needs a person. */
export interface Step {
  name: string;
  run(): Promise<void> | void;
}

/** The dispatch object is the run's result as well, so that it can be read after the run has closed. */
export async function ticketDispatch(input: TicketDispatchInput): Promise<DispatchView> {
  const dispatch = new Dispatch(input, input.carried ?? emptyMemory(), () => Date.now());
  listen(dispatch);
  // `temporal workflow cancel` means the visit: a run that ended at once would leave a published order without an owner.
  CancellationScope.current().cancelRequested.catch(() => {
    dispatch.memory.wantsCancel = { reason: 'Cancelled in Temporal' };
  });
  return CancellationScope.nonCancellable(() => live(dispatch));
}

async function live(dispatch: Dispatch): Promise<DispatchView> {
  const { input, memory, policy } = dispatch;
  // A start by hand, without a signal, means the same as a webhook.
  if (!input.carried) {
    memory.wantsLook = true;
    memory.askedAt = workflowInfo().startTime.toISOString();
  }
  const runEnd = workflowInfo().startTime.getTime() + policy.longestRun;
  const alarm = new Alarm();
  const publish = publisher(dispatch);
  let shown = worthPublishing(dispatch);

  for (;;) {
    heedPeople(dispatch);
    setCurrentDetails(detailsOf(dispatch));
    if (worthPublishing(dispatch) !== shown) publish();
    shown = worthPublishing(dispatch);
    const step = nextStep(dispatch);
    if (step) {
      dispatch.turns += 1;
      await take(dispatch, step);
      dispatch.updateTimes();
    } else {
      publish();
      if (isOver(dispatch)) return viewOf(dispatch);
      alarm.set(Math.min(dispatch.nextDue() ?? runEnd, runEnd), dispatch.now(), 'Next thing that is due by itself');
      // Repeated events are no work, but they fill the history: a flood of them must not outgrow the run.
      await condition(() => alarm.rang || hasWord(dispatch) || isFull(dispatch) || nextStep(dispatch) !== null);
      alarm.silence();
    }
    // Events are taken without a wait, so no more can come in between: what is carried stays small however many there were.
    const drained = memory.inbox.length === 0;
    if (drained && (isFull(dispatch) || dispatch.now() >= runEnd)) {
      publish();
      await goOnAsNew({ ...input, carried: memory });
    }
  }
}

/** What operators and late webhooks look for even while the next step waits for its turn in a queue. */
function worthPublishing(dispatch: Dispatch): string {
  const state = dispatch.state();
  // Passing states are gone in a moment, and every upsert is an event of history; an unanswered create may last for hours.
  const passes = state === 'starting' || (state === 'creating' && dispatch.newest?.stage !== 'unsure');
  const lasting = passes ? '' : state;
  return `${lasting} ${dispatch.newest?.workOrderId ?? ''}`;
}

/** Handlers only record; what they wrote is all in the memory that continue-as-new carries. */
function listen(dispatch: Dispatch): void {
  const { memory } = dispatch;
  // A repeat is no step, but it counts as one: a worker that replays thousands of them at once is ended by its own watchdog.
  const repeated = (): void => void (dispatch.turns += 1);
  setHandler(
    ticketChanged,
    (hint?: TicketHint | null) => {
      if (memory.wantsLook) repeated();
      dispatch.ask();
      // Once anybody else asks for the look, what it finds may be an edge.
      memory.sweptLook = hint?.by === 'reconcile' && (memory.sweptLook === true || !memory.wantsLook);
      memory.wantsLook = true;
    },
    { description: 'The ticket may have changed: look at it' },
  );
  setHandler(
    workOrderEvent,
    (body) => {
      const event = readOrderEvent(body);
      if (!event) dispatch.note('Unreadable event', 'It has no event name');
      if (!event || !dispatch.take(event)) repeated();
    },
    { description: 'A Field Nation webhook body, full or reduced' },
  );
  setHandler(
    retry,
    (hint?: RetryHint | null) => {
      if (memory.wantsProbe || memory.wantsRetry) repeated();
      if (hint?.only === 'unauthorized') memory.wantsProbe = true;
      else memory.wantsRetry = true;
    },
    { description: 'The cause is mended: try what waits again' },
  );
  setHandler(
    cancelDispatch,
    (argument?: { reason?: unknown }) => {
      // Typed by hand it may be anything; an error here would block the run for ever.
      const reason = typeof argument?.reason === 'string' ? argument.reason.slice(0, BOUNDS.reason).trim() : '';
      memory.wantsCancel = { reason: reason || 'Cancelled by a person' };
      // A visit asked for before is called off with it; one asked for later stays.
      memory.wantsVisit = false;
    },
    { description: 'Call the newest visit off: { "reason": "…" }' },
  );
  setHandler(
    dispatchVisit,
    () => {
      dispatch.ask();
      memory.wantsVisit = true;
    },
    { description: 'Start a visit whatever the rule says; ignored beside an open one' },
  );
  setHandler(dispatchQuery, () => viewOf(dispatch), { description: 'The dispatch object of the interface' });
}

const hasWord = ({ memory }: Dispatch): boolean =>
  memory.wantsRetry || memory.wantsProbe === true || memory.wantsCancel !== null;

/** A person's word comes before any step. */
function heedPeople(dispatch: Dispatch): void {
  const { memory } = dispatch;
  const visit = dispatch.newest;
  if (memory.wantsProbe) {
    memory.wantsProbe = false;
    const refused = memory.blocked.filter(({ attention }) => attention.reason === 'unauthorized');
    // Nothing else: no machine answers a question that was put to a person.
    for (const { step } of refused) dispatch.unblock(step);
    if (refused.length > 0) dispatch.note('Retry', 'The keys work again, says reconcile');
  }
  if (memory.wantsRetry) {
    memory.wantsRetry = false;
    // It answers what is shown: the question whether to keep the order comes last, and waits for a word of its own.
    const others = memory.blocked.some((b) => b.step !== 'decision');
    memory.blocked = others ? memory.blocked.filter((b) => b.step === 'decision') : [];
    if (visit && visit.stage !== 'open' && visit.stage !== 'ended') memory.wantsLook = true;
    if (visit) {
      visit.failures = 0;
      visit.notBefore = null;
    }
    dispatch.note('Retry', 'Asked for by a person');
  }
  if (memory.wantsCancel) {
    const { reason } = memory.wantsCancel;
    memory.wantsCancel = null;
    if (memory.skipped !== null || (visit && dispatch.visitIsFinal(visit))) {
      dispatch.note('Cancel ignored', 'There is nothing left to cancel');
      return;
    }
    const target = visit ?? dispatch.startVisit(1);
    // Without a visit nothing is known of the ticket yet: one look learns the level that later edges are measured against.
    memory.wantsLook = visit ? memory.wantsLook : true;
    target.cancel = { reason, byTicket: false, onlyUnassigned: false };
    target.notBefore = null;
    for (const step of ['look', 'plan', 'create', 'link', 'publish', 'cancel', 'decision', 'find', 'update', 'visit'])
      dispatch.unblock(step);
    dispatch.note('Cancel', reason);
  }
}

/** The next thing that can be done now; null when everything waits. Order: calling off, news, the ticket, the order, its effects. */
export function nextStep(dispatch: Dispatch): Step | null {
  const { memory } = dispatch;
  const visit = dispatch.newest;
  const cancelled = visit && cancelStep(dispatch, visit);
  if (cancelled) return cancelled;
  const event = memory.inbox[0];
  if (event) return { name: 'event', run: () => takeEvent(dispatch, memory.inbox.shift() ?? event) };
  const doubtful = memory.doubtful[0];
  if (doubtful && !dispatch.isBlocked('check')) return { name: 'check', run: () => checkEvent(dispatch, doubtful) };
  const wantsLook = (memory.wantsLook || memory.wantsVisit) && dispatch.isDue(memory.lookNotBefore);
  if (wantsLook && !dispatch.isBlocked('look')) return { name: 'look', run: () => lookAtTicket(dispatch) };
  const order = visit && orderStep(dispatch, visit);
  if (order) return order;
  if (visit && !memory.wantsLook && updateIsDue(dispatch, visit))
    return { name: 'update', run: () => lookAtTicket(dispatch) };
  const effect = nextEffect(dispatch);
  if (effect) return { name: effectStep(effect), run: () => applyEffect(dispatch, effect) };
  return nextTelling(dispatch) ?? talkStep(dispatch);
}

function cancelStep(dispatch: Dispatch, visit: Visit): Step | null {
  if (!visit.cancel || visit.stage === 'ended' || dispatch.isBlocked('cancel')) return null;
  // An unsure create is looked up first; that is a step of its own.
  if (visit.stage === 'unsure' || !dispatch.isDue(visit.notBefore)) return null;
  return { name: 'cancel', run: () => cancelWorkOrder(dispatch, visit) };
}

function orderStep(dispatch: Dispatch, visit: Visit): Step | null {
  if (!dispatch.isDue(visit.notBefore)) return null;
  const steps: Partial<Record<Visit['stage'], [string, typeof createWorkOrder]>> = {
    create: ['create', createWorkOrder],
    unsure: ['find', lookUpWorkOrder],
    link: ['link', linkWorkOrder],
    publish: ['publish', publishWorkOrder],
  };
  const [name, run] = steps[visit.stage] ?? [];
  if (!name || !run || dispatch.isBlocked(name)) return null;
  if (name === 'link' && !dispatch.mayWrite()) return null;
  // What cannot be taken back at no cost waits for a look that is due, late or blocked.
  const needsNews = name === 'create' || name === 'publish';
  if (needsNews && dispatch.memory.wantsLook) return null;
  // What providers are offered is what the ticket says now.
  if (name === 'publish' && updateIsAhead(dispatch, visit)) return null;
  const mayGoOn = name === 'find' || (!visit.cancel && !dispatch.isBlocked('decision'));
  return mayGoOn ? { name, run: () => run(dispatch, visit) } : null;
}

/** Takes a step; a failure that the step itself did not expect waits for a person instead of failing the dispatch. */
async function take(dispatch: Dispatch, step: Step): Promise<void> {
  try {
    await step.run();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const failure = stepFailure(error);
    log.warn('a step failed unexpectedly', { step: step.name, type: failure.type });
    dispatch.block(step.name, failure, `The step ${step.name} failed`);
  }
}

/** Skipped and nothing new, or every visit final for the grace time. */
function isOver(dispatch: Dispatch): boolean {
  const { memory, policy, now } = dispatch;
  if (memory.blocked.length > 0 || memory.effects.length > 0 || talkIsPending(dispatch)) return false;
  if (memory.skipped !== null && memory.visits.length === 0) return true;
  return memory.finalSince !== null && now() >= Date.parse(memory.finalSince) + policy.grace;
}

/** Publishes search attributes and memo, each only when it changed: every upsert is an event of history. */
function publisher(dispatch: Dispatch): () => void {
  const published = workflowInfo().memo;
  let lastMemo = JSON.stringify([published?.dispatch ?? null, published?.sync ?? null]);
  return () => {
    const memo = memoOf(dispatch);
    const sync = syncOf(dispatch);
    const known = workflowInfo().typedSearchAttributes;
    const changes = [
      ...(known.get(TICKET_ID) === dispatch.ticketId ? [] : [{ key: TICKET_ID, value: dispatch.ticketId }]),
      ...(known.get(STATE) === memo.state
        ? []
        : [
            { key: STATE, value: memo.state },
            { key: SINCE, value: new Date(dispatch.now()) },
          ]),
      ...((known.get(WORK_ORDER_ID) ?? null) === memo.workOrderId
        ? []
        : [{ key: WORK_ORDER_ID, value: memo.workOrderId }]),
      ...((known.get(ATTENTION) ?? null) === (memo.attention?.reason ?? null)
        ? []
        : [{ key: ATTENTION, value: memo.attention?.reason ?? null }]),
      ...timeChange(known, TRIGGERED_AT, memo.times.triggeredAt),
      ...timeChange(known, ENDED_AT, memo.times.endedAt),
    ];
    if (changes.length > 0) upsertSearchAttributes(changes);
    const text = JSON.stringify([memo, sync]);
    if (text !== lastMemo) upsertMemo({ dispatch: memo, sync });
    lastMemo = text;
  };
}

type DateKey = typeof TRIGGERED_AT;

const timeChange = (known: TypedSearchAttributes, key: DateKey, at: string | null): SearchAttributeUpdatePair[] =>
  (known.get(key)?.toISOString() ?? null) === at ? [] : [{ key, value: at === null ? null : new Date(at) }];
