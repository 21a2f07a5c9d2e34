/**
 * The running service: engine, sandbox, workers and web server, begun in the order in which they need each other and
 * ended in reverse. Promise: `start` resolves when work is accepted; `stop` ends all that it began.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createActivities } from '../activities';
import { createFieldNationClient } from './clients/field-nation';
import { createFreshdeskClient } from './clients/freshdesk';
import { ConfigHolder } from './config/holder';
import { isLoopbackHost, type Settings } from './config/settings';
import { createApp } from './http/app';
import type { Logger } from './log';
import {
  fieldNationTarget,
  freshdeskTarget,
  linkMaker,
  recordSandbox,
  resolveRuntime,
  sandboxCredentials,
  type Runtime,
} from './runtime';
import { startSandbox, type Sandbox } from './sandbox';
import {
  connectWorkers,
  createClient,
  targetFromEnvironment,
  targetOfEngine,
  type TemporalTarget,
} from './temporal/connection';
import { createDispatches } from './temporal/dispatches';
import { registerSearchAttributes, startEmbeddedEngine } from './temporal/engine';
import { createStarter } from './temporal/starter';
import { createWorkers } from './temporal/worker';

/** Which parts run in this process. */
export interface Parts {
  web: boolean;
  worker: boolean;
  sandbox: boolean;
}

export interface ServiceDeps {
  settings: Settings;
  parts: Parts;
  env: NodeJS.ProcessEnv;
  log: Logger;
  /** Plain lines for the person who starts it. */
  report: (line: string) => void;
}

export interface Service {
  webUrl: string | null;
  sandboxUrl: string | null;
  uiUrl: string | null;
  /** Resolves when a worker stopped by itself; rejects when it failed. Never, when no worker runs here. */
  ended: Promise<void>;
  reloadConfig(): Promise<void>;
  stop(): Promise<void>;
}

/** Waits of the web server, in ms: a slow sender must not hold a socket for ever. */
const TIMEOUTS = { headers: 10_000, request: 15_000, keepAlive: 5_000 };
const READY_CHECK_MS = 2_000;
const CONNECT_RETRY_MS = 2_000;

type Closer = () => Promise<void> | void;

