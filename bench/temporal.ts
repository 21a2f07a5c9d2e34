/** What only the Temporal server knows. */
import { Client, Connection } from '@temporalio/client';

const ACCOUNT = 'acme';

/** How many events the histories of these tickets' dispatches have. */
export async function historyLengths(address: string, tickets: readonly number[]): Promise<number[]> {
  const connection = await Connection.connect({ address });
  try {
    const { workflow } = new Client({ connection });
    return await Promise.all(
      tickets.map(
        async (ticket) => (await workflow.getHandle(`dispatch-${ACCOUNT}-${ticket}`).describe()).historyLength,
      ),
    );
  } finally {
    await connection.close();
  }
}
