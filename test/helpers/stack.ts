/** A whole Deskbridge against the real Temporal server and the sandbox, in this process, with an account of its own. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import pino from 'pino';
import { createActivities } from '../../activities';
import { createFieldNationClient } from '../../src/clients/field-nation';
import { createFreshdeskClient } from '../../src/clients/freshdesk';
import type { EncryptionKey } from '../../src/config/encryption-keys';
import { parseConfig } from '../../src/config/load';
import type { Config } from '../../src/config/schema';
import type { DispatchView } from '../../src/contract/dispatch';
import type { DispatchingPolicy } from '../../src/contract/dispatching';
import {
  DEFAULT_POLICY,
  DEFAULT_SITES_POLICY,
  type ContactPolicy,
  type DispatchPolicy,
} from '../../src/contract/policy';
import { createApp } from '../../src/http/app';
import { createAudit } from '../../src/http/audit';
import { createMetrics, type Metrics } from '../../src/metrics';
import { startSandbox, type Sandbox } from '../../sandbox';
import { createAlertMail, type MailTarget } from '../../src/clients/alert-mail';
import { createAlertHook } from '../../src/clients/alert-hook';
import { createAlertWatch } from '../../src/temporal/alert-watch';
import { createRefusalNotes, createWebhookNotes } from '../../src/temporal/alerts';
import { createPaces } from '../../src/temporal/credit-pace';
import { observed } from '../../src/temporal/observed';
import { QuotaBook } from '../../src/temporal/quota-book';
import { createEventDesk } from '../../src/temporal/event-desk';
import { queryOf } from '../../src/temporal/index/query';
import { createReplayActivities } from '../../src/temporal/contact-replays';
import { createConsentBook } from '../../src/temporal/consent-book';
import { createContactImports, type ContactImports } from '../../src/temporal/contact-imports';
import { createEventJudge, type JudgeEvent } from '../../src/temporal/contact-intake';
import { createContactKeys } from '../../src/temporal/contact-keys';
import { findOutcomes, type ContactOutcomes } from '../../src/temporal/contact-outcomes';
import { createContactRuns } from '../../src/temporal/contact-runs';
import { createContactStarter } from '../../src/temporal/contacts';
import { createDispatches, type Dispatches } from '../../src/temporal/dispatches';
import { createDispatching, type Dispatching } from '../../src/temporal/dispatching';
import { createBatchEngine } from '../../src/temporal/batch-engine';
import { createDispatchingEngine } from '../../src/temporal/dispatching-engine';
import { createRunFacts } from '../../src/temporal/run-facts';
import { createMoneyGate } from '../../src/temporal/money-gate';
import { createCodec, createDataConverter } from '../../src/temporal/encryption';
import { createOnceRecords } from '../../src/temporal/once-records';
import { createOperations } from '../../src/temporal/operations';
import { createOverview } from '../../src/temporal/overview';
import { createPreviews, type Previews } from '../../src/temporal/previews';
import { contactWorkflowId, dispatchWorkflowId } from '../../src/contract/run-ids';
import { readCalls } from '../../src/temporal/run-calls';
import { createSites, type Sites } from '../../src/temporal/sites';
import { createStarter, type Starter } from '../../src/temporal/starter';
import { createSweepEngine } from '../../src/temporal/sweep-engine';
import { UpstreamBook } from '../../src/temporal/upstream-book';
import { createWorkers } from '../../src/temporal/worker';
import { loadTracing } from '../../src/tracing';
import { withDueDatesAtBirth } from './due-dates';
import { until } from './until';

/** Waits of milliseconds where the product waits for minutes. */
export const FAST_POLICY: DispatchPolicy = {
  ...DEFAULT_POLICY,
  lookUpDelays: [0, 50, 100],
  backoff: { first: 50, most: 200 },
  staleLook: 50,
  mergeWait: 100,
  incomplete: [300, 1000, 3000, 5000],
  letGo: 200,
  updateAfter: 50,
  conversation: { gather: 1100, doubt: 1100, fetches: 15 },
};

/** Of the run of a parent ticket. */
const FAST_SITES = { ...DEFAULT_SITES_POLICY, gather: 300, again: 500 };

