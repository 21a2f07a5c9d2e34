/** Temporal as findings: reached, namespace, search attributes, workers, the schedule of the sweeps, what waits for a person. */
import { isGrpcServiceError, ScheduleNotFoundError, type Client, type Connection } from '@temporalio/client';
import type { Settings } from '../config/settings';
import { taskQueues } from '../contract/names';
import { reconcileId } from '../contract/run-ids';
import { hasFieldNation } from '../runtime';
import { createCanDispatch } from '../temporal/can-dispatch';
import type { TemporalTarget } from '../temporal/connection';
import { createCommand, missingAttributes, SearchAttributesError } from '../../engine';
import { createDispatching } from '../temporal/dispatching';
import { checkDeployment } from './deployment';
import { failed, fine, warning, type Finding } from './finding';

const ANSWER_MS = 5_000;
/** A poll is noted at its begin and its end; one for a paced queue may wait for a credit. */
const LATELY_MS = 5 * 60_000;
const MINUTE = 60_000;
/** gRPC status codes. */
const CODE = { notFound: 5, permissionDenied: 7, unimplemented: 12, unauthenticated: 16 };
const TASKS = { workflows: 1, activities: 2 };

export interface TemporalDeps {
  client: Client;
  target: TemporalTarget;
  settings: Settings;
  account: string;
}

/** Whether anything was found that makes further questions pointless is told by the first line being red. */
export async function checkTemporal(deps: TemporalDeps): Promise<Finding[]> {
  const { client, target, settings, account } = deps;
  const { deployment } = settings;
  const queues = taskQueues(account);
  const address = target.options.address ?? 'localhost:7233';
  const ask = <T>(work: () => Promise<T>): Promise<T> => client.connection.withDeadline(Date.now() + ANSWER_MS, work);
  try {
    await ask(() => client.workflowService.getSystemInfo({}));
  } catch (error) {
    return [notReached(error, address, settings)];
  }
  const namespace = await checkNamespace(deps, ask);
  if (namespace.level === 'red') return [namespace];
  const polled = [queues.workflows, queues.freshdesk];
  const dispatches = await mayDispatch(deps);
  if (dispatches) polled.push(queues.fieldNation);
  const findings = await Promise.all([
    checkAttributes(deps),
    ...polled.map((queue) =>
      checkPollers(client, queue, queue === queues.workflows ? TASKS.workflows : TASKS.activities, ask),
    ),
    ...(deployment ? [ask(() => checkDeployment(client, deployment))] : []),
    ...(dispatches ? [checkSchedule(deps, ask)] : []),
    checkAttention(client, ask),
    checkMatchedBefore(client, account),
  ]);
  return [namespace, ...findings, checkEncryption(settings)];
}

/** Without Field Nation no worker polls its queue and no sweep runs: contacts need neither. */
async function mayDispatch({ client, account, settings }: TemporalDeps): Promise<boolean> {
  const dispatching = createDispatching({ client, account, deadlineMs: ANSWER_MS });
  const canDispatch = createCanDispatch({ dispatching, hasFieldNation: hasFieldNation(settings) });
  return canDispatch().catch(() => true);
}

type Ask = <T>(work: () => Promise<T>) => Promise<T>;

const codeOf = (error: unknown): number | null => (isGrpcServiceError(error) ? Number(error.code) : null);

function notReached(error: unknown, address: string, settings: Settings): Finding {
  const code = codeOf(error) ?? codeOf((error as Error).cause);
  if (code === CODE.unauthenticated || code === CODE.permissionDenied) {
    const remedy = 'Give TEMPORAL_API_KEY, or the TEMPORAL_TLS_… certificate, of a user of this namespace.';
    return failed('Temporal', 'TEMPORAL_API_KEY', `${address} refuses this client`, remedy);
  }
  const name = settings.embeddedTemporal ? 'embedded server' : 'TEMPORAL_ADDRESS';
  const remedy = settings.embeddedTemporal
    ? 'Start the service: npm start.'
    : 'Start that server, or correct TEMPORAL_ADDRESS (host:port; TEMPORAL_TLS=true where it speaks TLS); unset it to use the embedded one.';
  return failed('Temporal', name, `no Temporal server answers at ${address}`, remedy);
}

async function checkNamespace({ client, target }: TemporalDeps, ask: Ask): Promise<Finding> {
  const { namespace } = target;
  const at = `${namespace} at ${target.options.address ?? 'localhost:7233'}`;
  try {
    await ask(() => client.workflowService.describeNamespace({ namespace }));
    return fine('Temporal', 'namespace', at);
  } catch (error) {
    if (codeOf(error) !== CODE.notFound) {
      const remedy = 'Give TEMPORAL_API_KEY a role in it, or correct TEMPORAL_NAMESPACE.';
      return failed('Temporal', 'TEMPORAL_NAMESPACE', `${at} may not be used: ${(error as Error).message}`, remedy);
    }
    const create = `temporal operator namespace create --namespace ${namespace}`;
    const remedy = `Correct TEMPORAL_NAMESPACE, or make it: ${create}`;
    return failed('Temporal', 'TEMPORAL_NAMESPACE', `there is no namespace ${at}`, remedy);
  }
}

async function checkAttributes({ client, target: { namespace } }: TemporalDeps): Promise<Finding> {
  try {
    const missing = await missingAttributes(client.connection as Connection, namespace);
    if (missing.length === 0) return fine('Temporal', 'search attributes', 'all are registered');
    const commands = missing.map((name) => createCommand(namespace, name)).join('; ');
    return failed(
      'Temporal',
      'search attributes',
      `${missing.join(', ')} not registered`,
      `The service registers them at its start; where it may not: ${commands}`,
    );
  } catch (error) {
    if (error instanceof SearchAttributesError) {
      return failed('Temporal', 'search attributes', error.message, 'Do what the line says, then start the service.');
    }
    const remedy = 'Compare by hand: temporal operator search-attribute list.';
    return warning('Temporal', 'search attributes', `may not be listed (${(error as Error).message})`, remedy);
  }
}

