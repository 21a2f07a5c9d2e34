/** Feeds log and metrics of Temporal's SDK into those of the process. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LogLevel } from '../config/settings';
import type { Logger } from '../log';
import { LOOPBACK, portOrFree } from '../../engine';

const READ_WITHIN_MS = 2_000;

/** Warnings of the SDK that tell an operator nothing: our activity queues have no workflows on purpose. */
const NO_NEWS = /^No (workflows|activities) registered, not polling/;

/**
 * To be called once, before anything of the SDK runs. Gives the reader of the SDK's own metrics, which it shows on a port
 * of its own that only this machine reaches.
 */
export async function installRuntime(log: Logger, level: LogLevel): Promise<() => Promise<string>> {
  const noisy = level === 'debug' || level === 'trace';
  const logger = new DefaultLogger(noisy ? 'DEBUG' : 'INFO', ({ level: lineLevel, message, meta }) => {
    const fields = { ...meta, sdk: true };
    if (lineLevel === 'ERROR') log.error(fields, message);
    else if (lineLevel === 'WARN' && !NO_NEWS.test(message)) log.warn(fields, message);
    else log.debug(fields, message);
  });
  const bindAddress = `${LOOPBACK}:${await portOrFree(0)}`;
  const units = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };
  const metrics = { prometheus: { bindAddress, ...units } };
  // Signals are the command's business: the service ends in its own order.
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { metrics } });
  return async () => {
    const answer = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(READ_WITHIN_MS) });
    return answer.ok ? await answer.text() : '';
  };
}
