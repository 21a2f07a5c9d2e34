/** Whether Temporal can take work in our namespace now. Promise: an answer within the deadline, whatever state the connection is in. */
import type { Client } from '@temporalio/client';

export async function temporalAnswers(client: Client, deadlineMs = 2000): Promise<boolean> {
  try {
    const { namespace } = client.options;
    await client.connection.withDeadline(Date.now() + deadlineMs, () =>
      client.workflowService.describeNamespace({ namespace }),
    );
    return true;
  } catch {
    return false;
  }
}
