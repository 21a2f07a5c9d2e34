/** What operators find a dispatch by: search attributes and memo, each written only when it changed, since every upsert is an event of history. */
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { SearchAttributeUpdatePair, TypedSearchAttributes } from '@temporalio/common';
import {
  ATTENTION,
  ENDED_AT,
  HELD,
  SINCE,
  START,
  startSeconds,
  STATE,
  TICKET_ID,
  TRIGGERED_AT,
  WORK_ORDER_ID,
} from '../../src/contract/search-attributes';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { sweptMemo } from '../../src/domain/dispatch/swept-memo';
import { memoOf } from '../../src/domain/dispatch/view';

/** What operators and late webhooks look for even while the next step waits for its turn in a queue. */
export function worthPublishing(dispatch: Dispatch): string {
  const { newest: visit, memory } = dispatch;
  const state = dispatch.state();
  // Passing states are gone in a moment, and every upsert is an event of history; an unanswered create may last for hours.
  const passes = state === 'starting' || (state === 'creating' && visit?.stage !== 'unsure');
  const failing = memory.failing.map(({ step, since }) => `${step} ${since}`).join();
  return `${passes ? '' : state} ${visit?.workOrderId ?? ''} ${memory.paused?.reason ?? ''} ${failing}`;
}

/** Gives a function that publishes what has changed since it was called last. */
export function publisher(dispatch: Dispatch): () => void {
  const published = workflowInfo().memo;
  let lastMemo = JSON.stringify([published?.dispatch ?? null, published?.sync ?? null]);
  return () => {
    const memo = memoOf(dispatch);
    const sync = sweptMemo(dispatch);
    const known = workflowInfo().typedSearchAttributes;
    const start = dispatch.newest?.start ?? null;
    const now = new Date(dispatch.now());
    const state =
      known.get(STATE) === memo.state
        ? []
        : [
            { key: STATE, value: memo.state },
            { key: SINCE, value: now },
          ];
    const changes: SearchAttributeUpdatePair[] = [
      ...(known.get(TICKET_ID) === dispatch.ticketId ? [] : [{ key: TICKET_ID, value: dispatch.ticketId }]),
      ...state,
      ...changed(known, WORK_ORDER_ID, memo.workOrderId),
      ...changed(known, ATTENTION, memo.attention?.reason ?? null),
      ...changed(known, HELD, dispatch.memory.paused ? 'paused' : null),
      ...timeChanged(known, TRIGGERED_AT, memo.times.triggeredAt),
      ...timeChanged(known, ENDED_AT, memo.times.endedAt),
      ...changed(known, START, start === null ? null : startSeconds(Date.parse(start))),
    ];
    if (changes.length > 0) upsertSearchAttributes(changes);
    const text = JSON.stringify([memo, sync]);
    if (text !== lastMemo) upsertMemo({ dispatch: memo, sync });
    lastMemo = text;
  };
}

type TextKey = typeof ATTENTION;
type NumberKey = typeof WORK_ORDER_ID;

function changed(known: TypedSearchAttributes, key: TextKey, value: string | null): SearchAttributeUpdatePair[];
function changed(known: TypedSearchAttributes, key: NumberKey, value: number | null): SearchAttributeUpdatePair[];
function changed(
  known: TypedSearchAttributes,
  key: TextKey | NumberKey,
  value: string | number | null,
): SearchAttributeUpdatePair[] {
  const current: unknown = known.get(key as TextKey) ?? null;
  return current === value ? [] : [{ key, value } as SearchAttributeUpdatePair];
}

const timeChanged = (
  known: TypedSearchAttributes,
  key: typeof TRIGGERED_AT,
  at: string | null,
): SearchAttributeUpdatePair[] =>
  (known.get(key)?.toISOString() ?? null) === at ? [] : [{ key, value: at === null ? null : new Date(at) }];
