/**
 * `workOrderEvent`: finds the dispatch of events that named none that runs, one run for each work order. Promise: each event
 * is handed over or recorded as unmatched; never dropped, never guessed; one answer of Field Nation at most, and a dispatch
 * is only started after a fresh read has shown an open order of ours. Source: design 2.7, interface 8.
 */
import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { FieldNationEvent } from '../src/contract/field-nation-event';
import { retry, workOrderEvent as workOrderEventSignal } from '../src/contract/messages';
import type { OrderRef } from '../src/contract/order-calls';
import { DEFAULT_POLICY } from '../src/contract/policy';
import { dispatchWorkflowId } from '../src/contract/run-ids';
import type { WorkOrderEventInput, WorkOrderEventMemo, WorkOrderEventResult } from '../src/contract/run-inputs';
import { STATE, TICKET_ID } from '../src/contract/search-attributes';
import { ownParts } from '../src/domain/correlation';
import { contentKey } from '../src/domain/event-owner';
import { attentionLines, markdownText } from '../src/domain/markdown';
import { readOrderEvent } from '../src/domain/read-order-event';
import { isOver } from '../src/domain/status';
import { engine, foreignOrders, sweptEngine } from './proxies';
import { showAttention } from './show-attention';
import { stepFailure } from './step-failure';

const SECOND = 1000;
/** About 22 minutes in all: the search attribute that is asked lags by seconds, a restart by minutes. */
const WAITS = [1, 5, 25, 120, 600, 600].map((seconds) => seconds * SECOND);
const SLOW_RETRY = DEFAULT_POLICY.slowRetry;
/** Different events of one order within those minutes; what is beyond is one of a flood. */
const MOST_EVENTS = 100;

export async function workOrderEvent(input: WorkOrderEventInput): Promise<WorkOrderEventResult> {
  const { account, event, waits = WAITS } = input;
  const events = new Map<string, FieldNationEvent>();
  let retries = 0;
  const take = (given: FieldNationEvent | undefined): void => {
    const read = readOrderEvent(given);
    if (given && read && events.size < MOST_EVENTS) events.set(contentKey(read), given);
  };
  setHandler(workOrderEventSignal, take, { description: 'Something happened to the work order' });
  setHandler(retry, () => void retries++, { description: 'You fixed the key: read the work order again' });
  take(event);
  setCurrentDetails('Waits for the first event');
  await condition(() => events.size > 0, WAITS[0] ?? SECOND, { summary: 'Wait for the first event' });

  const read = () => [...events.values()].map(readOrderEvent).filter((found) => found !== null);
  const workOrderId = read()[0]?.workOrderId ?? null;
  const what = `${read()[0]?.name ?? '?'} of work order ${workOrderId ?? 'without id'}`;
  const looking = `Looks for the dispatch of ${what}`;
  setCurrentDetails(looking);
  const finish = (
    outcome: WorkOrderEventResult['outcome'],
    dispatch: string | null,
    detail: string,
  ): WorkOrderEventResult => {
    setCurrentDetails(`**${outcome}** – ${markdownText(`${what}: ${detail}`)}`);
    return { outcome, dispatch, detail };
  };
  const handOver = async (workflowId: string): Promise<boolean> => {
    try {
      for (const [key, given] of events) {
        await getExternalWorkflowHandle(workflowId).signal(workOrderEventSignal, given);
        events.delete(key);
      }
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      // The only answer to a signal that is not its delivery: no such run.
      return false;
    }
  };
  if (workOrderId === null) return finish('unmatched', null, 'The event names no work order');

  /** What Field Nation says of the order, once; null: it is not there, or nobody may see it. */
  let asked: Promise<OrderRef | null> | null = null;
  const fresh = (): Promise<OrderRef | null> => {
    asked ??= freshOrder(workOrderId, () => retries).then((order) => {
      setCurrentDetails(looking);
      const owned = ticketIn(account, order?.correlationId ?? null) !== null;
      upsertMemo({ workOrderEvent: { carries: owned ? 'ours' : 'none' } satisfies WorkOrderEventMemo });
      return order;
    });
    return asked;
  };

  for (const [turn, wait] of [0, ...waits].entries()) {
    const before = events.size;
    if (wait > 0) await condition(() => events.size > before, wait, { summary: 'Wait for the dispatch to be found' });
    const named = read().reduce<number | null>((found, one) => found ?? ticketIn(account, one.correlationId), null);
    // The run that holds the order is asked for first: it costs no call. An earlier run's answer still holds.
    const mayAsk = named !== null || (turn > 0 && input.carries !== 'none');
    const found =
      named === null ? await engine.findDispatchOfWorkOrder({ workOrderId }) : dispatchWorkflowId(account, named);
    if (found !== null && (await handOver(found))) return finish('delivered', found, `Handed to ${found}`);
    const order = mayAsk ? await fresh() : null;
    const ticketId = ticketIn(account, order?.correlationId ?? null);
    if (order && ticketId !== null) {
      const owner = dispatchWorkflowId(account, ticketId);
      if (await handOver(owner)) return finish('delivered', owner, `Handed to ${owner}`);
      if (order.status !== null && isOver(order.status)) {
        return finish('unmatched', null, `It belongs to ${owner}, which has ended, and the order is ${order.status}`);
      }
      await sweptEngine.takeOver({ ticketId, events: [...events.values()] });
      return finish('delivered', owner, `Started ${owner}: an open work order of ours had no dispatch`);
    }
    if (named !== null) {
      const owner = dispatchWorkflowId(account, named);
      upsertSearchAttributes([
        { key: TICKET_ID, value: named },
        { key: STATE, value: UNMATCHED },
      ]);
      return finish('unmatched', null, `It names ${owner}, which does not run, and Field Nation does not confirm it`);
    }
  }
  return finish('unmatched', null, 'It carries no id of ours, and no dispatch holds its work order');
}

/** `DeskbridgeState` of an event that named us and was not confirmed: alerts find it. */
const UNMATCHED = 'unmatched';

const ticketIn = (account: string, correlationId: string | null): number | null =>
  ownParts(account, correlationId)?.ticketId ?? null;

/** A read that a wrong key or right stopped is made again, slowly and after `retry`; any other answer is the last one. */
async function freshOrder(workOrderId: number, retries: () => number): Promise<OrderRef | null> {
  let waits = false;
  for (let tries = 0; ; tries++) {
    const before = retries();
    try {
      const order = await foreignOrders.readWorkOrder({ workOrderId });
      if (waits) showAttention(null);
      return order;
    } catch (error) {
      const failure = stepFailure(error);
      if (failure.type !== 'Unauthorized') {
        if (waits) showAttention(null);
        return null;
      }
      if (!waits) showAttention('unauthorized');
      waits = true;
      setCurrentDetails(
        attentionLines({
          reason: 'unauthorized',
          detail: `The event of work order ${workOrderId} waits. ${failure.detail}`,
          remedy: failure.remedy,
        }).join('\n'),
      );
      const wait = Math.min(SLOW_RETRY.first * 2 ** tries, SLOW_RETRY.most);
      await condition(() => retries() !== before, wait, { summary: 'Wait for a working key, or a retry' });
    }
  }
}
