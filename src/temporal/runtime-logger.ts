/** Feeds the log of Temporal's SDK into the one logger of the process. */
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { LogLevel } from '../config/settings';
import type { Logger } from '../log';

/** To be called once, before anything of the SDK runs. */
export function installRuntimeLogger(log: Logger, level: LogLevel): void {
  const noisy = level === 'debug' || level === 'trace';
  const logger = new DefaultLogger(noisy ? 'DEBUG' : 'INFO', ({ level: lineLevel, message, meta }) => {
    const fields = { ...meta, sdk: true };
    if (lineLevel === 'ERROR') log.error(fields, message);
    else if (lineLevel === 'WARN') log.warn(fields, message);
    else log.debug(fields, message);
  });
  // Signals are the command's business: the service ends in its own order.
  Runtime.install({ logger, shutdownSignals: [] });
}
