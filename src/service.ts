/**
 * The running service: engine, web server, sandbox and workers, begun in the order in which they need each other and
 * ended in reverse. Promise: `start` resolves when work is accepted; `stop` ends all that it began.
 */
import type { Client } from '@temporalio/client';
import { checkTemporal } from './checks/temporal';
import { configDifference } from './config/difference';
import { ConfigHolder } from './config/holder';
import type { Settings } from './config/settings';
import { createApp } from './http/app';
import { UI_PATH } from './contract/names';
import { contactWorkflowId, dispatchWorkflowId } from './contract/run-ids';
import { originsOf } from './http/codec';
import { auditFile, createAudit, type Audit, type By } from './http/audit';
import { temporalUi } from './http/temporal-ui';
import { createProbeApp } from './http/probes';
import type { Logger } from './log';
import { createMetrics } from './metrics';
import { contactLinks, hasFieldNation, linkMaker, pageLinks, resolveRuntime } from './runtime';
import { recordedWeb, recordWeb } from './config/neighbours';
import { callsPerMinute, nameTriggers } from './service/reconcile-part';
import { beginSandbox } from './service/sandbox-part';
import { untilReached } from './service/until-reached';
import { takeProbePort, takeWebPort } from './service/web-port';
import { beginWorkers } from './service/worker-part';
import { createRefusalNotes, createWebhookNotes } from './temporal/alerts';
import { createSetupDesk } from './setup/desk';
import { createClient, targetFromEnvironment, targetOfEngine } from './temporal/connection';
import { createEventJudge } from './temporal/contact-intake';
import { createEventDesk } from './temporal/event-desk';
import { createContactKeys } from './temporal/contact-keys';
import { createContactRuns } from './temporal/contact-runs';
import { createCanDispatch } from './temporal/can-dispatch';
import { createContactStarter } from './temporal/contacts';
import { createDispatches } from './temporal/dispatches';
import { createDispatching } from './temporal/dispatching';
import { createCodec, createDataConverter } from './temporal/encryption';
import {
  createUiPages,
  registerSearchAttributes,
  SearchAttributesError,
  startEmbeddedEngine,
  type EmbeddedEngine,
} from '../engine';
import { createOnceRecords } from './temporal/once-records';
import { countsOf } from './temporal/index/counts';
import { createOperations } from './temporal/operations';
import { createOverview } from './temporal/overview';
import { createPreviews } from './temporal/previews';
import { temporalAnswers } from './temporal/ready';
import { QuotaBook } from './temporal/quota-book';
import { createStanding } from './temporal/standing';
import { readCalls } from './temporal/run-calls';
import { createSites } from './temporal/sites';
import { createStarter } from './temporal/starter';
import { UpstreamBook } from './temporal/upstream-book';
import { loadTracing } from './tracing';

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
  /** The text of the SDK's own metrics. */
  sdkMetrics: () => Promise<string>;
  /** What the set-up pages need of the start; absent: there are none. */
  setup?: { outside: NodeJS.ProcessEnv; restart: (() => void) | null; refused: string | null };
  /** Aborted: a start that still waits for something gives up, and ends what it began. */
  signal: AbortSignal;
}

export interface Service {
  account: string;
  /** Of the web server here; null: there is none, or none is needed. */
  adminToken: string | null;
  /** What the set-up pages ask for where there is no admin token; null without web server. */
  setupToken: string | null;
  webUrl: string | null;
  sandboxUrl: string | null;
  uiUrl: string | null;
  /** Probes and metrics on an address of their own; null where there is none. */
  metricsUrl: string | null;
  /** Resolves when a worker stopped by itself; rejects when it failed. Never, when no worker runs here. */
  ended: Promise<void>;
  reloadConfig(): Promise<void>;
  stop(): Promise<void>;
}

/** An operator's browser or script waits for a preview, in ms. */
const PREVIEW_WITHIN_MS = 20_000;
/** A long history takes its time. */
const CALLS_WITHIN_MS = 5_000;

type OnStop = (close: () => Promise<unknown>) => void;

