import type { Agent, AutomationRule, RuleEvent } from './types';

/** A custom field of the sandbox account. */
export interface FieldDefinition {
  name: string;
  label: string;
  type: string;
  choices?: string[];
}

/** The key's agent; its API writes are an agent's (Freshdesk contract 12.4). */
export const BOT: Agent = { id: 158017609801, name: 'Dispatch Bot', email: 'bot@acme.example' };
export const ROBIN: Agent = { id: 158017609802, name: 'Robin Cole', email: 'robin@acme.example' };
export const AGENTS: readonly Agent[] = [BOT, ROBIN];

export const GROUP_ID = 158000830635;
export const FIELD_SERVICE_REQUIRED = 8;

/** Status number → agent label, customer label. */
export const STATUSES: ReadonlyMap<number, readonly [string, string]> = new Map([
  [2, ['Open', 'Being Processed']],
  [3, ['Pending', 'Awaiting your Reply']],
  [4, ['Resolved', 'This ticket has been Resolved']],
  [5, ['Closed', 'This ticket has been Closed']],
  [6, ['Waiting on Customer', 'Awaiting your Reply']],
  [7, ['Waiting on Third Party', 'Being Processed']],
  [FIELD_SERVICE_REQUIRED, ['Field Service Required', 'A technician is being arranged']],
]);
export const PRIORITIES: ReadonlyMap<number, string> = new Map([
  [1, 'Low'],
  [2, 'Medium'],
  [3, 'High'],
  [4, 'Urgent'],
]);
export const SOURCES: ReadonlyMap<number, string> = new Map([
  [1, 'Email'],
  [2, 'Portal'],
  [3, 'Phone'],
  [7, 'Chat'],
  [9, 'Feedback Widget'],
  [10, 'Outbound Email'],
]);
export const TICKET_TYPES: readonly string[] = ['Question', 'Incident', 'Problem', 'Feature Request', 'Service Task'];

export const TICKET_FIELDS: readonly FieldDefinition[] = [
  { name: 'cf_work_order_id', label: 'Work order', type: 'custom_text' },
  { name: 'cf_site_name', label: 'Site name', type: 'custom_text' },
  { name: 'cf_site_address', label: 'Site address', type: 'custom_text' },
  { name: 'cf_site_city', label: 'Site city', type: 'custom_text' },
  { name: 'cf_site_state', label: 'Site state', type: 'custom_text' },
  { name: 'cf_site_zip', label: 'Site ZIP', type: 'custom_text' },
  { name: 'cf_site_country', label: 'Site country', type: 'custom_text' },
  { name: 'cf_visit_date', label: 'Visit date', type: 'custom_date' },
  { name: 'cf_visit_time', label: 'Visit time', type: 'custom_text' },
  { name: 'cf_pay_amount', label: 'Pay amount', type: 'custom_decimal' },
  { name: 'cf_technician', label: 'Technician', type: 'custom_text' },
  { name: 'cf_po_number', label: 'PO number', type: 'custom_text' },
  { name: 'cf_after_hours', label: 'After hours', type: 'custom_checkbox' },
];

/** Contact fields carry no `cf_` prefix (Freshdesk contract 9.1). */
export const CONTACT_FIELDS: readonly FieldDefinition[] = [
  { name: 'signup_method', label: 'Signup method', type: 'custom_text' },
  { name: 'plan', label: 'Plan', type: 'custom_text' },
];

const CLOSED = 5;
const ANY_CHANGE: RuleEvent[] = [
  ...['status', 'priority', 'ticket_type'].map((field_name) => ({ field_name, from: '--', to: '--' })),
  { field_name: 'note_type', value: '--' },
  { field_name: 'reply_sent', value: 'sent' },
  { field_name: 'ticket_action', value: '--' },
];

/**
 * The rules of a new sandbox: creation and update of a ticket that needs a technician, and the closing of one. The third one, switched off,
 * tells every change of a ticket that has a work order, also after it has left the trigger.
 */
export function defaultRules(secret: string, account: string): AutomationRule[] {
  const webhook: AutomationRule['webhook'] = {
    method: 'POST',
    url: '{deskbridge}/webhooks/freshdesk',
    contentType: 'JSON',
    headers: { 'X-Webhook-Secret': secret },
    auth: null,
    content: {
      advanced: `{"ticket_id":"{{ticket.id}}","account":${JSON.stringify(account)},"triggered_event":"{{triggered_event}}"}`,
    },
  };
  const needsTechnician: Pick<AutomationRule, 'match' | 'conditions' | 'events' | 'webhook'> = {
    events: [],
    match: 'any',
    conditions: [
      { field: 'status', operator: 'is', value: FIELD_SERVICE_REQUIRED },
      { field: 'tags', operator: 'contains', value: 'on-site' },
    ],
    webhook,
  };
  const performer = { type: 3 } as const;
  return [
    { id: 1, name: 'Field service: new ticket', type: 1, active: true, performer, ...needsTechnician },
    {
      id: 2,
      name: 'Field service: ticket changed',
      type: 4,
      active: true,
      performer,
      ...needsTechnician,
      events: ANY_CHANGE,
      conditions: [...needsTechnician.conditions, { field: 'status', operator: 'is', value: CLOSED }],
    },
    {
      id: 3,
      name: 'Field service: ticket with a work order changed',
      type: 4,
      active: false,
      performer,
      ...needsTechnician,
      events: ANY_CHANGE,
      conditions: [{ field: 'cf_work_order_id', operator: 'is_not_empty' }],
    },
  ];
}
