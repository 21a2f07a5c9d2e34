/** What Freshdesk answers (contract 6 to 11): wire names kept, unknown fields passed on, absent values null. */
import { z } from 'zod';
import { asRecord } from '../coerce';
import {
  allItems,
  boolean,
  id,
  ids,
  isoTime,
  items,
  maybe,
  number,
  optionalId,
  record,
  requiredNumber,
  text,
  texts,
} from '../lenient';

/** Contract 8. `attachment_url` is pre-signed and lives about 5 minutes: fetch promptly, never store it. */
export const attachmentSchema = z.preprocess(
  // Old samples call the size so.
  (value) => {
    const file = asRecord(value);
    return file && file.size === undefined ? { ...file, size: file.file_size } : value;
  },
  z.looseObject({
    id,
    name: text,
    content_type: text,
    /** Bytes. */
    size: number,
    attachment_url: text,
  }),
);
export type Attachment = z.output<typeof attachmentSchema>;

/** A note, reply or message of a ticket (contract 7). `source` 2 is a note. */
export const conversationSchema = z.looseObject({
  id,
  ticket_id: optionalId,
  user_id: optionalId,
  body: text,
  body_text: text,
  private: boolean,
  incoming: boolean,
  source: number,
  from_email: text,
  attachments: items(attachmentSchema),
  created_at: isoTime,
  updated_at: isoTime,
});
export type Conversation = z.output<typeof conversationSchema>;

const requesterSchema = z.looseObject({ id, name: text, email: text, mobile: text, phone: text });
export type Requester = z.output<typeof requesterSchema>;

const statsSchema = z.looseObject({
  closed_at: isoTime,
  resolved_at: isoTime,
  first_responded_at: isoTime,
  status_updated_at: isoTime,
});

/** Contract 6.1 and 6.2. Times are ISO 8601 in UTC; embeds are null (`conversations` empty) unless asked for. */
export const ticketSchema = z.looseObject({
  id,
  /** Open set of numbers: 2 open, 3 pending, 4 resolved, 5 closed, others per account (contract 6.5). */
  status: requiredNumber,
  priority: number,
  source: number,
  subject: text,
  type: text,
  description: text,
  description_text: text,
  requester_id: optionalId,
  responder_id: optionalId,
  group_id: optionalId,
  product_id: optionalId,
  company_id: optionalId,
  tags: texts,
  /** Keys as Freshdesk writes them (`cf_…`); values untouched. */
  custom_fields: record,
  attachments: items(attachmentSchema),
  spam: boolean,
  deleted: boolean,
  /** 1 parent, 2 child, 3 tracker, 4 related; null: none, or not told (contract 6.3). */
  association_type: number,
  associated_tickets_list: ids,
  due_by: isoTime,
  fr_due_by: isoTime,
  created_at: isoTime,
  updated_at: isoTime,
  requester: maybe(requesterSchema),
  company: maybe(z.looseObject({ id, name: text })),
  conversations: items(conversationSchema),
  stats: maybe(statsSchema),
});
export type Ticket = z.output<typeof ticketSchema>;

/** Contract 5. */
export const foundTicketsSchema = z.looseObject({ total: requiredNumber, results: allItems(ticketSchema) });

/** Contract 9.1. Keys of `custom_fields` have no `cf_` prefix here. */
export const contactSchema = z.looseObject({
  id,
  name: text,
  email: text,
  phone: text,
  mobile: text,
  twitter_id: text,
  unique_external_id: text,
  job_title: text,
  address: text,
  description: text,
  language: text,
  time_zone: text,
  company_id: optionalId,
  other_emails: texts,
  tags: texts,
  custom_fields: record,
  active: boolean,
  deleted: boolean,
  created_at: isoTime,
  updated_at: isoTime,
});
export type Contact = z.output<typeof contactSchema>;

/** Contract 10. */
export const companySchema = z.looseObject({
  id,
  name: text,
  description: text,
  note: text,
  domains: texts,
  custom_fields: record,
});
export type Company = z.output<typeof companySchema>;

/** The key's own agent (contract 11). `ticket_scope`: 1 global, 2 group, 3 restricted. */
export const agentSchema = z.looseObject({
  id,
  type: text,
  ticket_scope: number,
  group_ids: items(id),
  contact: maybe(z.looseObject({ name: text, email: text, active: boolean, time_zone: text })),
});
export type Agent = z.output<typeof agentSchema>;
