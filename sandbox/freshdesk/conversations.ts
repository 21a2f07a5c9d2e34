import type { JsonObject } from '../json';
import type { Upload } from '../body';
import { storedHtml } from '../html';
import { AGENTS } from './account';
import { storeFiles } from './attachments';
import { FreshdeskRefusal, methodNotAllowed, refuseIfAny } from './errors';
import { runRules } from './rules';
import type { Actor } from './rules';
import type { Conversation, Ticket } from './types';
import { checkAttributes, missing } from './validation';
import type { AttributeType } from './validation';
import type { FreshdeskWorld } from './world';

/** What a note takes (Freshdesk contract, section 7). */
export const NOTE_ATTRIBUTES: Record<string, AttributeType> = {
  body: 'text',
  structured_body: 'object',
  private: 'boolean',
  incoming: 'boolean',
  notify_emails: 'texts',
  user_id: 'integer',
  attachments: 'files',
};

export const REPLY_ATTRIBUTES: Record<string, AttributeType> = {
  body: 'text',
  from_email: 'text',
  user_id: 'integer',
  cc_emails: 'texts',
  bcc_emails: 'texts',
  attachments: 'files',
};

/** Adds a note (private unless said otherwise) or a public reply; not idempotent, like the real one. */
export function addConversation(
  world: FreshdeskWorld,
  ticket: Ticket,
  kind: 'note' | 'reply',
  body: JsonObject,
  files: Upload[],
  actor: Actor,
): Conversation {
  if (ticket.deleted || ticket.spam) {
    if (world.knobs.noteOnDeletedTicket === 404) throw new FreshdeskRefusal({ status: 404 });
    throw new FreshdeskRefusal(methodNotAllowed('POST', ['GET']));
  }
  const problems = checkAttributes(body, kind === 'note' ? NOTE_ATTRIBUTES : REPLY_ATTRIBUTES);
  if (typeof body['body'] !== 'string' || body['body'] === '') problems.push(missing('body'));
  const author = typeof body['user_id'] === 'number' ? body['user_id'] : (actor.id ?? ticket.requester_id);
  if (world.contacts.get(author) === undefined && !AGENTS.some(({ id }) => id === author)) {
    problems.push({ field: 'user_id', message: 'There is no user matching the given user_id', code: 'invalid_value' });
  }
  refuseIfAny(problems);
  const now = world.now();
  const conversation = world.addConversation({
    id: world.nextId(),
    ticket_id: ticket.id,
    user_id: author,
    incoming: kind === 'reply' ? actor.performer === 'requester' : body['incoming'] === true,
    private: kind === 'note' && body['private'] !== false,
    source: kind === 'reply' ? 0 : 2,
    body: storedHtml(body['body'] as string),
    to_emails: [],
    attachments: storeFiles(world, files).map(({ id }) => id),
    created_at: now,
    updated_at: now,
    last_edited_at: null,
  });
  const byRequester = actor.performer === 'requester';
  if (kind === 'reply') {
    if (byRequester) ticket.stats.requester_responded_at = now;
    else {
      ticket.stats.agent_responded_at = now;
      ticket.stats.first_responded_at ??= now;
    }
  }
  ticket.updated_at = now;
  world.saveTicket(ticket);
  const text = kind === 'reply' ? '{reply_sent:sent}' : `{note_type:${conversation.private ? 'private' : 'public'}}`;
  runRules(world, ticket, 4, [{ name: kind === 'reply' ? 'reply_sent' : 'note_type', text }], actor);
  return conversation;
}
