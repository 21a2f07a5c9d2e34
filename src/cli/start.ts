/** `start`: runs the service until it is told to stop; Ctrl-C ends every process it began. */
import { setFlagsFromString } from 'node:v8';
import { adminTokens } from '../config/admin-tokens';
import { secretsFile } from '../config/generated-secrets';
import { unknownSettings } from '../config/known-names';
import type { Settings } from '../config/settings';
import { needsOf } from '../config/settings-needs';
import { createLogger } from '../log';
import { startService, type Parts, type Service } from '../service';
import { hasFieldNation } from '../runtime';
import { outsideOfEnvFile, readSettings, readSettingsAnew } from './context';
import { EXIT, exitCodeOf, explain } from './exit';
import { signInLink } from './sign-in';

/**
 * After this a stop that hangs is cut short, in ms: a bit longer than the longest attempt of an activity, and short
 * enough that the Temporal server, which ends last, has ended 25 s after the signal.
 */
const STOP_WITHIN_MS = 22_500;
/** The same for a start that is called off. */
const GIVE_UP_WITHIN_MS = 5_000;
/** Signals this close together are one key press: the terminal sends Ctrl-C to us and to npm, which passes it on. */
const SAME_PRESS_MS = 1_000;
const PARENT_CHECK_MS = 250;
/** V8 lets a heap grow to several times what lives in it where there is much memory; it is to be cleared after half as much. */
const SMALL_HEAP = '--heap-growing-percent=50';

export async function start(options: Partial<Parts>): Promise<void> {
  setFlagsFromString(SMALL_HEAP);
  const named = options.web || options.worker || options.sandbox;
  const parts: Parts = {
    web: options.web ?? !named,
    worker: options.worker ?? !named,
    sandbox: options.sandbox ?? !named,
  };
  const settings = readSettings(needsOf(parts));
  const log = createLogger(settings.logLevel, process.stderr.isTTY);
  const { installRuntime } = await import('../temporal/runtime');
  const sdkMetrics = await installRuntime(log, settings.logLevel);

  const stop = new AbortController();
  const stopped = stopSignal().then((signal) => {
    stop.abort();
    return signal;
  });
  const report = (line: string): void => console.error(line);
  for (const { name, hint } of unknownSettings(process.env)) report(`${name} is not a setting of Deskbridge. ${hint}`);
  let running: Service | null = null;
  process.on('SIGHUP', () => void running?.reloadConfig());
  const outside = outsideOfEnvFile();
  // Another process of these parts would keep its old settings.
  const canRestart = parts.web && parts.worker && parts.sandbox && settings.embeddedTemporal;

  let round: Round = { settings, env: { ...process.env }, before: null, refused: null };
  for (;;) {
    const restart = new AbortController();
    const restarting = new Promise<typeof RESTART>((resolve) =>
      restart.signal.addEventListener('abort', () => resolve(RESTART)),
    );
    const setup = { outside, restart: canRestart ? () => restart.abort() : null, refused: round.refused };
    const starting = startService({ ...round, parts, log, report, sdkMetrics, setup, signal: stop.signal });
    const first = await Promise.race([starting.catch((error: unknown) => ({ error })), stopped.then(() => null)]);
    if (first === null) {
      cutAfter(GIVE_UP_WITHIN_MS, EXIT.done);
      const late = await starting.catch(() => null);
      await late?.stop();
      return;
    }
    if ('error' in first) {
      if (round.before === null) throw first.error;
      round = { ...round.before, refused: explain(first.error) };
      report(`${round.refused}\nThe saved settings could not start. Deskbridge goes on with those from before.`);
      continue;
    }
    running = first;
    await announce(running, parts, round.settings);
    const why = await Promise.race([
      stopped,
      restarting,
      running.ended.then(
        () => 'worker',
        (error: unknown) => error,
      ),
    ]);
    const cut = cutAfter(STOP_WITHIN_MS, EXIT.failed);
    if (why === RESTART) report('Restarting with the saved settings.');
    else if (process.stderr.isTTY) report('\nEnding; work that is under way goes on at the next start.');
    await running.stop();
    running = null;
    if (why === RESTART && !stop.signal.aborted) {
      clearTimeout(cut);
      round = nextRound(round, parts);
      continue;
    }
    if (typeof why === 'string') return;
    console.error(explain(why));
    process.exitCode = exitCodeOf(why);
    return;
  }
}

