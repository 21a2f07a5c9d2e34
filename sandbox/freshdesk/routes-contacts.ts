import type { JsonObject } from '../json';
import type { Answer, Call, Route } from '../pipeline';
import { CONTACT_FIELDS } from './account';
import type { IndexedField } from './contact-index';
import { CONTACT_ATTRIBUTES, createContact, hasEmail, updateContact } from './contacts';
import { FreshdeskRefusal, invalid, methodNotAllowed, notFound } from './errors';
import { presentContact } from './present';
import { pageAnswer, refuseUnknownQuery, timeOf } from './query';
import { searchAnswer } from './search';
import type { Contact } from './types';
import { writeBody } from './validation';
import type { FreshdeskWorld } from './world';

const LIST_QUERY = [
  'email',
  'mobile',
  'phone',
  'company_id',
  'state',
  'contact_type',
  'updated_since',
  '_updated_since',
  'unique_external_id',
  'page',
  'per_page',
];

/** Contacts and their search (Freshdesk contract, section 9). */
export function contactRoutes(world: FreshdeskWorld): Route[] {
  const find = (call: Call): Contact => {
    const contact = world.contacts.get(call.params['id'] ?? '');
    if (contact === undefined) throw notFound();
    return contact;
  };
  const update = (call: Call): Answer => {
    const contact = updateContact(world, find(call), writeBody(call.body, CONTACT_ATTRIBUTES), call.method);
    return { status: 200, body: presentContact(contact) };
  };
  const mark = (contact: Contact, deleted: boolean): Answer => {
    Object.assign(contact, { deleted, updated_at: world.now() });
    world.saveContact(contact);
    return { status: 204 };
  };
  return [
    { name: 'listContacts', method: 'get', path: '/api/v2/contacts', handle: (call) => list(world, call) },
    {
      name: 'createContact',
      method: 'post',
      path: '/api/v2/contacts',
      handle: (call) => {
        const contact = createContact(world, writeBody(call.body, CONTACT_ATTRIBUTES));
        return {
          status: 201,
          headers: { Location: `${call.root}/api/v2/contacts/${contact.id}` },
          body: presentContact(contact),
        };
      },
    },
    {
      name: 'autocompleteContacts',
      method: 'get',
      path: '/api/v2/contacts/autocomplete',
      handle: (call) => autocomplete(world, call),
    },
    {
      name: 'viewContact',
      method: 'get',
      path: '/api/v2/contacts/:id',
      handle: (call) => ({ status: 200, body: presentContact(find(call)) }),
    },
    { name: 'updateContact', method: 'put', path: '/api/v2/contacts/:id', handle: update },
    { name: 'patchContact', method: 'patch', path: '/api/v2/contacts/:id', handle: update },
    {
      name: 'deleteContact',
      method: 'delete',
      path: '/api/v2/contacts/:id',
      handle: (call) => {
        const contact = find(call);
        if (contact.deleted || contact.blocked) throw new FreshdeskRefusal(methodNotAllowed('DELETE', ['GET']));
        return mark(contact, true);
      },
    },
    {
      name: 'restoreContact',
      method: 'put',
      path: '/api/v2/contacts/:id/restore',
      handle: (call) => mark(find(call), false),
    },
    {
      name: 'hardDeleteContact',
      method: 'delete',
      path: '/api/v2/contacts/:id/hard_delete',
      handle: (call) => {
        const contact = find(call);
        if (!contact.deleted && call.query.get('force') !== 'true') {
          throw invalid([
            { field: 'force', message: 'The contact has to be deleted first', code: 'inconsistent_state' },
          ]);
        }
        world.removeContact(contact.id);
        for (const ticket of world.tickets.all())
          if (ticket.requester_id === contact.id) world.tickets.remove(ticket.id);
        return { status: 204 };
      },
    },
    { name: 'searchContacts', method: 'get', path: '/api/v2/search/contacts', handle: (call) => search(world, call) },
  ];
}

function list(world: FreshdeskWorld, call: Call): Answer {
  refuseUnknownQuery(call, LIST_QUERY, world.knobs.rejectUnknownQuery);
  const { query } = call;
  let externalId = query.get('unique_external_id');
  if (externalId !== null && world.knobs.externalIdFilter === 'rejected') {
    throw invalid([
      { field: 'unique_external_id', message: 'Unexpected/invalid field in request', code: 'invalid_field' },
    ]);
  }
  if (world.knobs.externalIdFilter === 'ignored') externalId = null;
  const since = timeOf(call, 'updated_since') ?? timeOf(call, '_updated_since');
  const email = query.get('email');
  const mobile = query.get('mobile');
  const phone = query.get('phone');
  const contacts = candidates(world, { email, mobile, phone, unique_external_id: externalId })
    .filter(inState(query.get('state')))
    .filter((contact) => email === null || hasEmail(contact, email))
    .filter((contact) => mobile === null || contact.mobile === mobile)
    .filter((contact) => phone === null || contact.phone === phone)
    .filter((contact) => query.get('company_id') === null || String(contact.company_id) === query.get('company_id'))
    .filter((contact) => externalId === null || contact.unique_external_id === externalId)
    .filter((contact) => since === null || Date.parse(contact.updated_at) >= since)
    .sort((a, b) => a.name.localeCompare(b.name) || a.id - b.id);
  return pageAnswer(call, contacts, presentContact);
}

/** Those whom the first of the values leaves; all of them without one. */
function candidates(world: FreshdeskWorld, values: Partial<Record<IndexedField, string | null>>): Contact[] {
  for (const [field, value] of Object.entries(values)) {
    if (value !== null) return world.contactsWith(field as IndexedField, value);
  }
  return world.contacts.all();
}

function inState(state: string | null): (contact: Contact) => boolean {
  const isLive = ({ deleted, blocked }: Contact): boolean => !deleted && !blocked;
  switch (state) {
    case null:
      return isLive;
    case 'deleted':
      return (contact) => contact.deleted;
    case 'blocked':
      return (contact) => contact.blocked;
    case 'verified':
      return (contact) => isLive(contact) && contact.active;
    case 'unverified':
      return (contact) => isLive(contact) && !contact.active;
    default:
      throw invalid([
        {
          field: 'state',
          message: "It should be one of these values: 'blocked,deleted,unverified,verified'",
          code: 'invalid_value',
        },
      ]);
  }
}

function autocomplete(world: FreshdeskWorld, call: Call): Answer {
  const term = (call.query.get('term') ?? '').toLowerCase();
  const found = world.contacts.all().filter(
    (contact) =>
      !contact.deleted &&
      contact.name
        .toLowerCase()
        .split(' ')
        .some((word) => word.startsWith(term)),
  );
  return { status: 200, body: found.map(({ id, name }) => ({ id, name })) };
}

function search(world: FreshdeskWorld, call: Call): Answer {
  const fields = [
    'active',
    'company_id',
    'twitter_id',
    'email',
    'phone',
    'mobile',
    'tag',
    'language',
    'time_zone',
    'created_at',
    'updated_at',
    ...CONTACT_FIELDS.map(({ name }) => name),
  ];
  const records = world.contacts.all().flatMap((contact): JsonObject[] => {
    const seen = world.contactIndex.seen(contact.id, contact);
    return seen === null || seen.deleted
      ? []
      : [{ ...seen.custom_fields, ...seen, tag: seen.tags, source_contact: seen }];
  });
  return searchAnswer(call, fields, records, (record) => presentContact(record['source_contact'] as Contact));
}
