import { isObject } from '../json';
import type { JsonObject } from '../json';
import { AGENTS, CONTACT_FIELDS } from './account';
import { conflict, FreshdeskRefusal, methodNotAllowed, refuseIfAny } from './errors';
import type { IndexedField } from './contact-index';
import type { FieldProblem } from './errors';
import type { Contact } from './types';
import { checkAttributes, checkCustomFields, missing, tooLong } from './validation';
import type { AttributeType } from './validation';
import type { FreshdeskWorld } from './world';

/** What create and update take (Freshdesk contract 9.2). */
export const CONTACT_ATTRIBUTES: Record<string, AttributeType> = {
  name: 'text',
  email: 'text',
  phone: 'text',
  mobile: 'text',
  twitter_id: 'text',
  social_handler: 'list',
  unique_external_id: 'text',
  other_emails: 'texts',
  company_id: 'integer',
  view_all_tickets: 'boolean',
  other_companies: 'list',
  address: 'text',
  avatar: 'files',
  custom_fields: 'object',
  description: 'text',
  job_title: 'text',
  language: 'text',
  tags: 'texts',
  time_zone: 'text',
  lookup_parameter: 'text',
};
const IDENTITIES = ['email', 'phone', 'mobile', 'twitter_id', 'unique_external_id', 'social_handler'];
const SHORT = ['name', 'email', 'phone', 'mobile', 'job_title', 'unique_external_id'];

/** Creates a contact; 400 with all complaints, 409 when a unique value is taken (9.2). */
export function createContact(world: FreshdeskWorld, body: JsonObject): Contact {
  const problems = checkContact(world, body);
  if (typeof body['name'] !== 'string' || body['name'] === '') problems.push(missing('name'));
  if (!IDENTITIES.some((field) => body[field] !== undefined && body[field] !== null && body[field] !== '')) {
    problems.push(missing('email'));
  }
  refuseIfAny(problems);
  refuseTaken(world, body, null);
  const now = world.now();
  const contact: Contact = {
    id: world.nextId(),
    name: '',
    email: null,
    phone: null,
    mobile: null,
    twitter_id: null,
    facebook_id: null,
    unique_external_id: null,
    job_title: null,
    address: null,
    description: null,
    company_id: null,
    view_all_tickets: false,
    other_emails: [],
    custom_fields: Object.fromEntries(CONTACT_FIELDS.map(({ name }) => [name, null])),
    tags: [],
    language: 'en',
    time_zone: 'UTC',
    active: false,
    deleted: false,
    blocked: false,
    created_at: now,
    updated_at: now,
  };
  apply(contact, body);
  if (body['company_id'] === undefined) contact.company_id = companyByDomain(world, contact.email);
  return world.saveContact(contact);
}

/** Changes only what is sent (9.3); 405 for deleted and blocked contacts. */
export function updateContact(world: FreshdeskWorld, contact: Contact, body: JsonObject, method = 'PUT'): Contact {
  if (contact.deleted || contact.blocked) throw new FreshdeskRefusal(methodNotAllowed(method, ['GET']));
  refuseIfAny(checkContact(world, body));
  refuseTaken(world, body, contact.id);
  apply(contact, body);
  contact.updated_at = world.now();
  return world.saveContact(contact);
}

/** The requester a new ticket names: by id, else by the first identity that is known, else a new contact. */
export function requesterFor(world: FreshdeskWorld, body: JsonObject): { id: number; companyId: number | null } {
  const id = body['requester_id'];
  if (typeof id === 'number') return { id, companyId: world.contacts.get(id)?.company_id ?? null };
  for (const field of ['email', 'phone', 'twitter_id', 'unique_external_id'] as const) {
    const value = body[field];
    if (typeof value !== 'string') continue;
    const holder = holderOf(world, field, value);
    if (holder !== null) return { id: holder, companyId: world.contacts.get(holder)?.company_id ?? null };
  }
  const name = body['name'] ?? body['email'] ?? body['phone'] ?? 'Unknown';
  const fields = ['email', 'phone', 'twitter_id', 'unique_external_id'].filter(
    (field) => typeof body[field] === 'string',
  );
  const contact = createContact(world, { name, ...Object.fromEntries(fields.map((field) => [field, body[field]])) });
  return { id: contact.id, companyId: contact.company_id };
}

/** Whether an e-mail belongs to the contact, as first or other address. */
export const hasEmail = (contact: Contact, email: string): boolean => {
  const wanted = email.toLowerCase();
  return contact.email === wanted || contact.other_emails.some((other) => other.toLowerCase() === wanted);
};

function checkContact(world: FreshdeskWorld, body: JsonObject): FieldProblem[] {
  const problems = checkAttributes(body, CONTACT_ATTRIBUTES, ['name', 'tags', 'other_emails', 'custom_fields']);
  problems.push(...checkCustomFields(body['custom_fields'], CONTACT_FIELDS));
  const { email, company_id: companyId } = body;
  if (typeof email === 'string' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) {
    problems.push({
      field: 'email',
      message: "It should be in the 'valid email address' format",
      code: 'invalid_value',
    });
  }
  if (typeof companyId === 'number' && world.companies.get(companyId) === undefined) {
    problems.push({
      field: 'company_id',
      message: 'There is no company matching the given company_id',
      code: 'invalid_value',
    });
  }
  for (const field of SHORT) {
    const value = body[field];
    if (typeof value === 'string' && value.length > 255) problems.push(tooLong(field));
  }
  return problems;
}

/** All clashes in one 409, each with its holder (9.4). */
function refuseTaken(world: FreshdeskWorld, body: JsonObject, ownId: number | null): void {
  const unique: IndexedField[] = ['email', 'twitter_id', 'unique_external_id'];
  if (world.knobs.uniqueMobile) unique.push('mobile');
  if (world.knobs.uniquePhone) unique.push('phone');
  const clashes: FieldProblem[] = [];
  for (const field of unique) {
    const value = body[field];
    if (typeof value !== 'string' || value === '') continue;
    const holder = holderOf(world, field, value);
    if (holder === null || holder === ownId) continue;
    clashes.push({
      field,
      ...(world.knobs.conflictNamesHolder ? { additional_info: { user_id: holder } } : {}),
      message: 'It should be a unique value',
      code: 'duplicate_value',
    });
  }
  if (clashes.length > 0) throw conflict(clashes);
}

/** Deleted and blocked contacts and agents hold their values too. */
function holderOf(world: FreshdeskWorld, field: IndexedField, value: string): number | null {
  if (field === 'email') {
    const agent = AGENTS.find((candidate) => candidate.email === value.toLowerCase());
    if (agent !== undefined) return agent.id;
  }
  return world.contactsWith(field, value)[0]?.id ?? null;
}

function apply(contact: Contact, body: JsonObject): void {
  const record = contact as unknown as JsonObject;
  for (const field of Object.keys(CONTACT_ATTRIBUTES)) {
    const kept = field !== 'custom_fields' && Object.hasOwn(contact, field);
    if (kept && body[field] !== undefined) record[field] = body[field];
  }
  if (contact.email !== null) contact.email = contact.email.toLowerCase();
  if (isObject(body['custom_fields'])) Object.assign(contact.custom_fields, body['custom_fields']);
}

function companyByDomain(world: FreshdeskWorld, email: string | null): number | null {
  const domain = email?.split('@')[1];
  if (domain === undefined) return null;
  return world.companies.all().find((company) => company.domains.includes(domain))?.id ?? null;
}
