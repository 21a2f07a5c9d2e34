/** How long the embedded server keeps closed workflows. */
import type { Connection } from '@temporalio/client';

const RETENTION_SECONDS = 30 * 24 * 60 * 60;

/** Sets the namespace's retention to 30 days; a development server's own default is one. */
export async function ensureRetention(connection: Connection, namespace: string): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) === RETENTION_SECONDS) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: RETENTION_SECONDS as never } },
  });
}