export async function startService(deps: ServiceDeps): Promise<Service> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      await close().catch((error: unknown) => deps.log.error({ err: error }, 'a part did not end well'));
    }
  };
  try {
    return { ...(await begin(deps, (close) => void closers.push(close))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function begin(deps: ServiceDeps, onStop: OnStop): Promise<Omit<Service, 'stop'>> {
  const { settings, parts, log, report, signal } = deps;
  const config = await ConfigHolder.open(settings.configFile);
  const web = parts.web ? await takeWebPort(settings.web) : null;
  if (web) onStop(() => web.close());
  const runtime = resolveRuntime(settings);
  const withSandbox = parts.sandbox && runtime.usesSandbox;
  const audit = createAudit({ file: auditFile(settings), log });
  let named = (): Promise<unknown> => Promise.resolve();
  const reloadConfig = async (by: By = BY_SHELL): Promise<void> => {
    await reload(config, settings.configFile, log, audit, by);
    await named().catch((error: unknown) => log.error({ err: error }, 'the new triggers could not be told'));
  };
  const started = {
    account: runtime.account,
    adminToken: web ? runtime.adminToken : null,
    setupToken: web ? (runtime.adminToken ?? runtime.secrets.adminToken) : null,
    webUrl: web?.url ?? null,
    sandboxUrl: null,
    uiUrl: null,
    metricsUrl: null,
    ended: never(),
    reloadConfig: () => reloadConfig(),
  };

  const startSandboxPart = async (): Promise<string | null> => {
    if (!withSandbox) return null;
    const sandbox = await beginSandbox({ settings, runtime, log, report, webUrl: web?.url ?? null });
    onStop(() => sandbox.stop());
    return sandbox.url;
  };
  if (!parts.web && !parts.worker) return { ...started, sandboxUrl: await startSandboxPart() };

  const engine = settings.embeddedTemporal ? await beginEngine(deps, onStop) : null;
  const target = engine
    ? targetOfEngine(engine, web?.url ?? recordedWeb(settings.dataDir))
    : targetFromEnvironment(deps.env, settings);
  signal.throwIfAborted();
  const dataConverter = createDataConverter(settings.encryptionKeys, settings.plainPayloads);
  const tracing = await loadTracing(settings.tracesEndpoint, runtime.account);
  if (tracing) onStop(() => tracing.close());
  const client = createClient(target, dataConverter, tracing);
  onStop(() => client.connection.close());
  // Before the connection that its last requests need.
  if (web) onStop(() => web.close());
  const linksOf = linkMaker(settings, runtime, target.uiUrl, target.namespace);
  const dispatches = createDispatches({ client, account: runtime.account, linksOf });

  const dispatching = createDispatching({ client, account: runtime.account });
  const canDispatch = createCanDispatch({ dispatching, hasFieldNation: hasFieldNation(settings) });
  const starter = createStarter({ client, account: runtime.account, linksOf, lists: settings.lists, canDispatch });

  const metrics = createMetrics();
  metrics.addSource(deps.sdkMetrics);
  const counts = countsOf(client);
  metrics.showStanding(createStanding({ client, account: runtime.account, counts }));
  const links = contactLinks(settings, runtime, target.uiUrl, target.namespace);
  const keys = createContactKeys(runtime.contactsHashKeys, runtime.account);
  const contactDeps = { client, account: runtime.account, config, links, keys };

  const quotas = new QuotaBook();
  metrics.showQuotas((system) => quotas.standing(system));
  const upstreams = new UpstreamBook();
  let canWork = (): boolean => false;
  const isReady = async (): Promise<boolean> => canWork() && (await temporalAnswers(client));
  const probes = await takeProbePort(settings.metricsAddress);
  if (probes) {
    onStop(() => probes.close());
    probes.serve(createProbeApp({ metrics, isReady }));
  }
  if (web) {
    const codec = createCodec(settings.encryptionKeys);
    const files = engine && createUiPages(engine.program, deps.env);
    if (files) onStop(() => files.stop());
    const app = createApp({
      starter,
      dispatches,
      dispatching,
      previews: createPreviews({ client, account: runtime.account, dispatches, waitMs: PREVIEW_WITHIN_MS }),
      account: runtime.account,
      freshdeskSecrets: runtime.freshdeskWebhookSecrets,
      fieldNationSecrets: runtime.fieldNationWebhookSecrets,
      adminToken: runtime.adminToken,
      publicUrl: settings.web.publicUrl,
      records: createOnceRecords({ client, account: runtime.account }),
      audit,
      setup: deps.setup
        ? {
            ...deps.setup,
            desk: createSetupDesk({ envFile: '.env', outside: deps.setup.outside, started: { ...deps.env } }),
            token: runtime.adminToken ?? runtime.secrets.adminToken,
            port: Number(new URL(web.url).port),
            ...{ reloadConfig, isReady },
            checkTemporal: () => checkTemporal({ client, target, settings, account: runtime.account }),
          }
        : null,
      contacts: createContactStarter(contactDeps),
      judge: createEventJudge({ keys, config }),
      eventDesk: createEventDesk(contactDeps),
      pages: {
        overview: createOverview({ client, account: runtime.account, counts, upstreams }),
        operations: createOperations({ client, account: runtime.account, starter }),
        sites: createSites({ client, account: runtime.account }),
        calls: (ticketId) => readCalls(client, dispatchWorkflowId(runtime.account, ticketId), CALLS_WITHIN_MS),
        contactRuns: createContactRuns({ client, account: runtime.account, keys, links }),
        contactCalls: (hash) => readCalls(client, contactWorkflowId(runtime.account, hash), CALLS_WITHIN_MS),
        quota: { freshdesk: () => quotas.newest('freshdesk'), callsPerMinute: callsPerMinute(settings) },
        links: pageLinks(settings, runtime, engine ? UI_PATH : target.uiUrl, target.namespace),
        temporalUi:
          files && temporalUi({ api: engine.api, files, codec, encrypts: settings.encryptionKeys.length > 0 }),
      },
      writeKeys: [runtime.eventsWriteKey],
      metrics,
      codec,
      uiOrigins: originsOf(target.uiUrl),
      tracing,
      came: createWebhookNotes({
        ...{ client, account: runtime.account, silence: () => config.current().alerts.webhookSilence },
        onError: (error) => log.debug({ err: error }, 'a webhook could not be noted for the alerts'),
      }),
      refused: createRefusalNotes({
        ...{ client, account: runtime.account },
        onError: (error) => log.debug({ err: error }, 'a refused webhook could not be noted for the alerts'),
      }),
      isReady,
      // Who may reach the numbers is then a matter of that address.
      metricsElsewhere: probes !== null,
      log,
    });
    web.serve(app);
    recordWeb(settings.dataDir, web.url);
  }
  // After the web server: webhooks that a former sandbox left behind are sent at once.
  const sandboxUrl = await startSandboxPart();

  const waiting = { log, signal, isFinal: (error: unknown) => error instanceof SearchAttributesError };
  await untilReached('Temporal', () => registerAttributes(client, target.namespace), waiting);
  const workers = parts.worker
    ? await beginWorkers({
        ...{
          settings,
          config,
          runtime,
          target,
          dataConverter,
          client,
          dispatches,
          starter,
          dispatching,
          contactDeps,
          metrics,
        },
        ...{ quotas, upstreams, tracing, waiting, onStop },
        sandboxIsHere: sandboxUrl !== null,
      })
    : { ended: never(), areRunning: () => true };
  canWork = () => workers.areRunning();
  if (parts.worker && hasFieldNation(settings)) named = () => nameTriggers(dispatching, config);
  // First of all, beside the end of the workers: senders must not be told of a service that is going.
  onStop(async () => {
    canWork = () => false;
    web?.drain();
  });
  return { ...started, sandboxUrl, uiUrl: target.uiUrl, metricsUrl: probes?.url ?? null, ended: workers.ended };
}

const never = (): Promise<void> => new Promise(() => undefined);

/** The embedded server, begun or found running. */
async function beginEngine({ settings, env, report }: ServiceDeps, onStop: OnStop): Promise<EmbeddedEngine> {
  const engine = await startEmbeddedEngine({ dataDir: settings.dataDir, env, report });
  onStop(() => engine.stop());
  return engine;
}

const registerAttributes = (client: Client, namespace: string): Promise<void> =>
  registerSearchAttributes(client.connection as Parameters<typeof registerSearchAttributes>[0], namespace);

const BY_SHELL: By = { who: null, via: 'shell' };

async function reload(config: ConfigHolder, file: string, log: Logger, audit: Audit, by: By): Promise<void> {
  const before = config.current();
  const problems = await config.reload();
  if (problems.length === 0) {
    log.info({ file }, 'config reloaded');
    const changed = configDifference(before, config.current());
    audit.note({ act: 'changed the config', by, what: file, detail: changed });
  }
  for (const problem of problems) log.error({ ...problem }, 'config refused, the old one stays');
}
