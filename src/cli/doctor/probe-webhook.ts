/** What a webhook brought of a work order that no dispatch owns: Temporal keeps such events as runs of `workOrderEvent`. */
import { isGrpcServiceError, type Client } from '@temporalio/client';
import { readOrderEvent } from '../../domain/read-order-event';
import { isProbeOf } from '../../domain/probe';
import { workOrderEvent } from '../../contract/messages';
import { workOrderEventWorkflowId } from '../../contract/run-ids';
import { decodeFirst } from '../../temporal/decode';

const ANSWER_MS = 5_000;
const NOT_FOUND = 5;
/** Events of one order that are looked through. */
const MOST_EVENTS = 200;

export interface Heard {
  event: string;
  carriesId: boolean;
  /** The body was `{ eventName, eventId, … }`: only it has an id of its own. */
  isOlder: boolean;
  /** It named the order and told little else. */
  thin: boolean;
}

/** The first event of this order that any webhook brought; null: none yet. */
export async function heardOf(client: Client, account: string, workOrderId: number): Promise<Heard | null> {
  return client.connection.withDeadline(Date.now() + ANSWER_MS, async () => {
    const execution = { workflowId: workOrderEventWorkflowId(account, String(workOrderId)) };
    const { history } = await client.workflowService
      .getWorkflowExecutionHistory({
        ...{ namespace: client.options.namespace, execution, maximumPageSize: MOST_EVENTS },
      })
      .catch((error: unknown) => {
        if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return { history: null };
        throw error;
      });
    for (const { workflowExecutionSignaledEventAttributes: signal } of history?.events ?? []) {
      if (signal?.signalName !== workOrderEvent.name) continue;
      const event = readOrderEvent(await decodeFirst(client.options.loadedDataConverter, signal.input?.payloads));
      if (!event) continue;
      const [isOlder, thin] = [event.key.startsWith('evt_'), event.thin === true];
      return { event: event.name, carriesId: isProbeOf(account, event.correlationId), isOlder, thin };
    }
    return null;
  });
}
