/**
 * `dispatching`: what is true for all dispatches of an account. Promise: what an update has answered stands in the run's
 * memo, where it can be read without a worker; a second copy follows in the Schedule of `reconcile`.
 */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  workflowInfo,
} from '@temporalio/workflow';
import type {
  DispatchingFacts,
  DispatchingInput,
  DispatchingMemo,
  DispatchingMemory,
  Upstreams,
} from '../src/contract/dispatching';
import { HOUR_IS_FULL, OTHER_HOSTS } from '../src/contract/failures';
import {
  compareCopies,
  matchedBeforeQuery,
  nameTriggers as nameTriggersUpdate,
  pauseDispatching,
  recordUpstreams,
  resumeDispatching,
  takeOrders,
  triggerGone,
} from '../src/contract/messages';
import { isTaken, nameTriggers, withoutTicket } from '../src/domain/dispatching/baseline';
import { countOrders } from '../src/domain/dispatching/orders';
import { begin, onOtherCopy, onPause, onResume, onTakeOrders, onTold, tellIn } from '../src/domain/dispatching/state';
import { searchBaseline } from './dispatching/search-baseline';
import { baselineMemo, dispatchingDetails } from './dispatching/view';
import { goOnAsNew } from './go-on';
import { sweptEngine } from './proxies';

/** The memo's count of orders is at most so old: a change of the memo is an event in the history. */
const COUNT_SHOWN_EVERY_MS = 60_000;

export async function dispatching(input: DispatchingInput): Promise<void> {
  const { hour, tellAfter, updatesPerRun } = input.policy;
  let memory = begin(input, Date.now());
  let updates = 0;
  let shownAt = 0;

  const show = (): void => {
    const { pause, upstreams, watched, orders } = memory;
    const { runId: run } = workflowInfo();
    const baseline = baselineMemo(memory.baseline);
    upsertMemo({ dispatching: { run, pause, upstreams, watched, orders, baseline } satisfies DispatchingMemo });
    shownAt = Date.now();
  };
  const describe = (): void =>
    setCurrentDetails(dispatchingDetails(input.account, memory, countOrders(memory.orders, Date.now(), hour)));
  const change = (next: DispatchingMemory): DispatchingMemory => {
    updates += 1;
    memory = next;
    show();
    describe();
    return memory;
  };
  // Begun before the first wait, so that no answer comes before the memo is this run's own.
  show();

  setHandler(pauseDispatching, (asked) => change(onPause(memory, asked, Date.now())).pause, {
    description: 'Stop all new dispatching',
  });
  setHandler(resumeDispatching, () => change(onResume(memory, Date.now(), tellAfter)).pause, {
    description: 'End the pause',
  });
  const factsOf = ({ pause, upstreams, watched }: DispatchingMemory): DispatchingFacts => ({
    pause,
    upstreams,
    watched,
  });
  setHandler(compareCopies, (other) => factsOf(change(onOtherCopy(memory, other, Date.now(), hour))), {
    description: 'Take the stricter of this and another copy',
  });
  setHandler(recordUpstreams, ({ upstreams }) => change({ ...memory, upstreams, copied: false }).upstreams, {
    description: 'Record the hosts that the account works with',
    validator: ({ found }: { found: Upstreams }) => {
      const { freshdesk, fieldNation } = memory.upstreams;
      if (freshdesk === found.freshdesk && fieldNation === found.fieldNation) return;
      throw ApplicationFailure.nonRetryable('Another process has recorded other hosts meanwhile', OTHER_HOSTS);
    },
  });
  setHandler(
    takeOrders,
    (wanted) => {
      const { memory: next, granted } = onTakeOrders(memory, wanted, Date.now(), hour);
      updates += 1;
      memory = next;
      describe();
      if (granted > 0 && Date.now() - shownAt >= COUNT_SHOWN_EVERY_MS) show();
      return granted;
    },
    {
      description: 'Take orders into the sliding hour',
      // A refusal leaves no event: of a mass edit most are refused, again and again.
      validator: ({ limit }) => {
        if (limit === null || countOrders(memory.orders, Date.now(), hour) < limit) return;
        throw ApplicationFailure.nonRetryable('The hour has no room for another order', HOUR_IS_FULL);
      },
    },
  );

  setHandler(
    nameTriggersUpdate,
    async (named) => {
      const next = nameTriggers(memory, named, Date.now());
      // Told at each start of a process: most tell nothing new.
      const isNew = Object.keys(next.watched).join() !== Object.keys(memory.watched).join();
      if (isNew) change({ ...memory, ...next, copied: false });
      if (named.waitMs > 0) await condition(() => isTaken(memory.baseline), named.waitMs);
      return baselineMemo(memory.baseline);
    },
    { description: 'Name the triggers of the config' },
  );
  setHandler(
    triggerGone,
    (ticketId) => {
      if (memory.baseline.ids.includes(ticketId))
        change({ ...memory, baseline: withoutTicket(memory.baseline, ticketId) });
    },
    { description: 'A ticket that matched before has left its trigger' },
  );
  setHandler(matchedBeforeQuery, (ticketId) => memory.baseline.ids.includes(ticketId), {
    description: 'Whether a ticket matched before the account could dispatch',
  });
  void searchBaseline(
    () => memory.baseline,
    (baseline) => change({ ...memory, baseline }),
  );

  const isFull = (): boolean => updates >= updatesPerRun || workflowInfo().continueAsNewSuggested;
  for (;;) {
    describe();
    const wait = tellIn(memory, Date.now());
    if (!memory.copied) {
      // What changes while this copy is on its way wants another one.
      memory = { ...memory, copied: true };
      await sweptEngine.keepCopy(factsOf(memory));
    } else if (wait === 0) {
      memory = onTold(memory);
      await sweptEngine.tellHeld();
    } else if (isFull()) {
      await condition(allHandlersFinished);
      show();
      await goOnAsNew({ ...input, carried: memory } satisfies DispatchingInput);
    } else {
      const before = { copied: memory.copied, next: memory.tellAt[0] };
      const isNews = (): boolean => memory.copied !== before.copied || memory.tellAt[0] !== before.next || isFull();
      if (wait === null) await condition(isNews);
      else await condition(isNews, wait, { summary: 'Look once more for dispatches that waited' });
    }
  }
}
