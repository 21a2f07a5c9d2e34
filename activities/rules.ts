/** The config's dispatch rules, with labels turned into numbers and applied to a ticket. Source: interface, section 7. */
import type { Config } from '../src/config/schema';
import type { Ticket } from '../src/clients/freshdesk/schemas';
import { isNumeric, textForm } from '../src/domain/rule-text';
import type { RuleValue, TicketSight } from '../src/domain/trigger';

/** Statuses of Freshdesk that mean the ticket is over (contract 6.5). */
const CLOSED_STATUSES = [4, 5];

export const isClosedStatus = (status: number): boolean => CLOSED_STATUSES.includes(status);

/** The number that is meant by a label or number; null when the account has no such label. A label of digits is a label first. */
export function numberOf(name: string | number, labels: ReadonlyMap<string, number>): number | null {
  if (typeof name === 'number') return name;
  return labels.get(textForm(name)) ?? (isNumeric(name) ? Number(name) : null);
}

/** The rule's statuses as numbers, and those that the account does not know. */
export function triggerStatuses(
  when: Pick<Config['dispatch']['when'], 'statuses'>,
  statuses: ReadonlyMap<string, number>,
): { numbers: number[]; unknown: string[] } {
  const found = when.statuses.map((status) => ({ status, number: numberOf(status, statuses) }));
  return {
    numbers: found.flatMap(({ number }) => (number === null ? [] : [number])),
    unknown: found.flatMap(({ status, number }) => (number === null ? [String(status)] : [])),
  };
}

/** Tags as they are compared: Freshdesk's tags know no case. */
export const comparable = (tags: readonly string[]): string[] => tags.map(textForm);

/** Those of `tags` that are trigger tags, comparable. */
export function matchingTags(when: Pick<Config['dispatch']['when'], 'tags'>, tags: readonly string[]): string[] {
  const wanted = comparable(when.tags);
  return comparable(tags).filter((tag) => wanted.includes(tag));
}

/** What the link field holds, as text; null when empty. */
export function linkOf(ticket: Ticket, linkField: string | null): string | null {
  const value = linkField === null ? null : ticket.custom_fields[linkField];
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim();
  return text === '' || text === '0' ? null : text;
}

/** Freshdesk's own labels (contract 6.5); an account's are in its ticket fields. */
const SHIPPED_PRIORITIES: ReadonlyMap<string, number> = new Map([
  ['low', 1],
  ['medium', 2],
  ['high', 3],
  ['urgent', 4],
]);

/** What the account calls the numbers that the rule names by label. Keys in lower case. */
export interface RuleLabels {
  priorities: ReadonlyMap<string, number>;
  groups: ReadonlyMap<string, number>;
  products: ReadonlyMap<string, number>;
  /** Of the ticket's company; null: not asked, or none. */
  company: string | null;
}

export const NO_LABELS: RuleLabels = {
  ...{ priorities: SHIPPED_PRIORITIES, groups: new Map(), products: new Map(), company: null },
};

/** The number of a priority given as label or number; null when it is none. */
export const priorityNumber = (name: string | number, labels: ReadonlyMap<string, number>): number | null =>
  numberOf(name, labels) ?? SHIPPED_PRIORITIES.get(textForm(name)) ?? null;

/** Every value that `dispatch.when` names beside statuses and tags. */
export function ruleValues({ when }: Config['dispatch'], ticket: Ticket, labels: RuleLabels): RuleValue[] {
  const { priorities, types, fields } = when;
  const wantedPriorities = priorities.map((name) => String(priorityNumber(name, labels.priorities) ?? ''));
  const one = (key: string, given: unknown, wanted: readonly string[]): RuleValue => {
    const value = textForm(given);
    const parts = Array.isArray(given) ? given.map(textForm) : [value];
    return { key, value, matches: parts.some((part) => part !== '' && wanted.includes(part)) };
  };
  return [
    ...(priorities.length > 0 ? [one('priority', ticket.priority, wantedPriorities)] : []),
    ...(types.length > 0 ? [one('type', ticket.type, types.map(textForm))] : []),
    ...Object.entries(fields).map(([key, wanted]) => one(key, ticket.custom_fields[key], wanted.map(textForm))),
  ];
}

/** Why `dispatch.only` lets nothing begin for the ticket, in words; null when it does. */
export function barredBy({ only }: Config['dispatch'], ticket: Ticket, labels: RuleLabels): string | null {
  const { groups, types, companies, products } = only;
  const among = (
    id: number | null,
    wanted: readonly (string | number)[],
    known: ReadonlyMap<string, number>,
  ): boolean => id !== null && wanted.some((name) => numberOf(name, known) === id);
  const company = labels.company === null ? new Map<string, number>() : companyMap(ticket, labels.company);
  const checks: [key: keyof typeof only, holds: boolean][] = [
    ['groups', among(ticket.group_id, groups, labels.groups)],
    ['types', types.map(textForm).includes(textForm(ticket.type))],
    ['companies', among(ticket.company_id, companies, company)],
    ['products', among(ticket.product_id, products, labels.products)],
  ];
  const [failed] = checks.find(([key, holds]) => only[key].length > 0 && !holds) ?? [];
  if (failed === undefined) return null;
  return `its ${SINGULAR[failed]} is not in dispatch.only.${failed} (${only[failed].join(', ')})`;
}

const SINGULAR = { groups: 'group', types: 'type', companies: 'company', products: 'product' } as const;

const companyMap = ({ company_id: id }: Ticket, name: string): Map<string, number> =>
  new Map(id === null ? [] : [[textForm(name), id]]);

export function sightOf(
  ticket: Ticket,
  dispatch: Config['dispatch'],
  triggers: readonly number[],
  labels: RuleLabels = NO_LABELS,
): TicketSight {
  return {
    status: ticket.status,
    tags: comparable(ticket.tags),
    gone: ticket.deleted ? 'deleted' : ticket.spam ? 'spam' : null,
    closed: isClosedStatus(ticket.status),
    statusMatches: triggers.includes(ticket.status),
    matchingTags: matchingTags(dispatch.when, ticket.tags),
    values: ruleValues(dispatch, ticket, labels),
    barred: barredBy(dispatch, ticket, labels),
    link: linkOf(ticket, dispatch.linkField),
  };
}

/** A ticket that cannot be found. */
export const GONE_SIGHT: TicketSight = {
  status: 0,
  tags: [],
  gone: 'not-found',
  closed: false,
  statusMatches: false,
  matchingTags: [],
  values: [],
  barred: null,
  link: null,
};
