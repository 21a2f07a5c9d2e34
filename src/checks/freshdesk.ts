/** The Freshdesk account as findings: key and rights, names of the config, automation rules, quota, clock. Reads only. */
import type { Agent, AutomationRule, TicketField } from '../clients/freshdesk';
import { UpstreamError } from '../clients/upstream-error';
import type { Config } from '../config/schema';
import type { FreshdeskAccount } from './accounts';
import { allRules } from './all-rules';
import { calledAddress, covers, looksAt, secretOf, triggerConditions } from './freshdesk-rules';
import { failed, failedCall, fine, warning, type Finding } from './finding';
import { checkContactFields, checkRuleChoices, checkStatuses, checkTicketFields } from './names-freshdesk';
import { otherAgents } from './other-agents';
import { reachFreshdeskRoute } from './reach';
import { checkClock, checkQuota } from './upstream';

const ALL_TICKETS = 1;
const REMEDY = 'deskbridge setup freshdesk shows each rule as it has to be.';

export interface FreshdeskDeps {
  account: FreshdeskAccount;
  config: Config | null;
  /** The settings' own, any of them. */
  secrets: readonly string[];
  /** The setting. */
  callsPerMinute: number | undefined;
}

/** Seven calls, when all are allowed. */
export async function checkFreshdesk({ account, config, secrets, callsPerMinute }: FreshdeskDeps): Promise<Finding[]> {
  const { client, sandbox, meter } = account;
  const refused = (error: unknown): Finding[] => [failedCall('Freshdesk', error, account)];
  let me: Agent;
  try {
    me = await client.me();
  } catch (error) {
    return refused(error);
  }
  const fields = await client.ticketFields().catch(refused);
  const contactFields = await client.contactFields().catch(refused);
  const tickets = await client
    .listTickets({ orderBy: 'updated_at', orderType: 'desc', page: 1, perPage: 1 })
    .then(() => [fine('Freshdesk', 'rights', 'tickets and fields may be read')], refused);
  const faults = [fields, contactFields].filter(areFindings).flat();
  const rules = await checkRules(account, me, areFindings(fields) ? [] : fields, config, secrets);
  return [
    ...whoseKey(me, sandbox),
    ...(faults.length > 0 ? distinct([...faults, ...tickets.filter(({ level }) => level === 'red')]) : tickets),
    ...(config && !areFindings(fields)
      ? [...checkStatuses(config, fields), ...checkRuleChoices(config, fields), ...checkTicketFields(config, fields)]
      : []),
    ...(config && !areFindings(contactFields) ? checkContactFields(config, contactFields) : []),
    ...rules,
    checkQuota('Freshdesk', meter, callsPerMinute),
    ...checkClock('Freshdesk', meter),
  ];
}

const areFindings = (value: Finding[] | object[]): value is Finding[] => value.some((one) => 'level' in one);

const distinct = (findings: Finding[]): Finding[] => [
  ...new Map(findings.map((finding) => [finding.what + finding.detail, finding])).values(),
];

/** Whose key it is, and what this agent lacks. */
export function whoseKey({ contact, type, ticket_scope: scope, id }: Agent, sandbox: boolean): Finding[] {
  const owner = `agent ${contact?.name ?? id}${sandbox ? ' of the sandbox' : ''}`;
  const findings = [fine('Freshdesk', 'FRESHDESK_API_KEY', `is the key of ${owner}`)];
  if (scope !== null && scope !== ALL_TICKETS) {
    const detail = `${owner} sees only some tickets: the others look deleted to the service`;
    findings.push(
      failed('Freshdesk', 'rights', detail, 'Give the agent global access (Admin > Agents > Ticket scope).'),
    );
  }
  if (type === 'collaborator' || contact?.active === false) {
    const detail = `${owner} is ${type === 'collaborator' ? 'a collaborator' : 'not active'} and may not change tickets`;
    findings.push(failed('Freshdesk', 'rights', detail, 'Use the key of a full, active agent (Admin > Agents).'));
  }
  return findings;
}

