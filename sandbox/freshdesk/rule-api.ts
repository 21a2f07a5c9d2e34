import { asArray, asNumber, asObject, asText } from '../json';
import type { JsonObject } from '../json';
import type { AutomationRule, RuleCondition, RuleEvent, RuleWebhook } from './types';

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'] as const;
const OPERATORS = ['is', 'is_not', 'contains', 'is_empty', 'is_not_empty'] as const;

/** A rule as the automations API shows it (Freshdesk contract 12.1). */
export function presentRule(rule: AutomationRule, resolve: (target: string) => string | null): JsonObject {
  const { webhook } = rule;
  return {
    id: rule.id,
    name: rule.name,
    active: rule.active,
    position: rule.id,
    ...(rule.type === 1 ? {} : { performer: rule.performer }),
    ...(rule.type === 1 ? {} : { events: rule.events }),
    conditions: rule.sentConditions ?? [
      {
        name: 'condition_set_1',
        match_type: rule.match,
        properties: rule.conditions.map(({ field, operator, value }) => ({
          resource_type: 'ticket',
          field_name: field,
          operator,
          ...(value === undefined ? {} : { value }),
        })),
      },
    ],
    actions: [
      {
        field_name: 'trigger_webhook',
        request_type: webhook.method,
        url: resolve(webhook.url) ?? webhook.url,
        content_type: webhook.contentType,
        content_layout: 'advanced' in webhook.content ? '2' : '1',
        content: 'advanced' in webhook.content ? webhook.content.advanced : webhook.content.simple,
        custom_headers: webhook.headers,
      },
    ],
  };
}

/** A rule out of the body of a create call. */
export function ruleFromApi(id: number, type: 1 | 4, body: JsonObject, action: JsonObject): AutomationRule {
  const performer = asObject(body['performer']);
  const sets = asArray(body['conditions']).map(asObject);
  const members = asArray(performer['members']).flatMap((member) => asNumber(member) ?? []);
  return {
    id,
    name: asText(body['name']),
    type,
    active: body['active'] !== false,
    performer: { type: performerType(performer['type']), ...(members.length > 0 ? { members } : {}) },
    events: asArray(body['events']).map(eventFromApi),
    match: sets[0]?.['match_type'] === 'all' ? 'all' : 'any',
    conditions: sets.flatMap((set) => asArray(set['properties']).flatMap((property) => conditions(asObject(property)))),
    sentConditions: sets,
    webhook: webhookFromApi(action),
  };
}

function eventFromApi(given: unknown): RuleEvent {
  const event = asObject(given);
  const details = ['from', 'to', 'value'].filter((key) => event[key] !== undefined);
  return {
    field_name: asText(event['field_name']),
    ...Object.fromEntries(details.map((key) => [key, asText(event[key])])),
  };
}

const performerType = (value: unknown): 1 | 2 | 3 | 4 => {
  const number = asNumber(value);
  return number === 1 || number === 2 || number === 4 ? number : 3;
};

/** A list of values is one condition each. */
function conditions(property: JsonObject): RuleCondition[] {
  const field = asText(property['field_name']);
  const named = asText(property['operator']);
  if (named === 'selected' || named === 'not_selected')
    return [{ field, operator: named === 'selected' ? 'is' : 'is_not', value: true }];
  const operator = OPERATORS.find((candidate) => candidate === named) ?? (named === 'in' ? 'is' : 'contains');
  const values = Array.isArray(property['value']) ? (property['value'] as unknown[]) : [property['value']];
  return values.map((value) => {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      return { field, operator };
    return { field, operator, value };
  });
}

function webhookFromApi(action: JsonObject): RuleWebhook {
  const { content } = action;
  const advanced = asText(action['content_layout']) !== '1';
  const authorization = asObject(action['auth_header']);
  const apiKey = asText(authorization['api_key'] ?? action['api_key']);
  const user = asText(authorization['username']);
  return {
    method: METHODS.find((method) => method === action['request_type']) ?? 'POST',
    url: asText(action['url']),
    contentType: /form|x-www/i.test(asText(action['content_type'])) ? 'FORM' : 'JSON',
    headers: Object.fromEntries(
      Object.entries(asObject(action['custom_headers'])).map(([name, value]) => [name, asText(value)]),
    ),
    auth:
      apiKey !== ''
        ? { user: apiKey, password: 'X' }
        : user !== ''
          ? { user, password: asText(authorization['password']) }
          : null,
    content: advanced
      ? { advanced: typeof content === 'string' ? content : JSON.stringify(content ?? {}) }
      : {
          simple: Array.isArray(content)
            ? content.map(asText)
            : Object.values(asObject(content)).map((text) => asText(text).replace(/[{}\s]/g, '')),
        },
  };
}
