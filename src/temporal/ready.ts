/** Whether Temporal can take work now. Promise: an answer within the deadline, whatever state the connection is in. */
import type { Client } from '@temporalio/client';

export async function temporalAnswers(client: Client, deadlineMs = 2000): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + deadlineMs, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
