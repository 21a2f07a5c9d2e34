import { isObject } from '../json';
import type { JsonObject } from '../json';
import { AGENTS, PRIORITIES, SOURCES, STATUSES, TICKET_FIELDS, TICKET_TYPES } from './account';
import type { FieldProblem } from './errors';
import type { Ticket } from './types';
import { checkAttributes, checkCustomFields, missing, tooLong } from './validation';
import type { AttributeType } from './validation';
import type { FreshdeskWorld } from './world';

/** What an update takes; anything else is a 400 (Freshdesk contract 6.3). */
export const TICKET_ATTRIBUTES: Record<string, AttributeType> = {
  name: 'text',
  requester_id: 'integer',
  email: 'text',
  phone: 'text',
  twitter_id: 'text',
  facebook_id: 'text',
  unique_external_id: 'text',
  subject: 'text',
  type: 'text',
  status: 'integer',
  priority: 'integer',
  description: 'text',
  responder_id: 'integer',
  attachments: 'files',
  custom_fields: 'object',
  due_by: 'timestamp',
  fr_due_by: 'timestamp',
  email_config_id: 'integer',
  group_id: 'integer',
  parent_id: 'integer',
  product_id: 'integer',
  source: 'integer',
  tags: 'texts',
  company_id: 'integer',
  internal_agent_id: 'integer',
  internal_group_id: 'integer',
  lookup_parameter: 'text',
};
/** What a create takes beyond that. */
export const CREATE_ATTRIBUTES: Record<string, AttributeType> = {
  ...TICKET_ATTRIBUTES,
  cc_emails: 'texts',
  related_ticket_ids: 'integers',
};

/** Complaints about unknown attributes, wrong types and values outside the choices, all at once. */
export function checkTicket(
  world: FreshdeskWorld,
  body: JsonObject,
  attributes: Record<string, AttributeType>,
): FieldProblem[] {
  const problems = checkAttributes(body, attributes, [
    'status',
    'priority',
    'source',
    'requester_id',
    'tags',
    'custom_fields',
  ]);
  problems.push(...checkCustomFields(body['custom_fields'], TICKET_FIELDS));
  const oneOf = (field: string, values: readonly (string | number)[]): void => {
    const value = body[field];
    if (value === undefined || value === null || problems.some((problem) => problem.field === field)) return;
    if (values.includes(value as string | number)) return;
    problems.push({ field, message: `It should be one of these values: '${values.join(',')}'`, code: 'invalid_value' });
  };
  oneOf('status', [...STATUSES.keys()]);
  oneOf('priority', [...PRIORITIES.keys()]);
  oneOf('source', [...SOURCES.keys()]);
  oneOf('type', TICKET_TYPES);
  oneOf(
    'responder_id',
    AGENTS.map(({ id }) => id),
  );
  const requesterId = body['requester_id'];
  if (typeof requesterId === 'number' && !isPerson(world, requesterId)) {
    problems.push({
      field: 'requester_id',
      message: 'There is no contact matching the given requester_id',
      code: 'invalid_value',
    });
  }
  const parentId = body['parent_id'];
  if (typeof parentId === 'number' && !mayHaveChildren(world.tickets.get(parentId))) {
    problems.push({ field: 'parent_id', message: 'This ticket cannot be a parent', code: 'invalid_value' });
  }
  if (typeof body['subject'] === 'string' && body['subject'].length > 255) problems.push(tooLong('subject'));
  return problems;
}

/** A child has no children of its own. */
const mayHaveChildren = (ticket: Ticket | undefined): boolean =>
  ticket !== undefined && !ticket.deleted && !ticket.spam && ticket.parent_id === undefined;

const isPerson = (world: FreshdeskWorld, id: number): boolean =>
  world.contacts.get(id) !== undefined || AGENTS.some((agent) => agent.id === id);

/** What status 4 and 5 require and neither the ticket nor the request has. */
export function closureProblems(world: FreshdeskWorld, ticket: Ticket, body: JsonObject): FieldProblem[] {
  if (body['status'] !== 4 && body['status'] !== 5) return [];
  const sent = isObject(body['custom_fields']) ? body['custom_fields'] : {};
  const values = { ...ticket.custom_fields, ...sent };
  return world.knobs.requiredForClosure
    .filter((name) => values[name] === null || values[name] === undefined || values[name] === '')
    .map((name) => missing(`custom_fields.${name}`));
}
