export type { AutomationRule, AutomationRuleInput, RuleEventInput, RuleType } from './automations';
export { createFreshdeskClient } from './client';
export type { FieldChoice, ContactField, TicketField } from './fields';
export type {
  ContactAttributes,
  CustomFieldValue,
  ListTicketsInput,
  NewField,
  NoteInput,
  Page,
  TicketInclude,
  TicketPatch,
} from './inputs';
export type { Agent, Attachment, Company, Contact, Conversation, Requester, Ticket } from './schemas';
export type { FreshdeskClient, FreshdeskClientOptions, Quota } from './types';
