/** What a webhook brought of a work order that no dispatch owns: Temporal keeps such events as runs of `workOrderEvent`. */
import type { Client } from '@temporalio/client';
import { decodeArrayFromPayloads } from '@temporalio/common/lib/internal-non-workflow';

import { WORKFLOW_TYPES } from '../../contract/names';
import { readOrderEvent } from '../../domain/order-event';
import { isProbeOf } from '../../domain/probe';
import type { WorkOrderEventInput } from '../../contract/run-inputs';

const ANSWER_MS = 5_000;
const MOST = 200;

export interface Heard {
  event: string;
  carriesId: boolean;
  /** The body was `{ eventName, eventId, … }`: only it has an id of its own. */
  isOlder: boolean;
  /** It named the order and told little else. */
  thin: boolean;
}

/** The first event of this order that came since then, ISO 8601; null: none yet. */
export async function heardOf(
  client: Client,
  account: string,
  workOrderId: number,
  since: string,
): Promise<Heard | null> {
  return client.connection.withDeadline(Date.now() + ANSWER_MS, async () => {
    const query = `WorkflowType = '${WORKFLOW_TYPES.workOrderEvent}' AND StartTime >= '${since}'`;
    let seen = 0;
    for await (const { workflowId, runId } of client.workflow.list({ query })) {
      if ((seen += 1) > MOST) return null;
      if (!workflowId.startsWith(`work-order-event-${account}-`)) continue;
      const { history } = await client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId, runId },
        maximumPageSize: 1,
      });
      const payloads = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads;
      const [input] = await decodeArrayFromPayloads(client.options.loadedDataConverter, payloads);
      const event = readOrderEvent((input as WorkOrderEventInput | undefined)?.event);
      if (event?.workOrderId !== workOrderId) continue;
      const [isOlder, thin] = [event.key.startsWith('evt_'), event.thin === true];
      return { event: event.name, carriesId: isProbeOf(account, event.correlationId), isOlder, thin };
    }
    return null;
  });
}
