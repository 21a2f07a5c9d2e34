/** Short connections that the engine makes to the server it looks after. */
import { Connection } from '@temporalio/client';

/** A starting server refuses connections for a moment; the default back-off of a second would be most of the start. */
const QUICK_RETRY = { 'grpc.initial_reconnect_backoff_ms': 50, 'grpc.max_reconnect_backoff_ms': 500 };
/** One attempt; its timer outlives a closed connection and would hold the process for as long. */
const ATTEMPT_MS = 1_000;
const PROBE_MS = 2_000;

/**
 * Runs `work` with a connection to a server that answers `GetSystemInfo` within `patienceMs`; rejects when none does, or
 * at once when `givenUp` rejects.
 */
export async function withEngineConnection<T>(
  address: string,
  patienceMs: number,
  work: (connection: Connection) => Promise<T>,
  givenUp: Promise<never> = new Promise(() => undefined),
): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const connection = Connection.lazy({ address, connectTimeout: ATTEMPT_MS, channelArgs: QUICK_RETRY });
    try {
      const connected = connection.ensureConnected().then(
        () => true,
        (error: Error) => (Date.now() < deadline ? false : Promise.reject(error)),
      );
      if (await Promise.race([connected, givenUp])) return await Promise.race([work(connection), givenUp]);
    } finally {
      await connection.close();
    }
  }
}

/** True when a Temporal server answers at the address. */
export function engineAnswers(address: string, patienceMs = PROBE_MS): Promise<boolean> {
  return withEngineConnection(address, patienceMs, async () => true).catch(() => false);
}