async function checkPollers(client: Client, queue: string, taskQueueType: number, ask: Ask): Promise<Finding> {
  const { namespace } = client.options;
  try {
    const { pollers } = await ask(() =>
      client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
    );
    const recent = (pollers ?? []).filter(
      ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > Date.now() - LATELY_MS,
    );
    const processes = new Set(recent.map(({ identity }) => identity)).size;
    if (processes > 0) return fine('Temporal', `queue ${queue}`, `${processes} worker process(es) poll it`);
    const remedy = 'Start one: npm start, or deskbridge start --worker, with the same TEMPORAL_… settings.';
    return failed('Temporal', `queue ${queue}`, 'no worker polls it: nothing goes on', remedy);
  } catch (error) {
    const remedy = `Compare by hand: temporal task-queue describe --task-queue ${queue}.`;
    return warning('Temporal', `queue ${queue}`, `may not be described (${(error as Error).message})`, remedy);
  }
}

async function checkSchedule({ client, settings, account }: TemporalDeps, ask: Ask): Promise<Finding> {
  const scheduleId = reconcileId(account);
  const what = `schedule ${scheduleId}`;
  const off = settings.reconcileInterval === 0;
  try {
    const { state, info } = await ask(() => client.schedule.getHandle(scheduleId).describe());
    if (off)
      return warning(
        'Temporal',
        what,
        'is off: RECONCILE_INTERVAL is 0',
        'Unset RECONCILE_INTERVAL: lost webhooks stay lost without it.',
      );
    if (state.paused) {
      const remedy = `temporal schedule toggle --schedule-id ${scheduleId} --unpause --reason "…"`;
      return warning('Temporal', what, `is paused${state.note ? `: ${state.note}` : ''}`, remedy);
    }
    const last = info.recentActions.at(-1)?.takenAt;
    const since = last ?? info.createdAt;
    const late = Date.now() - since.getTime() > 2 * settings.reconcileInterval + 5 * MINUTE;
    if (late) {
      const remedy = `See its runs: temporal workflow list --query "WorkflowType = 'reconcile'"; terminate one that hangs.`;
      return warning('Temporal', what, `has not run since ${since.toISOString()}`, remedy);
    }
    const next = info.nextActionTimes[0]?.toISOString();
    return fine(
      'Temporal',
      what,
      `${last ? `ran at ${last.toISOString()}` : 'has not run yet'}${next ? `, next at ${next}` : ''}`,
    );
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) {
      const remedy = `Compare by hand: temporal schedule describe --schedule-id ${scheduleId}.`;
      return warning('Temporal', what, `may not be described (${(error as Error).message})`, remedy);
    }
    if (off) return fine('Temporal', what, 'is off: RECONCILE_INTERVAL is 0');
    return warning(
      'Temporal',
      what,
      'is not there',
      'Start the service: its worker makes it, and finds missed changes.',
    );
  }
}

async function checkAttention(client: Client, ask: Ask): Promise<Finding> {
  const query = "ExecutionStatus = 'Running' AND DeskbridgeAttention IS NOT NULL";
  try {
    const { count } = await ask(() => client.workflow.count(query));
    if (count === 0) return fine('Temporal', 'attention', 'nothing waits for a person');
    return warning(
      'Temporal',
      'attention',
      `${count} wait for a person`,
      'See which and why: deskbridge list --state attention.',
    );
  } catch {
    return warning('Temporal', 'attention', 'cannot be counted yet', 'It can once the search attributes are there.');
  }
}

/** Tickets that matched when the account could first dispatch: they start nothing by themselves. */
async function checkMatchedBefore(client: Client, account: string): Promise<Finding> {
  const what = 'tickets that matched before';
  const remedy = 'To send one: deskbridge dispatch <ticket>. Or take its trigger off and set it again.';
  try {
    const { watched, baseline } = await createDispatching({ client, account, deadlineMs: ANSWER_MS }).state();
    const { count, more, waitsBefore } = baseline;
    if (Object.keys(watched).length === 0) return fine('Temporal', what, 'no worker has looked for them yet');
    if (waitsBefore !== null) {
      const detail = 'Freshdesk is still searched for them; older matching tickets wait for that';
      return warning('Temporal', what, detail, 'None: it is tried again every minute while Freshdesk cannot search.');
    }
    if (more)
      return warning('Temporal', what, `${count} start nothing by themselves; there are more than that`, remedy);
    return fine('Temporal', what, count === 0 ? 'there are none' : `${count} start nothing by themselves. ${remedy}`);
  } catch (error) {
    const again = 'Run doctor again when Temporal answers.';
    return warning('Temporal', what, `cannot be counted (${(error as Error).message})`, again);
  }
}

function checkEncryption(settings: Settings): Finding {
  const what = 'DESKBRIDGE_ENCRYPTION_KEYS';
  const [first, ...older] = settings.encryptionKeys;
  if (first) {
    const also = older.length === 0 ? '' : `; ${older.map(({ id }) => id).join(', ')} only read`;
    return fine('Temporal', what, `what Temporal keeps is encrypted with ${first.id}${also}`);
  }
  if (settings.embeddedTemporal) return fine('Temporal', what, 'none: plain in the data dir of this machine');
  const remedy = 'Set it where others may read that Temporal: its histories hold tickets and contacts.';
  return warning('Temporal', what, 'none: what Temporal keeps is plain', remedy);
}
