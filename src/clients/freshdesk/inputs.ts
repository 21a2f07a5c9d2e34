/** What may be sent to Freshdesk. Any other attribute would be a 400 `invalid_field`, so only the lists below leave. */
import type { FileSource } from '../multipart';

export type CustomFieldValue = string | number | boolean | string[] | null;

const TICKET_ATTRIBUTES = [
  'subject',
  'description',
  'type',
  'status',
  'priority',
  'responder_id',
  'group_id',
  'product_id',
  'due_by',
  'fr_due_by',
  'tags',
  'custom_fields',
] as const;

/** Contract 6.3: only what is given changes; `tags` replaces the whole list, `custom_fields` the keys given. */
export interface TicketPatch {
  subject?: string;
  /** HTML. */
  description?: string;
  type?: string | null;
  status?: number;
  priority?: number;
  responder_id?: number | null;
  group_id?: number | null;
  product_id?: number | null;
  due_by?: string;
  fr_due_by?: string;
  tags?: string[];
  custom_fields?: Record<string, CustomFieldValue>;
}

const CONTACT_ATTRIBUTES = [
  'name',
  'email',
  'phone',
  'mobile',
  'twitter_id',
  'unique_external_id',
  'other_emails',
  'company_id',
  'address',
  'description',
  'job_title',
  'language',
  'time_zone',
  'tags',
  'custom_fields',
] as const;

/** Contract 9.2. Create needs `name` and one of the identifying values; null clears a field on update. */
export interface ContactAttributes {
  name?: string;
  email?: string | null;
  phone?: string | null;
  mobile?: string | null;
  twitter_id?: string | null;
  unique_external_id?: string | null;
  other_emails?: string[];
  company_id?: number | null;
  address?: string | null;
  description?: string | null;
  job_title?: string | null;
  language?: string;
  time_zone?: string;
  tags?: string[];
  custom_fields?: Record<string, CustomFieldValue>;
}

/** Contract 7. Not idempotent: a repeated call makes a second note. */
export interface NoteInput {
  /** HTML. */
  body: string;
  private: boolean;
  attachments?: readonly FileSource[];
}

export type TicketInclude = 'requester' | 'company' | 'conversations' | 'stats';

/** Contract 6.4. Without `updatedSince` Freshdesk leaves out tickets older than 30 days. */
export interface ListTicketsInput {
  /** Without it deleted tickets and spam are left out; with it there is nothing else. */
  filter?: 'deleted' | 'spam';
  /** ISO 8601. */
  updatedSince?: string;
  orderBy: 'created_at' | 'due_by' | 'updated_at' | 'status';
  orderType: 'asc' | 'desc';
  /** From 1, at most 300. */
  page: number;
  /** At most 100. */
  perPage: number;
  include?: readonly ('stats' | 'requester' | 'description')[];
}

/** One page of a list; `hasMore` follows the `Link` header. */
export interface Page<T> {
  items: T[];
  hasMore: boolean;
}

export function ticketBody(patch: TicketPatch): Record<string, unknown> {
  return pick(patch, TICKET_ATTRIBUTES);
}

export function contactBody(attributes: ContactAttributes): Record<string, unknown> {
  return pick(attributes, CONTACT_ATTRIBUTES);
}

function pick<T extends object, K extends string & keyof T>(given: T, allowed: readonly K[]): Record<string, unknown> {
  return Object.fromEntries(allowed.filter((key) => given[key] !== undefined).map((key) => [key, given[key]]));
}

/** A field that agents fill; customers neither see nor edit it. */
export interface NewField {
  label: string;
  type: 'custom_text' | 'custom_date' | 'custom_decimal';
}

/** The list of ticket attributes has `displayed_to_customers`; what contact fields call it is not sent: false is its default. */
export const ticketFieldBody = (field: NewField): Record<string, unknown> => ({
  ...contactFieldBody(field),
  ...{ displayed_to_customers: false, customers_can_edit: false },
});

export const contactFieldBody = ({ label, type }: NewField): Record<string, unknown> => ({
  ...{ label, label_for_customers: label, type },
});
