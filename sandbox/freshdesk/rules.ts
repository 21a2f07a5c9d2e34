import { randomUUID } from 'node:crypto';

import { asText } from '../json';
import { AGENTS, PRIORITIES, STATUSES } from './account';
import type { AutomationRule, Performer, RuleCondition, RuleEvent, RuleWebhook, Ticket } from './types';
import type { FreshdeskWorld } from './world';

/** One change of a ticket, as rules see it. `text` is what `{{triggered_event}}` becomes. */
export interface TicketEvent {
  name: string;
  text: string;
}

export interface Actor {
  performer: Performer;
  /** Agent or contact. */
  id: number | null;
}

/** Ids up to here are those of the rules that a new sandbox has. */
const OWN_RULES = 100;

export const CREATED: TicketEvent = { name: 'ticket_action', text: '{ticket_action:created}' };

/** Runs the rules of creation (1) or update (4) over a changed ticket; each match sends its webhook (12.1). */
export function runRules(
  world: FreshdeskWorld,
  ticket: Ticket,
  type: 1 | 4,
  events: TicketEvent[],
  actor: Actor,
): void {
  if (!world.knobs.rulesEnabled) return;
  if (type === 4 && actor.performer === 'api' && !world.knobs.apiWritesTriggerRules) return;
  for (const rule of world.rules.all()) {
    if (!rule.active || rule.type !== type) continue;
    if (type === 4 && !performs(rule, actor)) continue;
    const event =
      rule.events.length === 0
        ? events[0]
        : events.find((candidate) => rule.events.some((wanted) => isEvent(candidate, wanted)));
    if (event === undefined || !conditionsHold(rule, ticket)) continue;
    sendRuleWebhook(world, rule, ticket, event, world.knobs.duplicateWebhooks);
  }
}

/** Sends the webhook of the first active rule, whatever its conditions say. Gives the number of calls sent. */
export function fireWebhook(world: FreshdeskWorld, ticket: Ticket, copies: number): number {
  const rule = world.rules.all().find((candidate) => candidate.active);
  if (rule === undefined) return 0;
  return sendRuleWebhook(world, rule, ticket, { name: 'ticket_action', text: '{ticket_action:updated}' }, copies);
}

function performs(rule: AutomationRule, actor: Actor): boolean {
  const { type, members } = rule.performer;
  if (actor.performer === 'system') return type === 4;
  if (actor.performer === 'requester') return type === 2 || type === 3;
  if (type !== 1 && type !== 3) return false;
  return members === undefined || members.length === 0 || (actor.id !== null && members.includes(actor.id));
}

/** `{note_type:private}` is the value `private`, `{ticket_action:deleted}` the value `delete`. */
function isEvent(event: TicketEvent, { field_name: name, value = '--' }: RuleEvent): boolean {
  return event.name === name && (value === '--' || event.text.startsWith(`{${name}:${value}`));
}

function conditionsHold(rule: AutomationRule, ticket: Ticket): boolean {
  if (rule.conditions.length === 0) return true;
  return rule.match === 'any'
    ? rule.conditions.some((condition) => holds(condition, ticket))
    : rule.conditions.every((condition) => holds(condition, ticket));
}

function holds({ field, operator, value }: RuleCondition, ticket: Ticket): boolean {
  const actual = conditionValue(ticket, field);
  const texts = (Array.isArray(actual) ? actual : [actual]).map((item) => asText(item).toLowerCase());
  const wanted = asText(value).toLowerCase();
  const empty = texts.every((text) => text === '');
  switch (operator) {
    case 'is':
      return texts.includes(wanted);
    case 'is_not':
      return !texts.includes(wanted);
    case 'contains':
      return Array.isArray(actual) ? texts.includes(wanted) : texts.some((text) => text.includes(wanted));
    case 'is_empty':
      return empty;
    case 'is_not_empty':
      return !empty;
  }
}

function conditionValue(ticket: Ticket, field: string): unknown {
  switch (field) {
    case 'status':
      return ticket.status;
    case 'priority':
      return ticket.priority;
    case 'type':
    case 'ticket_type':
      return ticket.type;
    case 'tags':
    case 'tag_names':
      return ticket.tags;
    case 'subject':
      return ticket.subject;
    default:
      return ticket.custom_fields[field];
  }
}