export interface StackOptions {
  /** The config file's text; the shipped defaults when left out, with a short patience. */
  config?: string;
  policy?: Partial<DispatchPolicy>;
  contactPolicy?: Partial<Pick<ContactPolicy, 'slowRetry' | 'turnsPerRun'>>;
  /** 0 replays a run at each of its tasks: what is not deterministic shows. */
  cachedRuns?: number;
  /** Begin without workers; `startWorkers` begins them. */
  withoutWorkers?: boolean;
  /** One that no other test's workers poll in. */
  namespace?: string;
  /** Whether webhooks are noted for the alerts, whose run that starts. */
  watchWebhooks?: boolean;
  /** The setting that alerts know; reconcile is off on purpose when left out. */
  reconcileInterval?: number;
  /** A collector that takes traces. */
  tracesEndpoint?: string;
  /** Where alerts go by e-mail. */
  mail?: MailTarget;
  /** What signs alerts. */
  alertsSecret?: Buffer;
  /** The setting; so high that it never counts when left out. */
  freshdeskCallsPerMinute?: number;
  /** What Temporal keeps is encrypted with the first one. */
  encryptionKeys?: EncryptionKey[];
  adminToken?: string;
  /** Waits of the run `dispatching`. */
  dispatching?: DispatchingPolicy;
  /** The first one names contacts. */
  hashKeys?: string[];
  /** What the workers book of the systems' answers; one whose clock a test may turn. */
  upstreams?: UpstreamBook;
  /** How long an upstream may take to answer, in ms; as in the product when left out. */
  upstreamTimeoutMs?: number;
  /** How long the intake lets Temporal take, in ms; long when left out: a machine may stand still for a while. */
  answerWithinMs?: number;
}

/** For tests whose slow upstream outlasts what a call waits. */
export const SHORT_PATIENCE: StackOptions = { upstreamTimeoutMs: 3_000 };

export interface Stack {
  account: string;
  client: Client;
  sandbox: Sandbox;
  starter: Starter;
  dispatches: Dispatches;
  dispatching: Dispatching;
  previews: Previews;
  sites: Sites;
  webUrl: string;
  metrics: Metrics;
  secrets: { freshdesk: string; fieldNation: string; writeKey: string };
  setConfig(text: string): void;
  /** Each call begins the workers of one more process, in all but the process itself. */
  startWorkers(): Promise<void>;
  stopWorkers(): Promise<void>;
  workflowId(ticketId: number): string;
  /** Waits until the dispatch's view fulfils a condition; fails with the last view. */
  view(ticketId: number, what: string, holds: (view: DispatchView) => boolean): Promise<DispatchView>;
  /** As in imports: consent may be text. */
  judge: JudgeEvent;
  imports: ContactImports;
  /** What came of a person's events, by user id or e-mail. */
  outcomesOf(who: string): Promise<ContactOutcomes>;
  /** Upstream calls made so far, by route such as `POST /workorders`. */
  calls(route: string): number;
  /** Whether a call met one of the sandbox's faults: what it holds up or fails is under way. */
  hasFaultHit(): boolean;
  stop(): Promise<void>;
}

const SECRETS = {
  freshdesk: 'webhook-secret-of-the-test',
  fieldNation: '11111111-2222-4333-8444-555555555555',
  writeKey: 'write-key-of-the-test',
};
/** Of the sandbox's Field Nation. */
export const CREDENTIALS = {
  clientId: 'client',
  clientSecret: 'client-secret',
  username: 'user',
  password: 'password',
};
const QUIET = pino({ level: process.env.TEST_LOG ?? 'silent' });

/** The shipped defaults with a patience that tests can wait for. */
export const DEFAULT_TEST_CONFIG = 'dispatch: { createPatience: 400ms }\ncontacts: { mergeWindow: 0s }\n';

/** The same for tests that send more work orders within an hour than one may without a person's yes. */
export const UNLIMITED_ORDERS = DEFAULT_TEST_CONFIG.replace('{ ', '{ approval: { ordersPerHour: null }, ');

/** Under `workOrder`: what Field Nation demands of a visit without a site, but for its title and the amount of the pay. */
export const REMOTE_VISIT = `  types_of_work: { static: [{ id: 62, isPrimary: true }] }
  description.html: { from: ticket.description }
  location.mode: { static: remote }
  schedule.service_window.mode: { static: exact }
  schedule.service_window.start.utc: { from: ticket.due_by, date: field-nation }
  pay.type: { static: fixed }
  pay.base.units: { static: 1 }
`;

/** A machine that stands still for a while is no reason to fail a test that asks about something else, in ms. */
export const DEADLINE_MS = 60_000;

