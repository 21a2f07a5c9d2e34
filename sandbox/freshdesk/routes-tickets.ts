import type { Answer, Call, Route } from '../pipeline';
import type { JsonObject } from '../json';
import { BOT, TICKET_FIELDS } from './account';
import { addConversation, NOTE_ATTRIBUTES, REPLY_ATTRIBUTES } from './conversations';
import { invalid, notFound } from './errors';
import { embeds, presentConversation, presentListed, presentTicket } from './present';
import { includesOf, pageAnswer, refuseUnknownQuery } from './query';
import type { Actor } from './rules';
import { searchAnswer } from './search';
import { listTickets } from './ticket-list';
import { CREATE_ATTRIBUTES, TICKET_ATTRIBUTES } from './ticket-input';
import { createTicket, markTicket, updateTicket } from './tickets';
import type { Ticket } from './types';
import { writeBody } from './validation';
import type { FreshdeskWorld } from './world';

const VIEW_INCLUDES = ['requester', 'company', 'conversations', 'stats'];
const API: Actor = { performer: 'api', id: BOT.id };

const includeCount = (call: Call): number => (call.query.get('include') ?? '').split(',').filter(Boolean).length;

/** Tickets, conversations and ticket search (Freshdesk contract, sections 6 and 7). */
export function ticketRoutes(world: FreshdeskWorld): Route[] {
  const update = (call: Call): Answer => {
    const body = writeBody(call.body, TICKET_ATTRIBUTES);
    const ticket = updateTicket(world, world.ticket(call.params['id']), body, call.body.files, API, call.method);
    return { status: 200, body: presentTicket(world, ticket, call.root) };
  };
  return [
    {
      name: 'listTickets',
      method: 'get',
      path: '/api/v2/tickets',
      credits: (call) => 1 + 2 * includeCount(call),
      handle: (call) => listTickets(world, call),
    },
    {
      name: 'createTicket',
      method: 'post',
      path: '/api/v2/tickets',
      handle: (call) => {
        const ticket = createTicket(world, writeBody(call.body, CREATE_ATTRIBUTES), call.body.files, API);
        return {
          status: 201,
          headers: { Location: `${call.root}/api/v2/tickets/${ticket.id}` },
          body: presentTicket(world, ticket, call.root),
        };
      },
    },
    {
      name: 'viewTicket',
      method: 'get',
      path: '/api/v2/tickets/:id',
      credits: (call) => 1 + includeCount(call),
      handle: (call) => view(world, call),
    },
    { name: 'updateTicket', method: 'put', path: '/api/v2/tickets/:id', handle: update },
    { name: 'patchTicket', method: 'patch', path: '/api/v2/tickets/:id', handle: update },
    {
      name: 'deleteTicket',
      method: 'delete',
      path: '/api/v2/tickets/:id',
      handle: (call) => {
        const ticket = world.ticket(call.params['id']);
        markTicket(world, ticket, { deleted: true }, API);
        return { status: 204 };
      },
    },
    {
      name: 'restoreTicket',
      method: 'put',
      path: '/api/v2/tickets/:id/restore',
      handle: (call) => {
        const ticket = world.ticket(call.params['id']);
        if (!ticket.deleted) throw notFound();
        markTicket(world, ticket, { deleted: false }, API);
        return { status: 204 };
      },
    },
    {
      name: 'addNote',
      method: 'post',
      path: '/api/v2/tickets/:id/notes',
      handle: (call) => converse(world, call, 'note'),
    },
    {
      name: 'addReply',
      method: 'post',
      path: '/api/v2/tickets/:id/reply',
      handle: (call) => converse(world, call, 'reply'),
    },
    {
      name: 'listConversations',
      method: 'get',
      path: '/api/v2/tickets/:id/conversations',
      handle: (call) => {
        const ticket = world.ticket(call.params['id']);
        return pageAnswer(
          call,
          world.conversationsOf(ticket.id),
          (item) => presentConversation(world, item, call.root),
          { link: world.knobs.linkHeader },
        );
      },
    },
    {
      name: 'updateConversation',
      method: 'put',
      path: '/api/v2/conversations/:id',
      handle: (call) => editNote(world, call),
    },
    {
      name: 'deleteConversation',
      method: 'delete',
      path: '/api/v2/conversations/:id',
      handle: (call) => {
        const conversation = world.conversations.get(call.params['id'] ?? '');
        if (conversation === undefined) throw notFound();
        world.removeConversation(conversation);
        return { status: 204 };
      },
    },
    { name: 'searchTickets', method: 'get', path: '/api/v2/search/tickets', handle: (call) => search(world, call) },
  ];
}

function view(world: FreshdeskWorld, call: Call): Answer {
  refuseUnknownQuery(call, ['include'], world.knobs.rejectUnknownQuery);
  const include = includesOf(call, VIEW_INCLUDES);
  const ticket = world.ticket(call.params['id']);
  return {
    status: 200,
    body: { ...presentTicket(world, ticket, call.root), ...embeds(world, ticket, include, call.root) },
  };
}

function converse(world: FreshdeskWorld, call: Call, kind: 'note' | 'reply'): Answer {
  const ticket = world.ticket(call.params['id']);
  const body = writeBody(call.body, kind === 'note' ? NOTE_ATTRIBUTES : REPLY_ATTRIBUTES);
  const conversation = addConversation(world, ticket, kind, body, call.body.files, API);
  const { to_emails: to, support_email: support, ...shown } = presentConversation(world, conversation, call.root);
  const recorded = world.knobs.noteAnswer === 'recorded';
  return {
    status: 201,
    headers: { Location: `${call.root}/api/v2/conversations/${conversation.id}` },
    body: {
      ...shown,
      ...(recorded ? { to_emails: to, support_email: support } : { notified_to: to, support_email: null }),
    },
  };
}

function editNote(world: FreshdeskWorld, call: Call): Answer {
  const conversation = world.conversations.get(call.params['id'] ?? '');
  if (conversation === undefined) throw notFound();
  const { body } = writeBody(call.body, { body: 'text', attachments: 'files' });
  if (conversation.source !== 2 || typeof body !== 'string') {
    throw invalid([{ field: 'body', message: 'Only notes can be changed', code: 'invalid_value' }]);
  }
  Object.assign(conversation, { body, updated_at: world.now(), last_edited_at: world.now() });
  world.conversations.save(conversation);
  return { status: 200, body: presentConversation(world, conversation, call.root) };
}

function search(world: FreshdeskWorld, call: Call): Answer {
  const custom = TICKET_FIELDS.map(({ name }) => name);
  const fields = [
    'agent_id',
    'group_id',
    'priority',
    'status',
    'tag',
    'type',
    'due_by',
    'fr_due_by',
    'created_at',
    'updated_at',
    ...custom,
  ];
  const records = world.tickets.all().flatMap((ticket): JsonObject[] => {
    const seen = world.ticketIndex.seen(ticket.id, ticket);
    if (seen === null || seen.deleted || seen.spam) return [];
    return [{ ...seen.custom_fields, ...seen, agent_id: seen.responder_id, tag: seen.tags, source_ticket: seen }];
  });
  return searchAnswer(call, fields, records, (record) =>
    presentListed(world, record['source_ticket'] as Ticket, ['description'], call.root),
  );
}
