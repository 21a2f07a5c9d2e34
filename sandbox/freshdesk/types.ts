import type { JsonObject } from '../json';

/** Who makes a change: decides which automation rules see it (Freshdesk contract 12.1). */
export type Performer = 'agent' | 'requester' | 'api' | 'system';

/** A ticket as it is kept; the API's form is made by `presentTicket`. */
export interface Ticket {
  id: number;
  subject: string | null;
  /** HTML. */
  description: string;
  status: number;
  priority: number;
  source: number;
  type: string | null;
  requester_id: number;
  responder_id: number | null;
  group_id: number | null;
  product_id: number | null;
  company_id: number | null;
  email_config_id: number | null;
  cc_emails: string[];
  tags: string[];
  custom_fields: JsonObject;
  attachments: number[];
  spam: boolean;
  deleted: boolean;
  due_by: string | null;
  fr_due_by: string | null;
  /** Due dates that "system" will set, and when, in ms since 1970; absent once they are set. */
  dueLater?: { at: number; due_by: string; fr_due_by: string };
  /** The ticket that this one is a child of, and the children of this one; absent: none. */
  parent_id?: number;
  children?: number[];
  stats: TicketStats;
  created_at: string;
  updated_at: string;
}

export interface TicketStats {
  closed_at: string | null;
  resolved_at: string | null;
  first_responded_at: string | null;
  agent_responded_at: string | null;
  requester_responded_at: string | null;
  status_updated_at: string | null;
  reopened_at: string | null;
  pending_since: string | null;
}

export interface Conversation {
  id: number;
  ticket_id: number;
  user_id: number;
  incoming: boolean;
  private: boolean;
  /** 0 reply, 2 note. */
  source: number;
  body: string;
  to_emails: string[];
  attachments: number[];
  created_at: string;
  updated_at: string;
  last_edited_at: string | null;
}

/** A stored file. `content` is base64. */
export interface StoredFile {
  id: number;
  name: string;
  content_type: string;
  size: number;
  content: string;
  created_at: string;
}

export interface Contact {
  id: number;
  name: string;
  email: string | null;
  phone: string | null;
  mobile: string | null;
  twitter_id: string | null;
  facebook_id: string | null;
  unique_external_id: string | null;
  job_title: string | null;
  address: string | null;
  description: string | null;
  company_id: number | null;
  view_all_tickets: boolean;
  other_emails: string[];
  custom_fields: JsonObject;
  tags: string[];
  language: string;
  time_zone: string;
  active: boolean;
  deleted: boolean;
  blocked: boolean;
  created_at: string;
  updated_at: string;
}

export interface Company {
  id: number;
  name: string;
  description: string | null;
  note: string | null;
  domains: string[];
  custom_fields: JsonObject;
  health_score: string | null;
  account_tier: string | null;
  renewal_date: string | null;
  industry: string | null;
  created_at: string;
  updated_at: string;
}

export interface Agent {
  id: number;
  name: string;
  email: string;
}

/** An automation rule with the action "Trigger webhook" (Freshdesk contract 12.1). */
export interface AutomationRule {
  id: number;
  name: string;
  /** 1 ticket creation, 4 ticket update. */
  type: 1 | 4;
  active: boolean;
  /** 1 agent (optionally only `members`), 2 requester, 3 agent or requester, 4 system. */
  performer: { type: 1 | 2 | 3 | 4; members?: number[] };
  /** Any of them makes an update rule run; empty = every change. */
  events: RuleEvent[];
  match: 'any' | 'all';
  conditions: RuleCondition[];
  /** Conditions as the API took them, which it shows again; those of a rule that was not made through it are left out. */
  sentConditions?: unknown[];
  webhook: RuleWebhook;
}

/** An event as the API writes it. Names as in `triggered_event`, e.g. `status`, `note_type`, `ticket_action`; `--` is any. */
export interface RuleEvent {
  field_name: string;
  from?: string;
  to?: string;
  value?: string;
}

export interface RuleCondition {
  /** `status`, `priority`, `type`, `tags`, `subject`, or a custom field's name. */
  field: string;
  operator: 'is' | 'is_not' | 'contains' | 'is_empty' | 'is_not_empty';
  value?: string | number | boolean;
}

export interface RuleWebhook {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET';
  /** May start with `{deskbridge}`, the address of Deskbridge at the time of sending. */
  url: string;
  contentType: 'JSON' | 'FORM';
  headers: Record<string, string>;
  /** Sent as Basic user, or user and password. */
  auth: { user: string; password: string } | null;
  /** Advanced: a text with placeholders. Simple: the placeholders to send, e.g. `ticket.id`. */
  content: { advanced: string } | { simple: string[] };
}
