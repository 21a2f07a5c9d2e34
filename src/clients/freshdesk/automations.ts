/** Automation rules that call a webhook (contract 12.1). Unknown parts of a rule are passed over. */
import { z } from 'zod';
import { asNumber, asRecord, asText } from '../coerce';
import { allItems, boolean, id, items, maybe, number, text } from '../lenient';

/** 1: ticket creation, 4: ticket update. */
export type RuleType = 1 | 4;

/** Who must have changed the ticket: 1 agents, 2 requester, 3 either, 4 the system. `members` empty: all agents. */
const performerSchema = z.looseObject({ type: number, members: items(id) });

const propertySchema = z.looseObject({
  field_name: text,
  operator: text,
  /** A value or a list of them. */
  value: z.unknown().optional(),
});

/** What makes an update rule run; `from` and `to` of a change, `value` of an action. */
const eventSchema = z.looseObject({ field_name: text, from: text, to: text, value: text });

const actionSchema = z.looseObject({
  field_name: text,
  url: text,
  request_type: text,
  custom_headers: z.unknown().optional().transform(readHeaders),
});

export const automationRuleSchema = z.looseObject({
  id,
  name: text,
  active: boolean,
  performer: maybe(performerSchema),
  events: items(eventSchema),
  conditions: items(z.looseObject({ match_type: text, properties: items(propertySchema) })),
  actions: items(actionSchema),
});
export type AutomationRule = z.output<typeof automationRuleSchema>;

/** Documented as `{ rules, meta }`; a bare array and `{ results }` are taken too. `count` is that of all pages. */
export const automationRulesSchema = z.unknown().transform((value, context) => {
  const body = asRecord(value);
  const rules = allItems(automationRuleSchema).safeParse(body?.rules ?? value);
  if (!rules.success) {
    context.addIssue({ code: 'custom', message: 'no list of rules' });
    return z.NEVER;
  }
  return { rules: rules.data, count: asNumber(asRecord(body?.meta)?.count) };
});

/** An event as it is sent: a change of a field, or an action on the ticket; `--` is any. */
export type RuleEventInput = { field_name: string } & ({ from: '--'; to: '--' } | { value: string });

/** What a rule is made of; names are the wire's. */
export interface AutomationRuleInput {
  name: string;
  active: boolean;
  performer?: { type: number; members?: number[] };
  events?: RuleEventInput[];
  conditions: {
    name: string;
    match_type: 'any' | 'all';
    properties: { resource_type: 'ticket'; field_name: string; operator: string; value?: (string | number)[] }[];
  }[];
  actions: {
    field_name: 'trigger_webhook';
    request_type: 'POST';
    url: string;
    content_type: 'JSON';
    /** Advanced: the content as it stands. */
    content_layout: '2';
    content: Record<string, string>;
    custom_headers: Record<string, string>;
  }[];
}

/** Names in lower case; an object, or a list of `{ name, value }` or `{ key, value }`. */
function readHeaders(value: unknown): Record<string, string> {
  const pairs: [unknown, unknown][] = Array.isArray(value)
    ? value.map((entry): [unknown, unknown] => {
        const { name, key, value: given } = asRecord(entry) ?? {};
        return [name ?? key, given];
      })
    : Object.entries(asRecord(value) ?? {});
  return Object.fromEntries(
    pairs.flatMap(([name, given]): [string, string][] => {
      const [key, text] = [asText(name), asText(given)];
      return key === null || text === null ? [] : [[key.toLowerCase(), text]];
    }),
  );
}
