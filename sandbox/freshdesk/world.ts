import type { SandboxClock } from '../clock';
import type { DeliveryQueue } from '../deliveries';
import type { Knobs } from '../knobs';
import { SearchIndex } from '../search-index';
import type { Collection, Store } from '../store';
import { defaultRules } from './account';
import { ContactIndex } from './contact-index';
import type { IndexedField } from './contact-index';
import { notFound } from './errors';
import type { AutomationRule, Company, Contact, Conversation, StoredFile, Ticket } from './types';

export interface FreshdeskParts {
  store: Store;
  clock: SandboxClock;
  knobs: Knobs;
  deliveries: DeliveryQueue;
  account: string;
  apiKey: string;
  webhookSecret: string;
}

/** The records of the Freshdesk account and what its modules share. */
export class FreshdeskWorld {
  readonly clock: SandboxClock;
  readonly deliveries: DeliveryQueue;
  readonly tickets: Collection<Ticket>;
  readonly conversations: Collection<Conversation>;
  readonly contacts: Collection<Contact>;
  readonly companies: Collection<Company>;
  readonly files: Collection<StoredFile>;
  readonly rules: Collection<AutomationRule>;
  readonly ticketIndex: SearchIndex<Ticket>;
  readonly contactIndex: SearchIndex<Contact>;
  private readonly contactValues = new ContactIndex();
  /** Conversations of a ticket, oldest first: a scan of all notes per ticket would not bear a load test. */
  private readonly threads = new Map<number, number[]>();
  private readonly waitingForDue = new Set<number>();

  constructor(readonly parts: FreshdeskParts) {
    const { store, clock } = parts;
    this.clock = clock;
    this.deliveries = parts.deliveries;
    this.tickets = store.collection<Ticket>('tickets', (ticket) => ticket.id);
    this.conversations = store.collection<Conversation>('conversations', (conversation) => conversation.id);
    this.contacts = store.collection<Contact>('contacts', (contact) => contact.id);
    this.companies = store.collection<Company>('companies', (company) => company.id);
    this.files = store.collection<StoredFile>('files', (file) => file.id);
    this.rules = store.collection<AutomationRule>('rules', (rule) => rule.id);
    this.ticketIndex = new SearchIndex<Ticket>(clock, () => this.knobs.searchLagMs);
    this.contactIndex = new SearchIndex<Contact>(clock, () => this.knobs.searchLagMs);
    for (const { id, ticket_id } of this.conversations.all()) this.thread(ticket_id).push(id);
    for (const contact of this.contacts.all()) this.contactValues.note(contact);
    for (const { id, dueLater } of this.tickets.all()) if (dueLater !== undefined) this.waitingForDue.add(id);
    // The secret may have changed since the journal was written; the default rules follow it.
    for (const rule of defaultRules(parts.webhookSecret, parts.account)) {
      const known = this.rules.get(rule.id);
      this.rules.save(
        known === undefined ? rule : { ...known, webhook: { ...known.webhook, headers: rule.webhook.headers } },
      );
    }
  }

  get knobs(): Knobs['freshdesk'] {
    return this.parts.knobs.freshdesk;
  }

  now(): string {
    return this.clock.iso();
  }

  /** Ids of everything but tickets: large, ascending. */
  nextId(): number {
    return this.parts.store.nextId('freshdesk', 158018064981);
  }

  ticket(id: string | number | undefined): Ticket {
    const ticket = this.tickets.get(id ?? '');
    if (ticket === undefined) throw notFound();
    return ticket;
  }

  /** Sets the due dates that have come due: by "system", so that no rule sees it. To be called before anybody looks. */
  setDueDates(): void {
    for (const id of this.waitingForDue) {
      const ticket = this.tickets.get(id);
      const later = ticket?.dueLater;
      if (ticket !== undefined && later !== undefined && later.at > this.clock.now()) continue;
      this.waitingForDue.delete(id);
      if (ticket === undefined || later === undefined) continue;
      delete ticket.dueLater;
      ticket.due_by ??= later.due_by;
      ticket.fr_due_by ??= later.fr_due_by;
      ticket.updated_at = this.clock.iso(later.at);
      this.saveTicket(ticket);
    }
  }

  saveTicket(ticket: Ticket): Ticket {
    if (ticket.dueLater !== undefined) this.waitingForDue.add(ticket.id);
    this.tickets.save(ticket);
    this.ticketIndex.note(ticket.id, ticket);
    return ticket;
  }

  saveContact(contact: Contact): Contact {
    this.contacts.save(contact);
    this.contactIndex.note(contact.id, contact);
    this.contactValues.note(contact);
    return contact;
  }

  removeContact(id: number): void {
    this.contacts.remove(id);
    this.contactValues.forget(id);
  }

  /** Contacts that hold a value, deleted and blocked ones too, oldest first. */
  contactsWith(field: IndexedField, value: string): Contact[] {
    return this.contactValues.find(field, value).flatMap((id) => this.contacts.get(id) ?? []);
  }

  addConversation(conversation: Conversation): Conversation {
    this.conversations.save(conversation);
    this.thread(conversation.ticket_id).push(conversation.id);
    return conversation;
  }

  removeConversation(conversation: Conversation): void {
    this.conversations.remove(conversation.id);
    const ids = this.thread(conversation.ticket_id).filter((id) => id !== conversation.id);
    this.threads.set(conversation.ticket_id, ids);
  }

  /** Notes and replies of a ticket, oldest first. */
  conversationsOf(ticketId: number): Conversation[] {
    return this.thread(ticketId).flatMap((id) => this.conversations.get(id) ?? []);
  }

  private thread(ticketId: number): number[] {
    let ids = this.threads.get(ticketId);
    if (ids === undefined) this.threads.set(ticketId, (ids = []));
    return ids;
  }
}
