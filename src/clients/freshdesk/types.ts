import type { Download, FetchLimits } from '../fetch-file';
import type { CallHook, ToldQuota, TransportOptions } from '../http-types';
import type { AutomationRule, AutomationRuleInput, RuleType } from './automations';
import type { ContactField, TicketField } from './fields';
import type {
  ContactAttributes,
  ListTicketsInput,
  NewField,
  NoteInput,
  Page,
  TicketInclude,
  TicketPatch,
} from './inputs';
import type { Agent, Company, Contact, Conversation, Ticket } from './schemas';

/** The account's quota as the last answer told it (contract 3), in calls; `used` is what this one call cost. */
export type Quota = ToldQuota;

export interface FreshdeskClientOptions {
  /** Root of the account, may carry a path prefix; `/api/v2` is appended. */
  baseUrl: string;
  apiKey: string;
  /** Per call, including the body; 20 s by default. */
  timeoutMs?: number;
  onQuota?: (quota: Quota) => void;
  admit?: TransportOptions['admit'];
  onCall?: CallHook;
  onHeaders?: TransportOptions['onHeaders'];
}

/**
 * Freshdesk API v2. Each method makes exactly one call, without retries, and throws `UpstreamError` or, when the
 * caller's signal aborts, the signal's reason.
 */
export interface FreshdeskClient {
  /** Costs one credit and one more per `include`. */
  viewTicket(id: number, options?: { include?: readonly TicketInclude[] }, signal?: AbortSignal): Promise<Ticket>;
  updateTicket(id: number, patch: TicketPatch, signal?: AbortSignal): Promise<Ticket>;
  addNote(ticketId: number, note: NoteInput, signal?: AbortSignal): Promise<Conversation>;
  /** Oldest first; `perPage` at most 100. */
  listConversations(
    ticketId: number,
    options: { page: number; perPage: number },
    signal?: AbortSignal,
  ): Promise<Page<Conversation>>;
  listTickets(input: ListTicketsInput, signal?: AbortSignal): Promise<Page<Ticket>>;
  /**
   * In Freshdesk's search language, without the outer quotes, at most 512 characters; 30 a page, `page` at most 10. The
   * index lags by minutes (contract 5). `total`: of all pages.
   */
  searchTickets(query: string, page: number, signal?: AbortSignal): Promise<{ items: Ticket[]; total: number }>;
  ticketFields(signal?: AbortSignal): Promise<TicketField[]>;
  contactFields(signal?: AbortSignal): Promise<ContactField[]>;
  /** The agent whose key this is: the check of the credentials. */
  me(signal?: AbortSignal): Promise<Agent>;
  /** All agents, a hundred a page; administrators only. */
  listAgents(page: number, signal?: AbortSignal): Promise<Page<Agent>>;
  /** Automation rules of one kind; administrators only. `count`: of all pages, null where Freshdesk doesn't say. */
  automationRules(
    type: RuleType,
    page: number,
    signal?: AbortSignal,
  ): Promise<Page<AutomationRule> & { count: number | null }>;
  /** Makes a rule; administrators only. Not idempotent. */
  createAutomationRule(type: RuleType, rule: AutomationRuleInput, signal?: AbortSignal): Promise<AutomationRule>;
  /** Makes a field; administrators only. Freshdesk derives its name from the label. Not idempotent. */
  createTicketField(field: NewField, signal?: AbortSignal): Promise<TicketField>;
  /** As {@link createTicketField}, of contacts. */
  createContactField(field: NewField, signal?: AbortSignal): Promise<ContactField>;
  createContact(attributes: ContactAttributes, signal?: AbortSignal): Promise<Contact>;
  updateContact(id: number, attributes: ContactAttributes, signal?: AbortSignal): Promise<Contact>;
  viewContact(id: number, signal?: AbortSignal): Promise<Contact>;
  /** Live contacts only: blocked and deleted ones are not listed. */
  findContactsByEmail(email: string, signal?: AbortSignal): Promise<Contact[]>;
  /** As above; by `unique_external_id` accounts may answer 400, or with contacts that do not have it (contract 9.3). */
  findContactsBy(field: 'phone' | 'unique_external_id', value: string, signal?: AbortSignal): Promise<Contact[]>;
  /** A read just as it is answered, for telling which form an account speaks. `path` as in Freshdesk's documentation. */
  readAsIs(
    path: string,
    query: Readonly<Record<string, string | number>>,
    signal?: AbortSignal,
  ): Promise<{ body: unknown; headers: Readonly<Record<string, string>> }>;
  viewCompany(id: number, signal?: AbortSignal): Promise<Company>;
  /** Begins to fetch an attachment from its signed address, without credentials; throws `FetchFileError`. No credit. */
  openFile(address: string, limits: FetchLimits): Promise<Download>;
  close(): Promise<void>;
}
