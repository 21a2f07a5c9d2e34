/** The workers as a part of the service. Promise: they wait for Temporal and the sandbox, and let running attempts end. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { createActivities } from '../../activities';
import { createAlertMail } from '../clients/alert-mail';
import { createAlertHook } from '../clients/alert-hook';
import { createFieldNationClient } from '../clients/field-nation';
import { createFreshdeskClient } from '../clients/freshdesk';
import type { ConfigHolder } from '../config/holder';
import { SettingsError, type Settings } from '../config/settings';
import type { Metrics } from '../metrics';
import { fieldNationTarget, freshdeskTarget, hasFieldNation, NO_ADDRESS, type Runtime } from '../runtime';
import { connectWorkers, type TemporalTarget } from '../temporal/connection';
import { createAlertWatch } from '../temporal/alert-watch';
import type { Dispatching } from '../temporal/dispatching';
import { createBatchEngine } from '../temporal/batch-engine';
import { createDispatchingEngine } from '../temporal/dispatching-engine';
import { createRunFacts } from '../temporal/run-facts';
import { createMoneyGate } from '../temporal/money-gate';
import { createPaces } from '../temporal/credit-pace';
import { observed } from '../temporal/observed';
import type { QuotaBook } from '../temporal/quota-book';
import { createReplayActivities } from '../temporal/contact-replays';
import { createConsentBook } from '../temporal/consent-book';
import { createSites } from '../temporal/sites';
import type { ContactKeys } from '../temporal/contact-keys';
import { createContactStarter, type ContactsDeps } from '../temporal/contacts';
import type { Dispatches } from '../temporal/dispatches';
import type { Starter } from '../temporal/starter';
import { createSweepEngine } from '../temporal/sweep-engine';
import type { UpstreamBook } from '../temporal/upstream-book';
import { createWorkers } from '../temporal/worker';
import type { Tracing } from '../tracing';
import { keepDispatching, keepSweeping, keepWatching } from './reconcile-part';
import { recordedWeb } from '../config/neighbours';
import { sandboxAnswers } from './sandbox-part';
import { PayloadUnreadableError } from '../temporal/encryption';
import { untilReached, type WaitOptions } from './until-reached';
import { checkUpstreams } from './upstream-part';

/** Nobody waits for an answer here, in ms; less than the activity's own time. */
const DELIVER_WITHIN_MS = 8_000;
const KEPT_WITHIN_MS = 5_000;

/** Built beside the compiled sources. */
const BUNDLE = join(__dirname, '..', '..', 'workflow-bundle.js');

const BEGAN = Date.now();

export interface WorkerPartDeps {
  settings: Settings;
  config: ConfigHolder;
  runtime: Runtime;
  target: TemporalTarget;
  dataConverter: DataConverter;
  client: Client;
  dispatches: Dispatches;
  starter: Starter;
  dispatching: Dispatching;
  contactDeps: ContactsDeps & { keys: ContactKeys };
  metrics: Metrics;
  /** Told what the upstreams say of their quotas. */
  quotas: QuotaBook;
  /** Told which systems answer. */
  upstreams: UpstreamBook;
  tracing: Tracing | null;
  /** False: another process runs it, and it must be there before the first call. */
  sandboxIsHere: boolean;
  waiting: WaitOptions;
  /** Registers what is to be ended, the last one first. */
  onStop: (close: () => Promise<unknown>) => void;
}