const RESTART = 'restart';

/** One life of the service between restarts. */
interface Round {
  settings: Settings;
  env: NodeJS.ProcessEnv;
  /** The one that worked before; null: there was none. */
  before: Round | null;
  /** Why the settings that were to follow were not taken. */
  refused: string | null;
}

/** With `.env` as it is now; with the settings from before where they cannot be read. */
function nextRound(before: Round, parts: Parts): Round {
  try {
    const settings = readSettingsAnew(needsOf(parts));
    return { settings, env: { ...process.env }, before: { ...before, before: null }, refused: null };
  } catch (error) {
    return { ...before, before: null, refused: explain(error) };
  }
}

/** The server of this data dir is told to end by its exit hook. */
function cutAfter(ms: number, code: number): NodeJS.Timeout {
  return setTimeout(() => process.exit(code), ms).unref();
}

/**
 * npm passes a signal on to the shell that it runs us in, and that shell dies of it without telling us: its end counts
 * as the signal. Started in any other way, the parent may come and go.
 */
function onOrphaned(tell: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && tell(), PARENT_CHECK_MS).unref();
}

/** Resolves at the first SIGINT or SIGTERM; a later one, meant as such, ends the process at once. */
function stopSignal(): Promise<string> {
  return new Promise((resolve) => {
    let askedAt: number | null = null;
    onOrphaned(() => resolve('the end of npm'));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (askedAt !== null && Date.now() - askedAt > SAME_PRESS_MS) process.exit(EXIT.failed);
        askedAt ??= Date.now();
        resolve(signal);
      });
    }
  });
}

/** Where the generated token stands; null: it was set, or none is needed. */
const tokenFile = ({ adminToken }: Service, { web, dataDir }: Settings): string | null =>
  adminToken !== null && web.adminToken === null ? `"adminToken" in ${secretsFile(dataDir)}` : null;

/** A log must not hold a link that lets its reader in: only a person at a terminal sees one. */
async function linkForTerminal(
  { webUrl, account }: Service,
  adminToken: string | null,
  { web }: Settings,
): Promise<string | null> {
  if (webUrl === null || adminToken === null || !process.stdout.isTTY) return null;
  const [first, ...others] = adminTokens(adminToken);
  if (!first) return null;
  if (others.length > 0) return 'npx deskbridge sign-in --name <your name>';
  return (await signInLink({ account, adminToken }, web.publicUrl ?? webUrl, first.name)).url;
}

/** The addresses, and last the line that says that work is accepted (interface, section 2). */
async function announce(service: Service, parts: Parts, settings: Settings): Promise<void> {
  const { webUrl, sandboxUrl, uiUrl, metricsUrl } = service;
  const names = Object.keys(parts).filter((name) => parts[name as keyof Parts]);
  const lines: [string, string | null][] = [
    ['Metrics', metricsUrl],
    ['Temporal UI', uiUrl],
    ['Sandbox', sandboxUrl],
    ['Admin token', tokenFile(service, settings)],
    ['Sign in', await linkForTerminal(service, service.adminToken, settings)],
    // Beside the sandbox these pages alone ask for a sign-in.
    ['Set up', service.adminToken === null ? await linkForTerminal(service, service.setupToken, settings) : null],
  ];
  for (const [name, url] of lines) if (url) console.log(`${`${name}:`.padEnd(13)}${url}`);
  if (parts.worker && !hasFieldNation(settings))
    console.log('Field Nation is not set up: contacts work, and no ticket is dispatched.');
  if (sandboxUrl && process.stdout.isTTY)
    console.log('To see a ticket through: npx deskbridge demo (Ctrl-C here ends all)');
  console.log(webUrl ? `Deskbridge is ready: ${webUrl}` : `Deskbridge runs: ${names.join(', ')}`);
}
