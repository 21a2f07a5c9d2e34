import { isObject } from '../json';
import type { JsonObject } from '../json';
import type { Upload } from '../body';
import { TICKET_FIELDS } from './account';
import { storeFiles } from './attachments';
import { requesterFor } from './contacts';
import { FreshdeskRefusal, methodNotAllowed, refuseIfAny } from './errors';
import { CREATED, runRules } from './rules';
import type { Actor, TicketEvent } from './rules';
import { checkTicket, closureProblems, CREATE_ATTRIBUTES, TICKET_ATTRIBUTES } from './ticket-input';
import type { Ticket } from './types';
import { missing } from './validation';
import type { FreshdeskWorld } from './world';

const DAY = 86_400_000;

/** Creates a ticket and runs the rules of creation. Throws a refusal with all complaints. */
export function createTicket(world: FreshdeskWorld, body: JsonObject, files: Upload[], actor: Actor): Ticket {
  const problems = checkTicket(world, body, CREATE_ATTRIBUTES);
  const identified = ['requester_id', 'email', 'phone', 'twitter_id', 'facebook_id', 'unique_external_id'];
  if (!identified.some((field) => body[field] !== undefined && body[field] !== null))
    problems.push(missing('requester_id'));
  for (const field of ['subject', 'description']) if (body[field] === undefined) problems.push(missing(field));
  refuseIfAny(problems);
  const requester = requesterFor(world, body);
  const now = world.now();
  const due = {
    due_by: world.clock.iso(world.clock.now() + 3 * DAY),
    fr_due_by: world.clock.iso(world.clock.now() + DAY),
  };
  const isLate = world.knobs.dueDates === 'later' && body['due_by'] === undefined;
  const ticket: Ticket = {
    id: world.parts.store.nextId('tickets', 1),
    subject: null,
    description: '',
    status: 2,
    priority: 1,
    source: 2,
    type: null,
    requester_id: requester.id,
    responder_id: null,
    group_id: null,
    product_id: null,
    company_id: requester.companyId,
    email_config_id: null,
    cc_emails: [],
    tags: [],
    custom_fields: Object.fromEntries(TICKET_FIELDS.map(({ name }) => [name, null])),
    attachments: storeFiles(world, files).map(({ id }) => id),
    spam: false,
    deleted: false,
    ...(isLate ? { due_by: null, fr_due_by: null } : due),
    ...(isLate ? { dueLater: { at: world.clock.now() + world.knobs.dueDatesAfterMs, ...due } } : {}),
    stats: {
      closed_at: null,
      resolved_at: null,
      first_responded_at: null,
      agent_responded_at: null,
      requester_responded_at: null,
      status_updated_at: now,
      reopened_at: null,
      pending_since: null,
    },
    created_at: now,
    updated_at: now,
  };
  apply(ticket, body);
  if (Array.isArray(body['cc_emails'])) ticket.cc_emails = body['cc_emails'] as string[];
  joinParent(world, ticket, body);
  world.saveTicket(ticket);
  runRules(world, ticket, 1, [CREATED], actor);
  return ticket;
}

/** Changes only what is sent and runs the update rules (6.3). Throws a refusal with all complaints. */
export function updateTicket(
  world: FreshdeskWorld,
  ticket: Ticket,
  body: JsonObject,
  files: Upload[],
  actor: Actor,
  method = 'PUT',
): Ticket {
  if (ticket.deleted || ticket.spam) throw new FreshdeskRefusal(methodNotAllowed(method, ['GET']));
  const problems = checkTicket(world, body, TICKET_ATTRIBUTES);
  problems.push(...closureProblems(world, ticket, body));
  if (ticket.source === 10 && (body['subject'] !== undefined || body['description'] !== undefined)) {
    problems.push({ field: 'subject', message: 'Unexpected/invalid field in request', code: 'incompatible_field' });
  }
  refuseIfAny(problems);
  const before = structuredClone(ticket);
  apply(ticket, body);
  const names = ['email', 'phone', 'twitter_id', 'facebook_id', 'unique_external_id'];
  if (names.some((name) => typeof body[name] === 'string')) ticket.requester_id = requesterFor(world, body).id;
  ticket.attachments.push(...storeFiles(world, files).map(({ id }) => id));
  ticket.updated_at = world.now();
  noteStatus(ticket, before.status, ticket.updated_at);
  joinParent(world, ticket, body);
  world.saveTicket(ticket);
  const events = changes(before, ticket);
  if (events.length > 0) runRules(world, ticket, 4, events, actor);
  return ticket;
}

