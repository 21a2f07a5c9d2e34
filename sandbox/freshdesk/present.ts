import { createHmac } from 'node:crypto';

import type { JsonObject } from '../json';
import { plainText } from '../html';
import { AGENTS, TICKET_FIELDS } from './account';
import type { Company, Contact, Conversation, Ticket } from './types';
import type { FreshdeskWorld } from './world';

const ATTACHMENT_SECONDS = 300;

/** A ticket in the API's form (Freshdesk contract 6.1), without embeds. `root` is where attachment links lead. */
export function presentTicket(world: FreshdeskWorld, ticket: Ticket, root: string): JsonObject {
  const {
    stats: _stats,
    deleted,
    attachments,
    custom_fields,
    dueLater: _dueLater,
    parent_id,
    children,
    ...rest
  } = ticket;
  return stamped(world, {
    ...rest,
    description_text: plainText(ticket.description),
    structured_description: null,
    support_email: null,
    fwd_emails: [],
    reply_cc_emails: ticket.cc_emails,
    ticket_cc_emails: ticket.cc_emails,
    ticket_bcc_emails: [],
    to_emails: null,
    fr_escalated: false,
    is_escalated: false,
    nr_escalated: false,
    nr_due_by: null,
    ...association(parent_id, children),
    source_additional_info: null,
    custom_fields: customFields(world, custom_fields),
    attachments: attachments.flatMap((id) => presentFile(world, id, root) ?? []),
    ...(deleted ? { deleted } : {}),
  });
}

/** 1 is a parent, which lists its children, and 2 a child, which lists its parent (6.1). */
function association(parent: number | undefined, children: number[] | undefined): JsonObject {
  const type = parent !== undefined ? 2 : children !== undefined ? 1 : null;
  return { association_type: type, associated_tickets_list: parent !== undefined ? [parent] : (children ?? null) };
}

/** Timestamps as the knob asks for: an offset names the same moment. */
function stamped(world: FreshdeskWorld, record: JsonObject): JsonObject {
  if (world.knobs.timestamps === 'utc') return record;
  const inIndia = (iso: string): string =>
    `${new Date(Date.parse(iso) + 330 * 60_000).toISOString().slice(0, 19)}+05:30`;
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) =>
      /_(at|by)$/.test(name) && typeof value === 'string' ? [name, inIndia(value)] : [name, value],
    ),
  );
}

/** A ticket in a list: no attachments, a description only when asked for (6.4). */
export function presentListed(world: FreshdeskWorld, ticket: Ticket, include: string[], root: string): JsonObject {
  const { description, description_text, attachments: _attachments, ...rest } = presentTicket(world, ticket, root);
  return {
    ...rest,
    ...(include.includes('description') ? { description, description_text } : {}),
    ...embeds(
      world,
      ticket,
      include.filter((name) => name !== 'conversations'),
      root,
    ),
  };
}

/** What `include` adds (6.2). */
export function embeds(world: FreshdeskWorld, ticket: Ticket, include: string[], root: string): JsonObject {
  const result: JsonObject = {};
  if (include.includes('requester')) result['requester'] = person(world, ticket.requester_id);
  if (include.includes('company')) {
    const company = ticket.company_id === null ? undefined : world.companies.get(ticket.company_id);
    const absent = world.knobs.absentCompany === 'null' ? null : {};
    result['company'] = company === undefined ? absent : { id: company.id, name: company.name };
  }
  if (include.includes('conversations')) {
    const first = world.conversationsOf(ticket.id).slice(0, 10);
    result['conversations'] = first.map((conversation) => presentConversation(world, conversation, root));
  }
  if (include.includes('stats')) result['stats'] = ticket.stats;
  return result;
}

function person(world: FreshdeskWorld, id: number): JsonObject {
  const contact = world.contacts.get(id);
  if (contact !== undefined) {
    const { name, email, mobile, phone } = contact;
    return { id, name, email, mobile, phone };
  }
  const agent = AGENTS.find((candidate) => candidate.id === id);
  return { id, name: agent?.name ?? null, email: agent?.email ?? null, mobile: null, phone: null };
}

export function presentConversation(world: FreshdeskWorld, conversation: Conversation, root: string): JsonObject {
  const { attachments, last_edited_at, ...rest } = conversation;
  return stamped(world, {
    ...rest,
    body_text: plainText(conversation.body),
    structured_body: null,
    support_email: `support@${world.parts.account}.freshdesk.com`,
    from_email: null,
    cc_emails: [],
    bcc_emails: [],
    last_edited_at,
    last_edited_user_id: null,
    attachments: attachments.flatMap((id) => presentFile(world, id, root) ?? []),
  });
}

/** A file with a link that works for 300 s (section 8). */
export function presentFile(world: FreshdeskWorld, id: number, root: string): JsonObject | null {
  const file = world.files.get(id);
  if (file === undefined) return null;
  const issued = Math.floor(world.clock.now() / 1000);
  const query = `X-Amz-Date=${issued}&X-Amz-Expires=${ATTACHMENT_SECONDS}&X-Amz-Signature=${fileSignature(world, id, issued)}`;
  return {
    id,
    name: file.name,
    content_type: file.content_type,
    [world.knobs.attachmentSize]: file.size,
    attachment_url: `${root}/attachments/${id}/${encodeURIComponent(file.name)}?${query}`,
    created_at: file.created_at,
    updated_at: file.created_at,
  };
}

export const fileSignature = (world: FreshdeskWorld, id: number, issued: number): string =>
  createHmac('sha256', world.parts.apiKey).update(`${id}:${issued}`).digest('hex');

/** Whether a link is genuine and still valid. */
export function fileLinkHolds(world: FreshdeskWorld, id: number, query: URLSearchParams): boolean {
  const issued = Number(query.get('X-Amz-Date'));
  const fresh = world.clock.now() / 1000 < issued + ATTACHMENT_SECONDS;
  return fresh && query.get('X-Amz-Signature') === fileSignature(world, id, issued);
}

/** A contact in the API's form (9.1). */
export function presentContact(contact: Contact): JsonObject {
  const { blocked: _blocked, ...rest } = contact;
  const [first, ...others] = contact.name.split(' ');
  return {
    ...rest,
    other_companies: [],
    contact_type: 'contact',
    avatar: null,
    first_name: first ?? contact.name,
    last_name: others.length > 0 ? others.join(' ') : null,
    social_handler: [],
    other_phone_numbers: [],
  };
}

export const presentCompany = (company: Company): JsonObject => ({ ...company });

function customFields(world: FreshdeskWorld, values: JsonObject): JsonObject {
  const { decimalAsText, unsetCheckbox } = world.knobs;
  if (!decimalAsText && unsetCheckbox === 'null') return values;
  const typeOf = (name: string): string | undefined => TICKET_FIELDS.find((field) => field.name === name)?.type;
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const type = typeOf(name);
      if (type === 'custom_checkbox' && value === null && unsetCheckbox === 'false') return [name, false];
      return [name, decimalAsText && type === 'custom_decimal' && typeof value === 'number' ? value.toFixed(2) : value];
    }),
  );
}