/** Resolves when the workers poll; `ended` resolves when they have stopped and rejects when one fails. */
export async function beginWorkers(deps: WorkerPartDeps): Promise<{ ended: Promise<void>; areRunning: () => boolean }> {
  const { settings, config, runtime, target, dispatches, metrics, quotas, tracing, waiting, onStop } = deps;
  if (runtime.usesSandbox && !deps.sandboxIsHere) await untilSandbox(settings.dataDir, waiting);
  const { client } = deps;
  const account = { settings, client, account: runtime.account, dispatching: deps.dispatching };
  await untilReached('Temporal', () => checkUpstreams(account), {
    ...waiting,
    isFinal: (error) => error instanceof SettingsError || error instanceof PayloadUnreadableError,
  }).catch((error: unknown) => {
    if (!(error instanceof PayloadUnreadableError)) throw error;
    // The pages must come up to say which key is missing. Nothing is created meanwhile: the money gate reads the same record.
    waiting.log.warn({ reason: error.message }, 'The record of the account cannot be read');
  });
  const paces = createPaces({
    freshdesk: settings.freshdeskCallsPerMinute,
    fieldNation: settings.fieldNationCallsPerMinute,
  });
  quotas.watch(paces);
  const watched = observed({ paces, quotas, metrics, tracing });
  const freshdesk = createFreshdeskClient({ ...freshdeskTarget(settings, runtime), ...watched('freshdesk') });
  const withFieldNation = hasFieldNation(settings);
  const fieldNationAt = withFieldNation ? fieldNationTarget(settings, runtime) : NO_ADDRESS;
  const fieldNation = createFieldNationClient({ ...fieldNationAt, ...watched('field-nation') });
  const hook = createAlertHook({ secret: settings.alertsWebhookSecret });
  onStop(() => Promise.all([freshdesk.close(), fieldNation.close(), hook.close()]));
  const contacts = createContactStarter({ ...deps.contactDeps, deadlineMs: DELIVER_WITHIN_MS });
  const { reconcileInterval } = settings;
  const { upstreams } = deps;
  const watch = createAlertWatch({
    client: deps.client,
    account: runtime.account,
    quotas,
    upstreams,
    reconcileInterval,
  });
  const mail = settings.alertsMail && createAlertMail(settings.alertsMail);
  const sweeps = createSweepEngine({ client: deps.client, account: runtime.account, starter: deps.starter });
  const connection = await untilReached('Temporal', () => connectWorkers(target), waiting);
  onStop(() => connection.close());
  const workers = await createWorkers({
    connection,
    namespace: target.namespace,
    account: runtime.account,
    activities: createActivities({
      ...{ freshdesk, fieldNation, config, dispatches, contacts, sweeps, holdBacks: paces },
      gate: createMoneyGate({
        ...{ client: deps.client, account: runtime.account, dispatching: deps.dispatching },
        hasFieldNation: withFieldNation,
      }),
      run: createRunFacts({ client: deps.client, account: runtime.account, processBegan: BEGAN }),
      dispatching: createDispatchingEngine({ client: deps.client, account: runtime.account }),
      batches: createBatchEngine({
        ...{ client: deps.client, account: runtime.account, starter: deps.starter, dispatching: deps.dispatching },
      }),
      sites: createSites({ client, account: runtime.account }),
      consents: createConsentBook(deps.contactDeps),
      replays: createReplayActivities(deps.contactDeps, contacts),
      alerts: { watch, hook, mail, metrics, pages: () => settings.web.publicUrl ?? recordedWeb(settings.dataDir) },
    }),
    ...{ upstreams, hasFieldNation: withFieldNation },
    workflowBundle: BUNDLE,
    dataConverter: deps.dataConverter,
    deployment: settings.deployment,
    metrics,
    tracing,
    paces,
  });
  const ended = workers.run();
  onStop(() => {
    workers.shutdown();
    return ended;
  });
  keepSweeping({ ...account, waiting });
  keepWatching({ client, account: runtime.account, waiting });
  // It ends only when other hosts are recorded: then this process must not go on.
  const kept = keepDispatching({ ...account, config, waiting });
  const clash = kept.then(() => ended);
  // Tickets that match already are known before the first one comes; a start waits for that only for a moment.
  await Promise.race([kept.catch(() => undefined), delay(KEPT_WITHIN_MS, undefined, { ref: false })]);
  return { ended: Promise.race([ended, clash]), areRunning: () => workers.areRunning() };
}

const untilSandbox = (dataDir: string, waiting: WaitOptions): Promise<void> =>
  untilReached(
    'The sandbox',
    async () => {
      if (!(await sandboxAnswers(dataDir))) {
        throw new Error('no sandbox runs on this data dir: `deskbridge start --sandbox`, or set the real accounts');
      }
    },
    waiting,
  );
