/**
 * The automation rules that tell Deskbridge of tickets. Promise: pure; the same config gives the same rules, so that a
 * second set-up finds those of the first. Source: Freshdesk contract 12.
 */
import { priorityNumber, numberOf } from '../../activities/rules';
import type { AutomationRule, AutomationRuleInput, RuleEventInput, RuleType, TicketField } from '../clients/freshdesk';
import type { Config } from '../config/schema';
import { textForm } from '../domain/rule-text';
import { statusLabels } from './names-freshdesk';

export const FRESHDESK_ROUTE = '/webhooks/freshdesk';

/** Who performs: 1 agents (`members`, or all), 2 the requester. */
const AGENTS = 1;
const REQUESTER = 2;
const EITHER = 3;

/**
 * What makes an update rule run, as it is sent and as Freshdesk's page calls it. "Updated" is any change of a property:
 * tags and text fields have no event of their own.
 */
export const RULE_EVENTS: readonly { event: RuleEventInput; words: string }[] = [
  { event: { field_name: 'status', from: '--', to: '--' }, words: 'Status is changed (any to any)' },
  { event: { field_name: 'priority', from: '--', to: '--' }, words: 'Priority is changed (any to any)' },
  { event: { field_name: 'ticket_type', from: '--', to: '--' }, words: 'Type is changed (any to any)' },
  { event: { field_name: 'note_type', value: '--' }, words: 'Note is added (any)' },
  { event: { field_name: 'reply_sent', value: 'sent' }, words: 'Reply is sent' },
  { event: { field_name: 'ticket_action', value: 'update' }, words: 'Ticket is updated' },
  { event: { field_name: 'ticket_action', value: 'delete' }, words: 'Ticket is deleted' },
  { event: { field_name: 'ticket_action', value: 'marked_spam' }, words: 'Ticket is marked as spam' },
];

/** A condition of a rule. */
export type Condition = AutomationRuleInput['conditions'][number]['properties'][number];

/** What makes a ticket match, as conditions. `unknown`: statuses and priorities that the account does not have. */
export function triggerConditions(
  when: Config['dispatch']['when'],
  fields: readonly TicketField[],
): { conditions: Condition[]; unknown: (string | number)[] } {
  const labelsOf = (type: string): Map<string, number> =>
    statusLabels(fields.find((field) => field.type === type)?.choices ?? []);
  const [statusesThere, prioritiesThere] = [labelsOf('default_status'), labelsOf('default_priority')];
  const statuses = when.statuses.map((name) => ({ name, number: numberOf(name, statusesThere) }));
  const priorities = when.priorities.map((name) => ({ name, number: priorityNumber(name, prioritiesThere) }));
  const known = (all: typeof statuses): number[] => all.flatMap(({ number }) => number ?? []);
  const oneOf = (field_name: string, operator: string, value: readonly (string | number)[]): Condition[] =>
    value.length === 0 ? [] : [{ resource_type: 'ticket', field_name, operator, value: [...value] }];
  const ofField = ([field_name, values]: [string, readonly (string | number | boolean)[]]): Condition[] => {
    const isCheckbox = fields.find(({ name }) => name === field_name)?.type === 'custom_checkbox';
    if (!isCheckbox) return oneOf(field_name, 'in', values.map(String));
    const operators = values.map((value) => (textForm(value) === 'true' ? 'selected' : 'not_selected'));
    return operators.map((operator) => ({ resource_type: 'ticket', field_name, operator }));
  };
  return {
    conditions: [
      ...oneOf('status', 'in', known(statuses)),
      ...oneOf('tag_names', 'contains', when.tags),
      ...oneOf('priority', 'in', known(priorities)),
      ...oneOf('ticket_type', 'in', when.types),
      ...Object.entries(when.fields).flatMap(ofField),
    ],
    unknown: [...statuses, ...priorities].flatMap(({ name, number }) => (number === null ? [name] : [])),
  };
}