let stacks = 0;

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const began = Date.now();
  const account = `t${process.pid}x${Date.now().toString(36)}x${++stacks}`;
  const namespace = options.namespace ?? `test-${process.env.JEST_WORKER_ID ?? '1'}`;
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  let config: Config = parseConfig(options.config ?? DEFAULT_TEST_CONFIG, 'test.yaml');

  const sandbox = await startSandbox({
    port: 0,
    dataFile: null,
    account,
    freshdeskApiKey: 'freshdesk-key',
    fieldNation: CREDENTIALS,
    deskbridgeUrl: null,
    freshdeskWebhookSecret: SECRETS.freshdesk,
    fieldNationWebhookSecret: SECRETS.fieldNation,
    eventsWriteKey: SECRETS.writeKey,
    timeScale: 100,
  });
  withDueDatesAtBirth(sandbox.control);
  const connection = await Connection.connect({ address });
  const dataConverter = createDataConverter(options.encryptionKeys ?? []);
  const tracing = await loadTracing(options.tracesEndpoint ?? null, account);
  const interceptors = tracing ? { workflow: [tracing.client] } : {};
  const client = new Client({ connection, namespace, dataConverter, interceptors });
  const linksOf = (ticketId: number) => ({
    ticket: `${sandbox.url}/tickets/${ticketId}`,
    workOrders: `${sandbox.url}/work-orders/`,
    workflow: null,
  });
  const configHolder = { current: () => config };
  const keys = createContactKeys(options.hashKeys ?? ['hash-key-of-the-test'], account);
  const links = { contacts: () => `${sandbox.url}/contacts/`, workflow: () => null };
  const contactPolicy = { slowRetry: { first: 60_000, most: 60_000 }, ...options.contactPolicy };
  const metrics = createMetrics();
  const contacts = createContactStarter({
    ...{ client, account, config: configHolder, links, policy: contactPolicy, deadlineMs: DEADLINE_MS },
  });
  const common = { client, account, linksOf, deadlineMs: DEADLINE_MS };
  const starter = createStarter({ ...common, policy: { ...FAST_POLICY, ...options.policy } });
  const dispatches = createDispatches(common);
  const dispatching = createDispatching({ ...common, ...(options.dispatching ? { policy: options.dispatching } : {}) });
  const sweeps = createSweepEngine({ client, account, starter });
  const sites = createSites({ client, account, policy: FAST_SITES, deadlineMs: DEADLINE_MS });
  const previews = createPreviews({ client, account, dispatches, waitMs: DEADLINE_MS, deadlineMs: DEADLINE_MS });
  const upstreams = options.upstreams ?? new UpstreamBook();
  const server = await listen(
    createApp({
      starter,
      dispatches,
      dispatching,
      previews,
      account,
      freshdeskSecrets: [SECRETS.freshdesk],
      fieldNationSecrets: [SECRETS.fieldNation],
      adminToken: options.adminToken ?? null,
      publicUrl: null,
      records: createOnceRecords({ client, account, deadlineMs: DEADLINE_MS }),
      audit: createAudit({ file: null, log: QUIET }),
      pages: {
        overview: createOverview({ client, account, upstreams, deadlineMs: DEADLINE_MS }),
        operations: createOperations({ client, account, starter, deadlineMs: DEADLINE_MS }),
        sites,
        calls: (ticketId) => readCalls(client, dispatchWorkflowId(account, ticketId), DEADLINE_MS),
        contactRuns: createContactRuns({ client, account, keys, links, deadlineMs: DEADLINE_MS }),
        contactCalls: (hash) => readCalls(client, contactWorkflowId(account, hash), DEADLINE_MS),
        quota: { freshdesk: () => null, callsPerMinute: { freshdesk: 50, fieldNation: 60 } },
        links: () => ({ temporal: null, sandbox: sandbox.url }),
      },
      contacts,
      eventDesk: createEventDesk({ client, account, keys, config: configHolder, deadlineMs: DEADLINE_MS }),
      judge: createEventJudge({ keys, config: configHolder }),
      writeKeys: [SECRETS.writeKey],
      metrics,
      codec: createCodec(options.encryptionKeys ?? []),
      uiOrigins: [],
      tracing,
      came: options.watchWebhooks
        ? createWebhookNotes({ client, account, silence: () => config.alerts.webhookSilence, deadlineMs: DEADLINE_MS })
        : () => undefined,
      ...(options.watchWebhooks ? { refused: createRefusalNotes({ client, account, deadlineMs: DEADLINE_MS }) } : {}),
      isReady: () => Promise.resolve(true),
      answerWithinMs: options.answerWithinMs ?? DEADLINE_MS,
      log: QUIET,
    }),
  );
  const webUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  sandbox.setDeskbridgeUrl(webUrl);

  const quotas = new QuotaBook();
  const hook = createAlertHook({ secret: options.alertsSecret ?? null });
  const { reconcileInterval = 0 } = options;
  const watch = createAlertWatch({ client, account, quotas, upstreams, reconcileInterval, deadlineMs: DEADLINE_MS });
  const mail = options.mail ? createAlertMail(options.mail) : null;
  let ends: (() => Promise<void>)[] = [];
  const startWorkers = async (): Promise<void> => {
    const paces = createPaces({ freshdesk: options.freshdeskCallsPerMinute ?? 1_000_000, fieldNation: 1_000_000 });
    const watched = observed({ paces, quotas, metrics, tracing });
    const freshdesk = createFreshdeskClient({
      ...{ baseUrl: sandbox.freshdeskUrl, apiKey: 'freshdesk-key', timeoutMs: options.upstreamTimeoutMs ?? 20_000 },
      ...watched('freshdesk'),
    });
    const fieldNation = createFieldNationClient({
      ...{ baseUrl: sandbox.fieldNationUrl, credentials: CREDENTIALS, timeoutMs: options.upstreamTimeoutMs ?? 20_000 },
      ...watched('field-nation'),
    });
    const native = await NativeConnection.connect({ address });
    const workers = await createWorkers({
      connection: native,
      namespace,
      account,
      activities: createActivities({
        ...{ freshdesk, fieldNation, config: configHolder, dispatches, contacts, sweeps },
        holdBacks: paces,
        run: createRunFacts({ client, account, processBegan: began, deadlineMs: DEADLINE_MS }),
        gate: createMoneyGate({ client, account, dispatching, deadlineMs: DEADLINE_MS }),
        dispatching: createDispatchingEngine({ client, account, deadlineMs: DEADLINE_MS }),
        batches: createBatchEngine({ client, account, starter, dispatching, deadlineMs: DEADLINE_MS }),
        replays: createReplayActivities({ client, account, config: configHolder }, contacts),
        sites,
        consents: createConsentBook({ client, account, keys, deadlineMs: DEADLINE_MS }),
        alerts: { watch, hook, mail, metrics, pages: () => webUrl },
      }),
      upstreams,
      metrics,
      dataConverter,
      tracing,
      workflowBundle: process.env.TEST_WORKFLOW_BUNDLE ?? '',
      ...(options.cachedRuns === undefined ? {} : { cachedRuns: options.cachedRuns }),
      paces,
    });
    const ended = workers.run();
    ends.push(async () => {
      workers.shutdown();
      await ended;
      await Promise.all([freshdesk.close(), fieldNation.close(), native.close()]);
    });
  };
  const stopWorkers = async (): Promise<void> => {
    const toEnd = ends;
    ends = [];
    await Promise.all(toEnd.map((end) => end()));
  };
  if (!options.withoutWorkers) await startWorkers();

  const workflowId = (ticketId: number): string => `dispatch-${account}-${ticketId}`;
  return {
    account,
    client,
    sandbox,
    starter,
    dispatches,
    dispatching,
    previews,
    sites,
    webUrl,
    metrics,
    secrets: SECRETS,
    setConfig: (text) => void (config = parseConfig(text, 'test.yaml')),
    startWorkers,
    stopWorkers,
    workflowId,
    view: async (ticketId, what, holds) => {
      let last: DispatchView | null = null;
      await until(
        what,
        async () => {
          last = await dispatches.view(ticketId);
          return last !== null && holds(last);
        },
        () => JSON.stringify(last, null, 2),
      );
      return last as unknown as DispatchView;
    },
    judge: createEventJudge({ keys, config: configHolder, textConsent: true }),
    imports: createContactImports({
      ...{ client, account, deadlineMs: DEADLINE_MS },
      policy: { slowRetry: contactPolicy.slowRetry },
    }),
    outcomesOf: (who) => findOutcomes({ client, account, keys, links, deadlineMs: DEADLINE_MS }, who),
    calls: (route) => sandbox.control.history().filter((e) => e.route === route).length,
    hasFaultHit: () => sandbox.control.faults().some(({ hits }) => hits > 0),
    stop: async () => {
      sandbox.setDeskbridgeUrl(null);
      await terminateAll(client, account);
      await stopWorkers();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await sandbox.stop();
      await hook.close();
      await tracing?.close();
      await connection.close();
    },
  };
}

/** Open runs would be picked up by the workers of the next test file. */
async function terminateAll(client: Client, account: string): Promise<void> {
  for await (const run of client.workflow.list({ query: queryOf(account, { status: 'running' }) })) {
    await client.workflow
      .getHandle(run.workflowId)
      .terminate('test is over')
      .catch(() => undefined);
  }
}

function listen(app: ReturnType<typeof createApp>): Promise<Server> {
  const server = createServer(app);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