function sendRuleWebhook(
  world: FreshdeskWorld,
  rule: AutomationRule,
  ticket: Ticket,
  event: TicketEvent,
  copies: number,
): number {
  const webhook = asSent(world, rule);
  const value = (name: string): string => placeholder(world, ticket, event, name);
  const headers: Record<string, string> = {
    'Content-Type': webhook.contentType === 'JSON' ? 'application/json' : 'application/x-www-form-urlencoded',
    ...webhook.headers,
  };
  if (webhook.auth !== null) {
    headers['Authorization'] =
      `Basic ${Buffer.from(`${webhook.auth.user}:${webhook.auth.password}`).toString('base64')}`;
  }
  let sent = 0;
  for (let copy = 0; copy < copies; copy += 1) {
    const uuid = randomUUID();
    const delivery = world.deliveries.add({
      system: 'freshdesk',
      eventName: event.text,
      subjectId: ticket.id,
      lane: `ticket ${ticket.id} copy ${copy}`,
      sourceId: String(rule.id),
      uuid,
      traceId: uuid,
      target: fill(webhook.url, value),
      method: webhook.method,
      headers,
      body: content(world, webhook, ticket, value),
      delayMs: 0,
    });
    if (delivery !== null) sent += 1;
  }
  return sent;
}

/** The rules that are there from the start send in the form that the knobs ask for; a form is ticked, not written. */
function asSent({ knobs }: FreshdeskWorld, { id, webhook }: AutomationRule): RuleWebhook {
  const { webhookContent, webhookEncoding } = knobs;
  if (id > OWN_RULES || (webhookContent === 'advanced' && webhookEncoding === 'JSON')) return webhook;
  return { ...webhook, contentType: webhookEncoding, content: { simple: ['ticket.id', 'ticket.subject'] } };
}

function content(world: FreshdeskWorld, webhook: RuleWebhook, ticket: Ticket, value: (name: string) => string): string {
  const { content: layout, contentType } = webhook;
  if ('advanced' in layout) {
    const escape = world.knobs.webhookValues === 'escaped';
    return fill(layout.advanced, (name) => (escape ? JSON.stringify(value(name)).slice(1, -1) : value(name)));
  }
  const fields = Object.fromEntries(
    layout.simple.map((name) => [name.replace(/\./g, '_'), name === 'ticket.id' ? ticket.id : value(name)]),
  );
  if (contentType === 'JSON') return JSON.stringify({ freshdesk_webhook: fields });
  return new URLSearchParams(
    Object.entries(fields).map(([name, text]): [string, string] => [`freshdesk_webhook[${name}]`, String(text)]),
  ).toString();
}

const fill = (template: string, value: (name: string) => string): string =>
  template.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_match, name: string) => value(name));

/** Labels instead of numbers, tags as one text, HTML as it is; unknown ones are empty (12.2). */
function placeholder(world: FreshdeskWorld, ticket: Ticket, event: TicketEvent, name: string): string {
  const requester = world.contacts.get(ticket.requester_id);
  const company = ticket.company_id === null ? undefined : world.companies.get(ticket.company_id);
  const person = /^ticket\.(?:requester|contact)\.(\w+)$/.exec(name)?.[1];
  if (person !== undefined) return asText((requester as Record<string, unknown> | undefined)?.[person]);
  if (name.startsWith('ticket.cf_')) return asText(ticket.custom_fields[name.slice('ticket.'.length)]);
  const agent = AGENTS.find(({ id }) => id === ticket.responder_id);
  const values: Record<string, string> = {
    'ticket.id': String(ticket.id),
    'ticket.subject': ticket.subject ?? '',
    'ticket.description': ticket.description,
    'ticket.url': `https://${world.parts.account}.freshdesk.com/a/tickets/${ticket.id}`,
    'ticket.status': STATUSES.get(ticket.status)?.[0] ?? '',
    'ticket.priority': PRIORITIES.get(ticket.priority) ?? '',
    'ticket.ticket_type': ticket.type ?? '',
    'ticket.tags': ticket.tags.join(', '),
    'ticket.due_by_time': ticket.due_by ?? '',
    'ticket.company.name': company?.name ?? '',
    'ticket.agent.name': agent?.name ?? '',
    'ticket.agent.email': agent?.email ?? '',
    helpdesk_name: world.parts.account,
    triggered_event: event.text,
  };
  return values[name] ?? '';
}
