/**
 * `workOrderEvent`: finds the dispatch of an event that named none that runs. Promise: it ends as handed over or as a
 * recorded, unmatched event; never dropped, never guessed; one upstream call at most. Source: design 2.7.
 */
import {
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { AttentionReason } from '../src/contract/dispatch';
import { dispatchWorkflowId } from '../src/contract/run-ids';
import { DEFAULT_POLICY } from '../src/contract/policy';
import { parseCorrelationId } from '../src/domain/correlation';
import { readOrderEvent } from '../src/domain/order-event';
import { stepFailure } from './step-failure';
import { retry, workOrderEvent as workOrderEventSignal } from '../src/contract/messages';
import { engine, fieldNation } from './proxies';
import type { WorkOrderEventInput, WorkOrderEventResult } from '../src/contract/run-inputs';
import { ATTENTION, SINCE, STATE } from '../src/contract/search-attributes';

const SECOND = 1000;
/** About 22 minutes in all: the search attribute that is asked lags by seconds, a restart by minutes. */
const WAITS = [1, 5, 25, 120, 600, 600].map((seconds) => seconds * SECOND);
const SLOW_RETRY = DEFAULT_POLICY.slowRetry;

export async function workOrderEvent({
  account,
  event,
  waits = WAITS,
}: WorkOrderEventInput): Promise<WorkOrderEventResult> {
  const { workOrderId, correlationId, name } = readOrderEvent(event) ?? {
    workOrderId: null,
    correlationId: null,
    name: '?',
  };
  const what = `${name} of work order ${workOrderId ?? 'without id'}`;
  const looking = `Looking for the dispatch of ${what}`;
  setCurrentDetails(looking);
  const finish = (
    outcome: WorkOrderEventResult['outcome'],
    dispatch: string | null,
    detail: string,
  ): WorkOrderEventResult => {
    setCurrentDetails(`**${outcome}** – ${what}: ${detail}`);
    return { outcome, dispatch, detail };
  };
  const handOver = async (workflowId: string): Promise<boolean> => {
    try {
      await getExternalWorkflowHandle(workflowId).signal(workOrderEventSignal, event);
      return true;
    } catch (error) {
      if (isCancellation(error)) throw error;
      // The only answer to a signal that is not its delivery: no such run.
      return false;
    }
  };

  if (workOrderId === null) return finish('unmatched', null, 'The event names no work order');
  const carried = correlationId ?? (await carriedId(workOrderId));
  setCurrentDetails(looking);
  const owner = carried === null ? null : parseCorrelationId(carried);
  const named = owner?.account === account ? dispatchWorkflowId(account, owner.ticketId) : null;
  for (const wait of [0, ...waits]) {
    if (wait > 0) await sleep(wait, { summary: 'Wait for the dispatch to be found' });
    const found = named ?? (await engine.findDispatchOfWorkOrder({ workOrderId }));
    if (found !== null && (await handOver(found))) return finish('delivered', found, `Handed to ${found}`);
    // A run that the id names is known at once or not at all: only the search attribute lags.
    if (named !== null) return finish('unmatched', null, `It belongs to ${named}, which is not running`);
  }
  return finish('unmatched', null, 'It carries no id of ours, and no dispatch holds its work order');
}

/** The id in the order itself, for bodies that lacked it; null when it carries none or does not exist. */
async function carriedId(workOrderId: number): Promise<string | null> {
  let retries = 0;
  setHandler(retry, () => void retries++, { description: 'The key is mended: read the work order again' });
  let waits = false;
  for (let tries = 0; ; tries++) {
    const before = retries;
    try {
      const { correlationId } = await fieldNation.readWorkOrder({ workOrderId });
      if (waits) show(null);
      return correlationId;
    } catch (error) {
      const failure = stepFailure(error);
      if (failure.type !== 'Unauthorized') {
        if (waits) show(null);
        return null;
      }
      if (!waits) show('unauthorized');
      waits = true;
      setCurrentDetails(
        `### Needs a person: unauthorized\nThe event of work order ${workOrderId} waits. ${failure.detail}\n\n**What to do:** ${failure.remedy}`,
      );
      const wait = Math.min(SLOW_RETRY.first * 2 ** tries, SLOW_RETRY.most);
      await condition(() => retries !== before, wait, { summary: 'Wait for a working key, or a retry' });
    }
  }
}

/** Lets operators find it among what waits for a person. */
const show = (reason: AttentionReason | null): void =>
  upsertSearchAttributes([
    { key: STATE, value: reason === null ? null : 'attention' },
    { key: SINCE, value: reason === null ? null : new Date() },
    { key: ATTENTION, value: reason },
  ]);
