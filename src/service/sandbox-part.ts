/** The sandbox as a part of the service: one at a time on a data dir, found again under the same address after a restart. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from '../config/settings';
import type { Logger } from '../log';
import { recordedSandbox, recordSandbox, sandboxCredentials, type Runtime } from '../runtime';
import { IDENTITY_PATH, proofOf, startSandbox, type Sandbox } from '../../sandbox';
import { withFileLock } from '../../engine';
import { followWeb, recordedWeb } from '../config/neighbours';

const PROBE_MS = 1_000;

export interface SandboxPart {
  url: string;
  stop(): Promise<void>;
}

export interface SandboxPartDeps {
  settings: Settings;
  runtime: Runtime;
  log: Logger;
  report: (line: string) => void;
  /** The web server in this process; null: it runs, or will run, in another one. */
  webUrl: string | null;
}

/** Begins the sandbox, or uses the one that another process runs on this data dir: two would damage its journal. */
export function beginSandbox(deps: SandboxPartDeps): Promise<SandboxPart> {
  const { dataDir } = deps.settings;
  return withFileLock(join(dataDir, 'sandbox.lock'), async () => {
    const known = recordedSandbox(dataDir);
    if (known && (await sandboxAnswers(dataDir))) {
      deps.report(`Using the sandbox that already runs at ${known.url}.`);
      return { url: known.url, stop: () => Promise.resolve() };
    }
    const toldFirst = webAddress(deps);
    const controlKey = known?.controlKey ?? randomBytes(24).toString('base64url');
    const last = known ? Number(new URL(known.url).port) : null;
    const sandbox = await startOnBestPort(deps, { controlKey, deskbridgeUrl: toldFirst, last });
    const { url, freshdeskUrl, fieldNationUrl } = sandbox;
    recordSandbox(dataDir, { url, freshdeskUrl, fieldNationUrl, controlKey });
    const unfollow = followWeb(dataDir, (webUrl) => {
      if (webUrl === toldFirst) return;
      deps.log.info({ webUrl }, 'webhooks of the sandbox go to this web server now');
      sandbox.setDeskbridgeUrl(webUrl);
    });
    return {
      url,
      stop: () => {
        unfollow();
        return sandbox.stop();
      },
    };
  });
}

/** True when the sandbox of this data dir answers; its key tells it from a stranger on the same port. */
export async function sandboxAnswers(dataDir: string): Promise<boolean> {
  const known = recordedSandbox(dataDir);
  if (!known) return false;
  const challenge = randomBytes(16).toString('hex');
  const ask = async (): Promise<unknown> => {
    const signal = AbortSignal.timeout(PROBE_MS);
    const answer = await fetch(`${known.url}${IDENTITY_PATH}?challenge=${challenge}`, { signal });
    return ((await answer.json()) as { proof?: unknown }).proof;
  };
  return (await ask().catch(() => null)) === proofOf(known.controlKey, challenge);
}

/** Before a web process has told its address, the setting is the best guess. */
function webAddress({ settings: { dataDir, web }, webUrl }: SandboxPartDeps): string | null {
  return webUrl ?? recordedWeb(dataDir) ?? (web.port === 0 ? null : `http://${web.host}:${web.port}`);
}

/** The last address first, since running dispatches and people know it; then the port beside the web server's. */
async function startOnBestPort(
  { settings, runtime, log }: SandboxPartDeps,
  { controlKey, deskbridgeUrl, last }: { controlKey: string; deskbridgeUrl: string | null; last: number | null },
): Promise<Sandbox> {
  const { port } = settings.web;
  const options = {
    dataFile: join(settings.dataDir, 'sandbox.jsonl'),
    account: runtime.account,
    freshdeskApiKey: settings.freshdesk?.apiKey ?? runtime.secrets.freshdeskApiKey,
    fieldNation: sandboxCredentials(runtime),
    controlKey,
    // Beside a real account it could sign events for real tickets.
    control: settings.freshdesk === null && settings.fieldNation === null,
    deskbridgeUrl,
    freshdeskWebhookSecret: runtime.freshdeskWebhookSecrets[0] ?? '',
    fieldNationWebhookSecret: runtime.fieldNationWebhookSecrets[0] ?? '',
    eventsWriteKey: runtime.eventsWriteKey,
    log: (message: string, fields: Record<string, unknown>) => log.debug(fields, message),
  };
  const wanted = [last, port === 0 || port === 65535 ? null : port + 1].filter((one) => one !== null);
  for (const candidate of wanted) {
    const sandbox = await startSandbox({ ...options, port: candidate }).catch(unlessTaken);
    if (sandbox) return sandbox;
  }
  return startSandbox({ ...options, port: 0 });
}

function unlessTaken(error: unknown): Sandbox | null {
  if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
  throw error;
}
