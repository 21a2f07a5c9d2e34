/** Waiting for a part that starts later, or is away: with a clear line in the log, and never after a stop was asked for. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log';

const RETRY_MS = 1_000;
/** What has only just come may take so long to answer: that is no news. */
const SAY_AFTER_MS = 3_000;
/** Then this often: an operator must see it, but a log must not fill with it. */
const SAY_EVERY_MS = 30_000;

export interface WaitOptions {
  log: Logger;
  signal: AbortSignal;
  /** Errors that no waiting mends; they are thrown at once. */
  isFinal?: (error: unknown) => boolean;
}

/** The first success of `attempt`. @throws the abort reason when `signal` aborts; a final error unchanged. */
export async function untilReached<T>(
  what: string,
  attempt: () => Promise<T>,
  { log, signal, isFinal = () => false }: WaitOptions,
): Promise<T> {
  const began = Date.now();
  let said = 0;
  for (;;) {
    signal.throwIfAborted();
    try {
      const reached = await attempt();
      if (said > 0) log.info(`${what} is reached`);
      return reached;
    } catch (error) {
      if (isFinal(error)) throw error;
      const now = Date.now();
      if (now - began >= SAY_AFTER_MS && now - said >= SAY_EVERY_MS) {
        log.warn({ reason: (error as Error).message }, `${what} is out of reach; waiting for it`);
        said = now;
      }
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