async function checkRules(
  account: FreshdeskAccount,
  me: Agent,
  fields: readonly TicketField[],
  config: Config | null,
  secrets: readonly string[],
): Promise<Finding[]> {
  const { client } = account;
  let rules: { created: AutomationRule[]; changed: AutomationRule[] };
  try {
    rules = { created: await allRules(client, 1), changed: await allRules(client, 4) };
  } catch (error) {
    if (!(error instanceof UpstreamError) || ![403, 404, 405].includes(error.status ?? 0)) {
      return [failedCall('Freshdesk', error, account)];
    }
    const detail = `cannot be seen with this key (${error.status}): only an administrator's shows them`;
    return [warning('Freshdesk', 'automation rules', detail, `Compare them by hand: ${REMEDY}`)];
  }
  const ours = (list: AutomationRule[]): AutomationRule[] => list.filter((rule) => calledAddress(rule) !== null);
  const [created, changed] = [ours(rules.created), ours(rules.changed)];
  const findings: Finding[] = [];
  const miss = (what: string, detail: string, remedy = REMEDY): void =>
    void findings.push(warning('Freshdesk', what, detail, remedy));
  if (created.length === 0) miss('rule for new tickets', 'no active one calls …/webhooks/freshdesk');
  if (changed.length === 0) miss('rule for changed tickets', 'no active one calls …/webhooks/freshdesk');
  else {
    if (!changed.some((rule) => covers(rule, 'requester'))) {
      miss('rule for changed tickets', 'none runs on changes by requesters: their replies are found by reconcile only');
    }
    const agents = (await otherAgents(client, me)) ?? [];
    const left = agents.filter(({ id }) => !changed.some((rule) => covers(rule, id)));
    if (left.length > 0) {
      const names = left.map(({ id, contact }) => contact?.name ?? id).join(', ');
      const detail = `none runs on changes by ${names}: they are found by reconcile only`;
      miss('rule for changed tickets', detail, `Add them to its performers. ${REMEDY}`);
    }
    const silent = changed.filter(({ events }) => events.length === 0).map(({ name, id }) => `"${name ?? id}"`);
    if (silent.length > 0) {
      miss('rule for changed tickets', `${silent.join(', ')} names no event, so it may never run`);
    }
    const own = changed.filter((rule) => covers(rule, me.id));
    if (own.length > 0) {
      const names = own.map(({ name, id }) => `"${name ?? id}"`).join(', ');
      miss(
        'rule for changed tickets',
        `${names} also fires on Deskbridge's own changes: each wastes one API call`,
        `Exclude the agent ${me.contact?.name ?? me.id}: name all others as its performers. ${REMEDY}`,
      );
    }
  }
  if (config) {
    const { conditions } = triggerConditions(config.dispatch.when, fields);
    for (const rule of [...created, ...changed]) {
      if (looksAt(rule, conditions) || lookAtLink(rule, config)) continue;
      miss(`rule "${rule.name ?? rule.id}"`, 'its conditions name none of dispatch.when: it never starts a visit');
    }
  }
  const wrong = [...created, ...changed].filter((rule) => !secrets.includes(secretOf(rule) ?? secrets[0] ?? ''));
  for (const { name, id } of wrong) {
    const remedy = 'Put FRESHDESK_WEBHOOK_SECRET into its header X-Webhook-Secret.';
    miss(`rule "${name ?? id}"`, 'sends another secret than FRESHDESK_WEBHOOK_SECRET: it is refused with 401', remedy);
  }
  const addresses = [...new Set([...created, ...changed].map((rule) => calledAddress(rule) ?? ''))];
  for (const url of addresses) {
    const reached = await reachFreshdeskRoute(url);
    if (reached === 'other-secret') continue;
    const remedy =
      'Start the service, or correct the address in the rule; a tunnel or proxy must pass POST requests on.';
    miss('rules', `${url} ${reached === 'silent' ? 'does not answer' : 'is answered by something else'}`, remedy);
  }
  if (findings.length > 0) return findings;
  return [fine('Freshdesk', 'automation rules', `${created.length + changed.length} call ${addresses.join(', ')}`)];
}

/** The rule for tickets that have an order already, which need not match any more. */
const lookAtLink = (rule: AutomationRule, { dispatch: { linkField } }: Config): boolean =>
  rule.conditions.some(({ properties }) => properties.some(({ field_name: name }) => name === linkField));
