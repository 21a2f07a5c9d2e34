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
import type { DispatchingInput, DispatchingMemo, DispatchingMemory, Upstreams } from '../src/contract/dispatching';
import { HOUR_IS_FULL, OTHER_HOSTS } from '../src/contract/failures';
import {
  compareCopies,
  pauseDispatching,
  recordUpstreams,
  resumeDispatching,
  takeOrders,
} from '../src/contract/messages';
import { countOrders } from '../src/domain/dispatching/orders';
import { begin, onOtherCopy, onPause, onResume, onTakeOrders, onTold, tellIn } from '../src/domain/dispatching/state';
import { dispatchingDetails } from './dispatching/view';
import { goOnAsNew } from './go-on';
import { sweptEngine } from './proxies';

/** The memo's count of orders is at most so old: a change of the memo is an event in the history. */
const COUNT_SHOWN_EVERY_MS = 60_000;

export async function dispatching(input: DispatchingInput): Promise<void> {
  const { hour, tellAfter, updatesPerRun } = input.policy;
  let memory = begin(input);
  let updates = 0;
  let shownAt = 0;

  const show = (): void => {
    const { pause, upstreams, orders } = memory;
    const { runId: run } = workflowInfo();
    upsertMemo({ dispatching: { run, pause, upstreams, orders } satisfies DispatchingMemo });
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
  setHandler(compareCopies, (other) => change(onOtherCopy(memory, other, Date.now(), hour)), {
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

  const isFull = (): boolean => updates >= updatesPerRun || workflowInfo().continueAsNewSuggested;
  for (;;) {
    describe();
    const wait = tellIn(memory, Date.now());
    if (!memory.copied) {
      // What changes while this copy is on its way wants another one.
      memory = { ...memory, copied: true };
      const { pause, upstreams } = memory;
      await sweptEngine.keepCopy({ pause, upstreams });
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