export interface RuleDeps {
  /** Any of them makes a ticket match. */
  triggers: readonly Condition[];
  linkField: string | null;
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
export function wantedRules({ triggers, linkField, url, secret, account, agents }: RuleDeps): WantedRule[] {
  const linked: Condition[] =
    linkField === null ? [] : [{ resource_type: 'ticket', field_name: linkField, operator: 'is_not_empty' }];
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
  const any = (properties: readonly Condition[]): AutomationRuleInput['conditions'] => [
    { name: 'condition_set_1', match_type: 'any', properties: [...properties] },
  ];
  const events = RULE_EVENTS.map(({ event }) => event);
  const changed = { active: true, events, conditions: any([...triggers, ...linked]), actions };
  const byAgent: WantedRule = {
    type: 4,
    rule: {
      name: 'Deskbridge: changed by an agent',
      performer: { type: AGENTS, ...(agents ? { members: [...agents] } : {}) },
      ...changed,
    },
  };
  return [
    { type: 1, rule: { name: 'Deskbridge: new ticket', active: true, conditions: any(triggers), actions } },
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
  wanted: Pick<RuleDeps, 'secret' | 'triggers'>,
): string[] {
  const members = rule.performer?.members ?? [];
  const left = members.filter((member) => !covers(there, member));
  return [
    ...((secretOf(there) ?? wanted.secret) === wanted.secret
      ? []
      : ['its header X-Webhook-Secret holds another secret']),
    ...(looksAt(there, wanted.triggers) ? [] : ['its conditions name none of dispatch.when']),
    ...(left.length > 0 ? [`its performer leaves out agents ${left.join(', ')}`] : []),
    ...(rule.events && there.events.length === 0 ? ['it names no event, so it may never run'] : []),
  ];
}

/** In what a rule that was just made differs from what was sent, in words; nothing when Freshdesk kept all of it. */
export function differences(made: AutomationRule, { rule }: WantedRule): string[] {
  const [wanted, found] = [rule.actions[0], webhookOf(made)];
  const properties = made.conditions.flatMap((set) => set.properties);
  const kept = (name: string, operator: string): boolean =>
    properties.some((property) => property.field_name === name && property.operator === operator);
  const conditions = rule.conditions.flatMap((set) => set.properties);
  const differs: [string, boolean][] = [
    ['active', made.active === false],
    ['the performer', rule.performer !== undefined && made.performer?.type !== rule.performer.type],
    ['the agents', rule.performer !== undefined && sorted(made.performer?.members) !== sorted(rule.performer.members)],
    ['the events', (rule.events ?? []).some((event) => !made.events.some((there) => isEvent(there, event)))],
    ['the conditions', conditions.some(({ field_name, operator }) => !kept(field_name, operator))],
    ['the address', found?.url !== wanted?.url],
    ['the header', (secretOf(made) ?? null) !== null && secretOf(made) !== wanted?.custom_headers['X-Webhook-Secret']],
  ];
  return differs.filter(([, differ]) => differ).map(([what]) => what);
}

const sorted = (ids: readonly number[] = []): string => [...ids].sort((a, b) => a - b).join();

type SeenEvent = AutomationRule['events'][number];

const isEvent = (there: SeenEvent, wanted: RuleEventInput): boolean =>
  there.field_name === wanted.field_name && (!('value' in wanted) || there.value === wanted.value);

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
export function looksAt(rule: AutomationRule, triggers: readonly Condition[]): boolean {
  const properties = rule.conditions.flatMap((set) => set.properties);
  if (properties.length === 0) return true;
  const texts = properties
    .flatMap(({ value }) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .map(textForm);
  const names = properties.map(({ field_name: name }) => name);
  return triggers.some(({ field_name, value }) =>
    value === undefined ? names.includes(field_name) : value.some((one) => texts.includes(textForm(one))),
  );
}
