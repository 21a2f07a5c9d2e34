/**
 * The automation rules that tell Deskbridge of tickets. Promise: pure; the same config gives the same rules, so that a
 * second set-up finds those of the first. Source: Freshdesk contract 12.
 */
import type { AutomationRule, AutomationRuleInput, RuleType } from '../../clients/freshdesk';
import type { Config } from '../../config/schema';

export const FRESHDESK_ROUTE = '/webhooks/freshdesk';

/** Who performs: 1 agents (`members`, or all), 2 the requester. */
const AGENTS = 1;
const REQUESTER = 2;
const EITHER = 3;

export interface RuleDeps {
  when: Config['dispatch']['when'];
  linkField: string | null;
  /** Numbers of the trigger statuses. */
  statuses: readonly number[];
  url: string;
  secret: string;
  account: string;
  /** Agents whose changes count: all but the one whose key Deskbridge has; null: nobody may tell. */
  agents: readonly number[] | null;
}

export interface WantedRule {
  type: RuleType;
  rule: AutomationRuleInput;
}

/** What a rule tells of a ticket: its number is enough, and text of people could break the JSON. */
export const RULE_CONTENT = (account: string): Record<string, string> => ({ ticket_id: '{{ticket.id}}', account });

/** New tickets; changes by agents, without our own; changes by requesters. A performer with named agents leaves requesters out. */
export function wantedRules({ when, linkField, statuses, url, secret, account, agents }: RuleDeps): WantedRule[] {
  const property = (field_name: string, operator: string, value?: (string | number)[]) => ({
    ...{ resource_type: 'ticket' as const, field_name, operator },
    ...(value === undefined ? {} : { value }),
  });
  const trigger = [
    ...(statuses.length > 0 ? [property('status', 'in', [...statuses])] : []),
    ...(when.tags.length > 0 ? [property('tag_names', 'contains', [...when.tags])] : []),
  ];
  const linked = linkField === null ? [] : [property(linkField, 'is_not_empty')];
  const actions: AutomationRuleInput['actions'] = [
    {
      field_name: 'trigger_webhook',
      request_type: 'POST',
      url,
      content_type: 'JSON',
      content_layout: '2',
      content: RULE_CONTENT(account),
      custom_headers: { 'X-Webhook-Secret': secret },
    },
  ];
  const any = (properties: typeof trigger): AutomationRuleInput['conditions'] => [
    { name: 'condition_set_1', match_type: 'any', properties },
  ];
  const changed = { active: true, conditions: any([...trigger, ...linked]), actions };
  const byAgent: WantedRule = {
    type: 4,
    rule: {
      name: 'Deskbridge: changed by an agent',
      performer: { type: AGENTS, ...(agents ? { members: [...agents] } : {}) },
      ...changed,
    },
  };
  return [
    { type: 1, rule: { name: 'Deskbridge: new ticket', active: true, conditions: any(trigger), actions } },
    // Without a name it would mean all agents, our own as well.
    ...(agents?.length === 0 ? [] : [byAgent]),
    { type: 4, rule: { name: 'Deskbridge: changed by the requester', performer: { type: REQUESTER }, ...changed } },
  ];
}

/** The rule of the account that does what the wanted one does: same address, same kind, same people. */
export function findRule(there: readonly AutomationRule[], { type, rule }: WantedRule): AutomationRule | undefined {
  const same = there.filter((candidate) => calledAddress(candidate) === rule.actions[0]?.url);
  const named = same.find(({ name }) => name === rule.name);
  if (named || type === 1) return named ?? same[0];
  if (rule.performer?.type === REQUESTER) return same.find((candidate) => covers(candidate, 'requester'));
  const [member] = rule.performer?.members ?? [];
  return same.find((candidate) => (member === undefined ? coversAgents(candidate) : covers(candidate, member)));
}

/** What of a rule that is there is not as it should be, in words; nothing when it will do. */
export function shortcomings(
  there: AutomationRule,
  { rule }: WantedRule,
  wanted: Pick<RuleDeps, 'secret' | 'statuses' | 'when'>,
): string[] {
  const members = rule.performer?.members ?? [];
  const left = members.filter((member) => !covers(there, member));
  return [
    ...((secretOf(there) ?? wanted.secret) === wanted.secret
      ? []
      : ['its header X-Webhook-Secret holds another secret']),
    ...(looksAt(there, wanted.statuses, wanted.when.tags) ? [] : ['its conditions name none of dispatch.when']),
    ...(left.length > 0 ? [`its performer leaves out agents ${left.join(', ')}`] : []),
  ];
}

const webhookOf = (rule: AutomationRule): AutomationRule['actions'][number] | undefined =>
  rule.actions.find(({ field_name: name }) => name === 'trigger_webhook');

/** The address that an active rule calls, when it is Deskbridge's route. */
export function calledAddress(rule: AutomationRule): string | null {
  const url = webhookOf(rule)?.url ?? '';
  if (rule.active === false || !URL.canParse(url)) return null;
  return new URL(url).pathname.replace(/\/+$/, '').endsWith(FRESHDESK_ROUTE) ? url : null;
}

/** The secret that the rule sends; null when Freshdesk does not show it. */
export const secretOf = (rule: AutomationRule): string | null =>
  webhookOf(rule)?.custom_headers['x-webhook-secret'] ?? null;

/** Whether a change by this agent, or by a requester, makes an update rule run. */
export function covers({ performer }: AutomationRule, who: number | 'requester'): boolean {
  const { type, members = [] } = performer ?? { type: EITHER };
  if (who === 'requester') return type === REQUESTER || type === EITHER;
  return (type === AGENTS || type === EITHER) && (members.length === 0 || members.includes(who));
}

const coversAgents = ({ performer }: AutomationRule): boolean =>
  performer === null || performer.type === AGENTS || performer.type === EITHER;

/** Whether the rule looks at one of the triggers at all; one without conditions looks at every ticket. */
export function looksAt(rule: AutomationRule, statuses: readonly number[], tags: readonly string[]): boolean {
  const properties = rule.conditions.flatMap((set) => set.properties);
  if (properties.length === 0) return true;
  const texts = properties.flatMap(({ value }) => (Array.isArray(value) ? (value as unknown[]) : [value])).map(String);
  const wanted = [...statuses.map(String), ...tags.map((tag) => tag.toLowerCase())];
  return texts.some((text) => wanted.includes(text.toLowerCase()));
}