export async function startService(deps: ServiceDeps): Promise<Service> {
  const closers: Closer[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await Promise.resolve(close()).catch((error: unknown) =>
        deps.log.error({ err: error }, 'a part did not end well'),
      );
    }
  };
  try {
    return { ...(await begin(deps, closers)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function begin(deps: ServiceDeps, closers: Closer[]): Promise<Omit<Service, 'stop'>> {
  const { settings, parts, log } = deps;
  const config = await ConfigHolder.open(settings.configFile);
  const runtime = resolveRuntime(settings);
  const target = await findTemporal(deps, closers);

  const sandbox = parts.sandbox && runtime.usesSandbox ? await beginSandbox(deps, runtime, closers) : null;
  const client = createClient(target);
  closers.push(() => client.connection.close());
  const linksOf = linkMaker(settings, runtime, target.uiUrl, target.namespace);
  const dispatches = createDispatches({ client, account: runtime.account, linksOf });

  const workers = parts.worker
    ? await beginWorkers(deps, { config, runtime, target, client, dispatches }, closers)
    : { ended: new Promise<void>(() => undefined) };
  let webUrl: string | null = null;
  if (parts.web) {
    const starter = createStarter({ client, account: runtime.account, linksOf });
    const app = createApp({
      starter,
      dispatches,
      account: runtime.account,
      freshdeskSecrets: runtime.freshdeskWebhookSecrets,
      fieldNationSecrets: runtime.fieldNationWebhookSecrets,
      adminToken: settings.web.adminToken,
      isReady: () => answers(client),
      log,
    });
    const server = await listen(app, settings.web, closers);
    const { port } = server.address() as AddressInfo;
    webUrl = `http://${isLoopbackHost(settings.web.host) ? settings.web.host : '127.0.0.1'}:${port}`;
    sandbox?.setDeskbridgeUrl(webUrl);
  }
  const reloadConfig = async (): Promise<void> => {
    const problems = await config.reload();
    if (problems.length === 0) log.info({ file: settings.configFile }, 'config reloaded');
    for (const problem of problems) log.error({ ...problem }, 'config refused, the old one stays');
  };
  return { webUrl, sandboxUrl: sandbox?.url ?? null, uiUrl: target.uiUrl, ended: workers.ended, reloadConfig };
}

/** The embedded server, begun or found running; or the one that the environment names. */
async function findTemporal({ settings, env, report }: ServiceDeps, closers: Closer[]): Promise<TemporalTarget> {
  if (!settings.embeddedTemporal) return targetFromEnvironment(env);
  const engine = await startEmbeddedEngine({ dataDir: settings.dataDir, env, report });
  closers.push(() => engine.stop());
  return targetOfEngine(engine);
}

async function beginSandbox({ settings, log }: ServiceDeps, runtime: Runtime, closers: Closer[]): Promise<Sandbox> {
  const options = {
    dataFile: join(settings.dataDir, 'sandbox.jsonl'),
    account: runtime.account,
    freshdeskApiKey: settings.freshdesk?.apiKey ?? runtime.secrets.freshdeskApiKey,
    fieldNation: sandboxCredentials(runtime),
    deskbridgeUrl: null,
    freshdeskWebhookSecret: runtime.freshdeskWebhookSecrets[0] ?? '',
    fieldNationWebhookSecret: runtime.fieldNationWebhookSecrets[0] ?? '',
    log: (message: string, fields: Record<string, unknown>) => log.debug(fields, message),
  };
  // Beside the web server where that is free: people find it again after a restart.
  const preferred = settings.web.port === 0 ? 0 : settings.web.port + 1;
  const sandbox = await startSandbox({ ...options, port: preferred }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return startSandbox({ ...options, port: 0 });
  });
  closers.push(() => sandbox.stop());
  const { url, freshdeskUrl, fieldNationUrl } = sandbox;
  recordSandbox(settings.dataDir, { url, freshdeskUrl, fieldNationUrl });
  return sandbox;
}

interface WorkerParts {
  config: ConfigHolder;
  runtime: Runtime;
  target: TemporalTarget;
  client: Client;
  dispatches: ReturnType<typeof createDispatches>;
}

async function beginWorkers(
  { settings, log }: ServiceDeps,
  { config, runtime, target, client, dispatches }: WorkerParts,
  closers: Closer[],
): Promise<{ ended: Promise<void> }> {
  const freshdesk = createFreshdeskClient({ ...freshdeskTarget(settings, runtime) });
  const fieldNation = createFieldNationClient(fieldNationTarget(settings, runtime));
  closers.push(() => Promise.all([freshdesk.close(), fieldNation.close()]).then(() => undefined));
  const connection = await untilReached(() => connectWorkers(target), log);
  closers.push(() => connection.close());
  await registerSearchAttributes(client.connection as Parameters<typeof registerSearchAttributes>[0], target.namespace);
  const workers = await createWorkers({
    connection,
    namespace: target.namespace,
    activities: createActivities({ freshdesk, fieldNation, config, dispatches }),
    workflowBundle: join(__dirname, '..', 'workflow-bundle.js'),
    freshdeskCallsPerMinute: settings.freshdeskCallsPerMinute,
    fieldNationCallsPerMinute: settings.fieldNationCallsPerMinute,
  });
  const ended = workers.run();
  closers.push(async () => {
    workers.shutdown();
    await ended;
  });
  return { ended };
}

/** A worker that starts before Temporal does waits for it. */
async function untilReached<T>(connect: () => Promise<T>, log: Logger): Promise<T> {
  for (;;) {
    try {
      return await connect();
    } catch (error) {
      log.warn({ reason: (error as Error).message }, 'Temporal is out of reach; trying again');
      await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS));
    }
  }
}

async function listen(
  app: Parameters<typeof createServer>[1],
  web: Settings['web'],
  closers: Closer[],
): Promise<Server> {
  const server = createServer({ requestTimeout: TIMEOUTS.request, headersTimeout: TIMEOUTS.headers }, app);
  server.keepAliveTimeout = TIMEOUTS.keepAlive;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(web.port, web.host, resolve);
  });
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  );
  return server;
}

async function answers(client: Client): Promise<boolean> {
  try {
    await client.connection.withDeadline(Date.now() + READY_CHECK_MS, () => client.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
