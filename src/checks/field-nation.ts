/** The Field Nation company as findings: credentials and rights, names of the config, webhook, quota, clock. Reads only. */
import type { Webhook } from '../clients/field-nation';
import { UpstreamError } from '../clients/upstream-error';
import type { Config } from '../config/schema';
import { neededEvents } from '../domain/needed-events';
import type { FieldNationAccount } from './accounts';
import { isOurRoute, isTakenMethod } from './field-nation-webhook';
import { checkExampleValues } from './example-values';
import { failedCall, fine, warning, type Finding } from './finding';
import { checkCustomFields, checkTypesOfWork } from './names-field-nation';
import { reachFieldNationRoute } from './reach';
import { checkClock, checkQuota } from './upstream';

const SETUP = 'Run deskbridge setup field-nation --url https://<your host>.';

export interface FieldNationDeps {
  account: FieldNationAccount;
  config: Config | null;
  /** The settings' own, any of them. */
  secrets: readonly string[];
  callsPerMinute: number;
}

/** Five calls with the token, when all are allowed. */
export async function checkFieldNation(deps: FieldNationDeps): Promise<Finding[]> {
  const { account, config, callsPerMinute } = deps;
  const { client, baseUrl, sandbox, meter } = account;
  const refused = (error: unknown): Finding[] => [failedCall('Field Nation', error, account)];
  try {
    await client.listWorkOrders({ list: 'workorders_all', sort: 'created_date', order: 'desc', page: 1, perPage: 1 });
  } catch (error) {
    return refused(error);
  }
  const who = sandbox ? 'the sandbox lets' : `${new URL(baseUrl).host} lets`;
  const names = config
    ? [
        ...(await client.typesOfWork().then((types) => checkTypesOfWork(config, types), refused)),
        ...(await client.customFieldDefinitions().then((fields) => checkCustomFields(config, fields), refused)),
      ]
    : [];
  // Before the webhooks are asked for: their API reports a limit of its own.
  const quota = checkQuota('Field Nation', meter, callsPerMinute);
  return [
    fine('Field Nation', 'credentials and rights', `${who} this user read work orders`),
    ...names,
    ...(config && !sandbox ? checkExampleValues(config) : []),
    ...(await checkWebhook(deps)),
    quota,
    ...checkClock('Field Nation', meter),
  ];
}

async function checkWebhook({ account, config, secrets }: FieldNationDeps): Promise<Finding[]> {
  let webhooks: Webhook[];
  try {
    ({ results: webhooks } = await account.client.listWebhooks({ perPage: 100 }));
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const detail = `cannot be seen: ${failedCall('Field Nation', error, account).detail}`;
    return [
      warning('Field Nation', 'webhook', detail, 'Compare it by hand in Field Nation (Integrations > Webhooks).'),
    ];
  }
  const ours = webhooks.filter((webhook) => isOurRoute(webhook) && webhook.status !== 'archived');
  const active = ours.filter(({ status }) => status === 'active');
  if (active.length === 0) {
    const detail = ours.length > 0 ? 'is there, but not active: events are lost' : 'none calls …/webhooks/field-nation';
    return [warning('Field Nation', 'webhook', detail, SETUP)];
  }
  const seen = await Promise.all(
    active.map(async (webhook) => ({ webhook, findings: await checkOne(webhook, config, secrets) })),
  );
  // One good webhook is enough: others may belong to other installations.
  const [best] = seen.sort((a, b) => a.findings.length - b.findings.length);
  if (best && best.findings.length > 0) return best.findings;
  const mail = best?.webhook.notificationEmail ?? null;
  const told =
    mail === null ? 'nobody is told by mail if it is switched off (setup field-nation --mail)' : `mail goes to ${mail}`;
  const works = `active, has the events, and ${best?.webhook.url ?? ''} accepts its signature`;
  return [fine('Field Nation', 'webhook', `${works}; ${told}`)];
}

async function checkOne(webhook: Webhook, config: Config | null, secrets: readonly string[]): Promise<Finding[]> {
  const { url, events, method } = webhook;
  const findings: Finding[] = [];
  if (!isTakenMethod(webhook)) {
    findings.push(
      warning('Field Nation', 'webhook', `calls with ${method ?? ''}, which is answered 404 for ever`, SETUP),
    );
  }
  const on = {
    messages: config?.dispatch.notes.fromFieldNation ?? false,
    deliverables: config?.dispatch.deliverables ?? false,
    status: config?.status ?? {},
  };
  const missing = neededEvents(on).filter((name) => !events.includes(name));
  if (missing.length > 0) {
    findings.push(warning('Field Nation', 'webhook', `lacks the events ${missing.join(', ')}`, SETUP));
  }
  const reached = await reachFieldNationRoute(url ?? '', secrets[0] ?? '');
  const say = (detail: string, remedy: string): void =>
    void findings.push(warning('Field Nation', 'webhook', `${url ?? ''} ${detail}`, remedy));
  if (reached === 'silent') {
    say('does not answer from here', 'Start the service, or correct the address; a tunnel or proxy must be up.');
  } else if (reached === 'else') say('is answered by something else than Deskbridge', SETUP);
  else if (reached === 'other-secret') {
    say(
      'refuses a signature by FIELD_NATION_WEBHOOK_SECRET',
      'It belongs to another installation, or the service runs with an older secret: restart it.',
    );
  }
  return findings;
}
