/** `start`: runs the service until it is told to stop; Ctrl-C ends every process it began. */
import { createLogger } from '../log';
import { startService, type Parts, type Service } from '../service';
import { readSettings } from './context';
import { EXIT, exitCodeOf, explain } from './exit';

/** After this a stop that hangs is cut short, in ms: longer than the longest attempt of an activity. */
const STOP_WITHIN_MS = 30_000;

export async function start(options: Partial<Parts>): Promise<void> {
  const settings = readSettings();
  const named = options.web || options.worker || options.sandbox;
  const parts: Parts = {
    web: options.web ?? !named,
    worker: options.worker ?? !named,
    sandbox: options.sandbox ?? !named,
  };
  const log = createLogger(settings.logLevel, process.stderr.isTTY);
  const { installRuntimeLogger } = await import('../temporal/runtime-logger');
  installRuntimeLogger(log, settings.logLevel);

  const stopped = stopSignal();
  const starting = startService({ settings, parts, env: process.env, log, report: (line) => console.error(line) });
  const service = await Promise.race([starting, stopped.then(() => null)]);
  if (!service) {
    const late = await starting.catch(() => null);
    await late?.stop();
    return;
  }
  process.on('SIGHUP', () => void service.reloadConfig());
  announce(service, parts);
  const why = await Promise.race([
    stopped,
    service.ended.then(
      () => 'worker',
      (error: unknown) => error,
    ),
  ]);
  setTimeout(() => process.exit(EXIT.failed), STOP_WITHIN_MS).unref();
  await service.stop();
  if (typeof why === 'string') return;
  console.error(explain(why));
  process.exitCode = exitCodeOf(why);
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(EXIT.failed);
        asked = true;
        resolve(signal);
      });
    }
  });
}

/** The addresses, and last the line that says that work is accepted (interface, section 2). */
function announce({ webUrl, sandboxUrl, uiUrl }: Service, parts: Parts): void {
  if (uiUrl) console.log(`Temporal UI: ${uiUrl}`);
  if (sandboxUrl) console.log(`Sandbox: ${sandboxUrl}`);
  if (webUrl) console.log(`Deskbridge is ready: ${webUrl}`);
  else
    console.log(
      `Deskbridge runs: ${Object.entries(parts)
        .filter(([, on]) => on)
        .map(([name]) => name)
        .join(', ')}`,
    );
}