/** Soft delete, spam and their undoing (6.4). */
export function markTicket(
  world: FreshdeskWorld,
  ticket: Ticket,
  mark: Partial<Pick<Ticket, 'deleted' | 'spam'>>,
  actor: Actor,
): void {
  Object.assign(ticket, mark);
  ticket.updated_at = world.now();
  world.saveTicket(ticket);
  const text = mark.deleted === true ? 'deleted' : mark.spam === true ? 'marked_spam' : 'restored';
  runRules(world, ticket, 4, [{ name: 'ticket_action', text: `{ticket_action:${text}}` }], actor);
}

function apply(ticket: Ticket, body: JsonObject): void {
  const plain = [
    'subject',
    'description',
    'status',
    'priority',
    'source',
    'type',
    'requester_id',
    'responder_id',
    'group_id',
    'product_id',
    'company_id',
    'email_config_id',
    'tags',
    'due_by',
    'fr_due_by',
  ] as const;
  const record = ticket as unknown as JsonObject;
  for (const field of plain) if (body[field] !== undefined) record[field] = body[field];
  if (isObject(body['custom_fields'])) {
    for (const [name, value] of Object.entries(body['custom_fields'])) ticket.custom_fields[name] = stored(name, value);
  }
}

/** Makes the ticket a child of `parent_id`, and no longer one of another ticket (6.3). */
function joinParent(world: FreshdeskWorld, ticket: Ticket, body: JsonObject): void {
  const parent = typeof body['parent_id'] === 'number' ? world.tickets.get(body['parent_id']) : undefined;
  if (parent === undefined || ticket.parent_id === parent.id) return;
  const former = ticket.parent_id === undefined ? undefined : world.tickets.get(ticket.parent_id);
  if (former?.children) {
    former.children = former.children.filter((id) => id !== ticket.id);
    if (former.children.length === 0) delete former.children;
    world.saveTicket(former);
  }
  ticket.parent_id = parent.id;
  parent.children = [...(parent.children ?? []), ticket.id];
  world.saveTicket(parent);
}

/** Form texts and numeric texts get the type of their field. */
function stored(name: string, value: unknown): unknown {
  const type = TICKET_FIELDS.find((field) => field.name === name)?.type;
  if (type === 'custom_decimal' && typeof value === 'string') return Number(value);
  if (type === 'custom_checkbox' && typeof value === 'string') return value === 'true';
  return value;
}

function noteStatus(ticket: Ticket, before: number, now: string): void {
  if (ticket.status === before) return;
  ticket.stats.status_updated_at = now;
  if (ticket.status === 4) ticket.stats.resolved_at = now;
  if (ticket.status === 5) ticket.stats.closed_at = now;
  ticket.stats.pending_since = ticket.status === 3 ? now : null;
  if ((before === 4 || before === 5) && ticket.status !== 4 && ticket.status !== 5) ticket.stats.reopened_at = now;
}

/** The events of an update; setting a value that is already there is none. */
function changes(before: Ticket, after: Ticket): TicketEvent[] {
  const events: TicketEvent[] = [];
  const note = (name: string, from: unknown, to: unknown): void => {
    if (JSON.stringify(from) === JSON.stringify(to)) return;
    events.push({ name, text: `{${name}:{from:${String(from)},to:${String(to)}}}` });
  };
  note('status', before.status, after.status);
  note('priority', before.priority, after.priority);
  note('ticket_type', before.type, after.type);
  note('responder_id', before.responder_id, after.responder_id);
  note('tags', before.tags, after.tags);
  note('subject', before.subject, after.subject);
  note('description', before.description, after.description);
  note('due_by', before.due_by, after.due_by);
  note('requester_id', before.requester_id, after.requester_id);
  note('attachments', before.attachments, after.attachments);
  for (const { name } of TICKET_FIELDS) note(name, before.custom_fields[name], after.custom_fields[name]);
  // Told by the name of the change where a rule names it, else as an update of whatever kind.
  if (events.length > 0) events.push({ name: 'ticket_action', text: '{ticket_action:updated}' });
  return events;
}
