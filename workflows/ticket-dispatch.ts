/**
 * `ticketDispatch`: the life of all field visits of one ticket, from trigger to the work order's end. Signals only record;
 * two loops act. The order's loop decides, runs and evolves one step at a time (src/domain/dispatch); the conversation's
 * lanes go their own way beside it. It never just fails: what only a person can help with waits as attention.
 */
import { CancellationScope, condition, log, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import type { DispatchView } from '../src/contract/dispatch';
import type { TicketDispatchInput } from '../src/contract/dispatch-input';
import {
  approve,
  cancelDispatch,
  dispatchQuery,
  dispatchVisit,
  retry,
  ticketChanged,
  workOrderEvent,
} from '../src/contract/messages';
import { heed, receiveApproval, receiveCancel, receiveRetry } from '../src/domain/dispatch/commands';
import { decide } from '../src/domain/dispatch/decide';
import { Dispatch } from '../src/domain/dispatch/dispatch';
import { emptyMemory } from '../src/domain/dispatch/empty-memory';
import { begin, evolve } from '../src/domain/dispatch/evolve';
import { absorb, receive } from '../src/domain/dispatch/inbox';
import { askForLook } from '../src/domain/dispatch/look-request';
import { isOver, nextDue, updateTimes } from '../src/domain/dispatch/times';
import { detailsOf, viewOf } from '../src/domain/dispatch/view';
import { readWanted } from '../src/domain/dispatch/wanted-visit';
import { readOrderEvent } from '../src/domain/read-order-event';
import { Lanes } from './conversation/lanes';
import { Alarm, isFull } from './dispatch/alarm';
import { publisher, worthPublishing } from './dispatch/publish-state';
import { runStep } from './dispatch/run-step';
import { counted } from './dispatch/sinks';
import { goOnAsNew } from './go-on';

/** The dispatch object is the run's result as well, so that it can be read after the run has closed. */
export async function ticketDispatch(input: TicketDispatchInput): Promise<DispatchView> {
  const dispatch = new Dispatch(input, input.carried ?? emptyMemory(), () => Date.now());
  listen(dispatch);
  // `temporal workflow cancel` means the visit: a run that ended at once would leave a published order without an owner.
  CancellationScope.current().cancelRequested.catch(() => {
    dispatch.signals += 1;
    receiveCancel(dispatch, { reason: 'Cancelled in Temporal' });
  });
  return CancellationScope.nonCancellable(() => live(dispatch));
}

async function live(dispatch: Dispatch): Promise<DispatchView> {
  const { input, memory, policy } = dispatch;
  // A start by hand, without a signal, means the same as a webhook.
  if (!input.carried) {
    memory.look.wanted = true;
    memory.look.askedAt = workflowInfo().startTime.toISOString();
  }
  const runEnd = workflowInfo().startTime.getTime() + policy.longestRun;
  const alarm = new Alarm();
  const lanes = new Lanes(dispatch);
  const publish = publisher(dispatch);
  let shown = worthPublishing(dispatch);

  for (;;) {
    heed(dispatch);
    absorb(dispatch);
    setCurrentDetails(detailsOf(dispatch));
    if (worthPublishing(dispatch) !== shown) publish();
    shown = worthPublishing(dispatch);
    const isEnding = isFull(dispatch) || dispatch.now() >= runEnd;
    if (!isEnding) lanes.begin();
    const step = decide(dispatch);
    if (step) {
      dispatch.turns += 1;
      await take(dispatch, step);
      updateTimes(dispatch);
    } else {
      publish();
      if (isOver(dispatch) && !lanes.areBusy) return viewOf(dispatch);
      alarm.set(Math.min(nextDue(dispatch) ?? runEnd, runEnd), dispatch.now(), 'Next thing that is due by itself');
      const [{ changes }, { signals }] = [lanes, dispatch];
      await condition(
        () => alarm.rang || dispatch.signals !== signals || lanes.changes !== changes || isFull(dispatch),
      );
      alarm.silence();
    }
    if (!isFull(dispatch) && dispatch.now() < runEnd) continue;
    await condition(() => !lanes.areBusy);
    // Events are taken without a wait, so no more can come in between: what is carried stays small however many there were.
    if (memory.inbox.length > 0) continue;
    publish();
    await goOnAsNew({ ...input, carried: memory });
  }
}

async function take(dispatch: Dispatch, step: NonNullable<ReturnType<typeof decide>>): Promise<void> {
  const begun = begin(dispatch, step);
  const outcome = await runStep(dispatch, step);
  const { newest } = dispatch;
  const [hadOrder, wasTried] = [newest?.workOrderId ?? null, newest?.tried ?? false];
  const wasPublished = newest?.times.publishedAt ?? null;
  evolve(dispatch, step, outcome, begun);
  if (outcome.kind === 'failed') log.info('a step failed', { step: step.kind, type: outcome.failure.type });
  if (!newest) return;
  const sinceTrigger = (dispatch.now() - Date.parse(newest.times.triggeredAt)) / 1000;
  if (hadOrder === null && newest.workOrderId !== null) counted.workOrderMade(sinceTrigger);
  if (wasPublished === null && newest.times.publishedAt !== null) counted.published(sinceTrigger);
  if (step.kind === 'create' && !wasTried && newest.tried) counted.ambiguousCreate();
}

/** Handlers only record; what they wrote is all in the memory that continue-as-new carries. */
function listen(dispatch: Dispatch): void {
  const { memory } = dispatch;
  const { commands, look } = memory;
  // Most signals are no step, but each counts as one: a worker that replays thousands at once is ended by its own watchdog.
  const received = (): void => {
    dispatch.signals += 1;
    dispatch.turns += 1;
  };
  setHandler(
    ticketChanged,
    (hint) => {
      received();
      askForLook(dispatch, hint?.by === 'reconcile' ? 'reconcile' : null);
    },
    { description: 'The ticket may have changed: look at it' },
  );
  setHandler(
    workOrderEvent,
    (body) => {
      received();
      const event = readOrderEvent(body);
      if (event) receive(dispatch, event);
      else dispatch.note('Unreadable event', 'It has no event name');
    },
    { description: 'A Field Nation webhook body, full or reduced' },
  );
  setHandler(
    retry,
    (hint) => {
      received();
      receiveRetry(dispatch, hint);
    },
    { description: 'You fixed the cause: try again what waits' },
  );
  setHandler(
    approve,
    (hint) => {
      received();
      receiveApproval(dispatch, hint);
    },
    { description: 'Say yes to the money that waits: { "amount": 250, "by": "…" }' },
  );
  setHandler(
    cancelDispatch,
    (hint) => {
      received();
      receiveCancel(dispatch, hint);
    },
    { description: 'Call the newest visit off: { "reason": "…" }' },
  );
  setHandler(
    dispatchVisit,
    (hint) => {
      received();
      if (!look.wanted && commands.visit === null) look.askedAt = dispatch.at();
      commands.visit = readWanted(hint);
    },
    { description: 'Start a visit whatever the rule says; ignored beside an open one' },
  );
  setHandler(dispatchQuery, () => viewOf(dispatch), { description: 'The dispatch object of the interface' });
}
