/** Feeds the log of Temporal's SDK into the one logger of the process. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LogLevel } from '../config/settings';
import type { Logger } from '../log';

/** Warnings of the SDK that tell an operator nothing: our activity queues have no workflows on purpose. */
const NO_NEWS = /^No (workflows|activities) registered, not polling/;

/** To be called once, before anything of the SDK runs. */
export function installRuntimeLogger(log: Logger, level: LogLevel): void {
  const noisy = level === 'debug' || level === 'trace';
  const logger = new DefaultLogger(noisy ? 'DEBUG' : 'INFO', ({ level: lineLevel, message, meta }) => {
    const fields = { ...meta, sdk: true };
    if (lineLevel === 'ERROR') log.error(fields, message);
    else if (lineLevel === 'WARN' && !NO_NEWS.test(message)) log.warn(fields, message);
    else log.debug(fields, message);
  });
  // Signals are the command's business: the service ends in its own order.
  Runtime.install({ logger, shutdownSignals: [] });
}
