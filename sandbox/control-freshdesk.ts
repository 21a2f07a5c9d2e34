import type { NewTicket, Person, SandboxControl } from './control-types';
import { storeFile } from './freshdesk/attachments';
import { BOT, ROBIN } from './freshdesk/account';
import { createContact } from './freshdesk/contacts';
import { addConversation } from './freshdesk/conversations';
import { FreshdeskRefusal } from './freshdesk/errors';
import { embeds, presentContact, presentConversation, presentTicket } from './freshdesk/present';
import { fireWebhook } from './freshdesk/rules';
import type { Actor } from './freshdesk/rules';
import { createTicket, markTicket, updateTicket } from './freshdesk/tickets';
import type { Ticket } from './freshdesk/types';
import type { FreshdeskWorld } from './freshdesk/world';
import type { JsonObject } from './json';
import type { Store } from './store';
import { asRefusal } from './control-refusal';

type FreshdeskControl = Pick<
  SandboxControl,
  | 'createTicket'
  | 'ticket'
  | 'tickets'
  | 'updateTicket'
  | 'conversations'
  | 'addNote'
  | 'reply'
  | 'deleteTicket'
  | 'restoreTicket'
  | 'markSpam'
  | 'contacts'
  | 'contact'
  | 'fireWebhook'
  | 'rules'
  | 'setRule'
>;

const DEFAULT_SITE = {
  cf_site_name: 'Harbor Books',
  cf_site_address: '200 Elm Ave',
  cf_site_city: 'Duluth',
  cf_site_state: 'MN',
  cf_site_zip: '55802',
  cf_site_country: 'US',
};

/** The Freshdesk half of the control: what agents and requesters do. */
export function freshdeskControl(world: FreshdeskWorld, store: Store, root: () => string): FreshdeskControl {
  /** One step of the state, with refusals in the control's own form. */
  const step = <T>(work: () => T): T =>
    store.batch(() => asRefusal(FreshdeskRefusal, (refusal) => refusal.answer, work));
  const ticketOf = (id: number): Ticket => {
    world.setDueDates();
    return world.ticket(id);
  };
  const show = (ticket: Ticket): JsonObject => ({
    ...presentTicket(world, ticket, root()),
    ...embeds(world, ticket, ['requester', 'company', 'stats'], root()),
  });
  const files = (attachments: NewTicket['attachments']): number[] =>
    (attachments ?? []).map(
      ({ name, type, content }) => storeFile(world, name, type ?? 'text/plain', Buffer.from(content)).id,
    );
  const converse = (
    id: number,
    kind: 'note' | 'reply',
    body: JsonObject,
    by: Person,
    attached: number[],
  ): JsonObject => {
    const ticket = ticketOf(id);
    const conversation = addConversation(world, ticket, kind, body, [], actorOf(ticket, by));
    if (attached.length > 0) world.conversations.save(Object.assign(conversation, { attachments: attached }));
    return presentConversation(world, conversation, root());
  };
  return {
    createTicket: (input = {}) =>
      step(() => {
        const { requester, company, attachments, by, custom_fields, requester_id, ...rest } = input;
        const requesterId = requester_id ?? requesterIdFor(world, requester, company);
        const actor =
          by === 'requester' ? { performer: 'requester' as const, id: requesterId } : personActor(by ?? 'agent');
        const ticket = createTicket(
          world,
          {
            subject: 'Receipt printer does not print',
            description: 'The receipt printer at till 3 stays dark. Power and cable are checked.',
            priority: 2,
            type: 'Incident',
            ...rest,
            requester_id: requesterId,
            custom_fields: { ...DEFAULT_SITE, ...custom_fields },
          },
          [],
          actor,
        );
        if (attachments !== undefined) world.saveTicket(Object.assign(ticket, { attachments: files(attachments) }));
        return show(ticket);
      }),
    ticket: (id) => step(() => show(ticketOf(id))),
    tickets: (newest) => world.tickets.newest(newest).map(show),
    updateTicket: (id, patch, performer = 'agent') =>
      step(() => show(updateTicket(world, ticketOf(id), patch, [], actorOf(ticketOf(id), performer)))),
    conversations: (id) =>
      step(() =>
        world.conversationsOf(ticketOf(id).id).map((conversation) => presentConversation(world, conversation, root())),
      ),
    addNote: (id, body, options = {}) =>
      step(() =>
        converse(
          id,
          'note',
          { body, private: options.private ?? true },
          options.by ?? 'agent',
          files(options.attachments),
        ),
      ),
    reply: (id, body, by = 'agent') => step(() => converse(id, 'reply', { body }, by, [])),
    deleteTicket: (id) => step(() => markTicket(world, ticketOf(id), { deleted: true }, personActor('agent'))),
    restoreTicket: (id) => step(() => markTicket(world, ticketOf(id), { deleted: false }, personActor('agent'))),
    markSpam: (id, spam = true) => step(() => markTicket(world, ticketOf(id), { spam }, personActor('agent'))),
    contacts: () => world.contacts.all().map(presentContact),
    contact: (id) => {
      const contact = world.contacts.get(id);
      return contact === undefined ? null : presentContact(contact);
    },
    fireWebhook: (id, copies = 1) => step(() => fireWebhook(world, ticketOf(id), copies)),
    rules: () => structuredClone(world.rules.all()),
    setRule: (id, patch) =>
      step(() => {
        const template = world.rules.get(id) ?? world.rules.all()[0];
        if (template === undefined) throw new Error('There is no rule to start from.');
        return structuredClone(world.rules.save({ ...structuredClone(template), ...patch, id }));
      }),
  };
}

function requesterIdFor(
  world: FreshdeskWorld,
  requester: NewTicket['requester'],
  company: NewTicket['company'],
): number {
  const known =
    requester === undefined
      ? world.contacts.find(({ deleted }) => !deleted)
      : world.contactsWith('email', requester.email).find(({ email }) => email === requester.email.toLowerCase());
  const contact =
    known ?? createContact(world, { ...(requester ?? { name: 'Sam Field', email: 'sam@field.example' }) });
  if (company === undefined) return contact.id;
  const now = world.now();
  const found = world.companies.all().find(({ name }) => name === company.name);
  const employer =
    found ??
    world.companies.save({
      id: world.nextId(),
      name: company.name,
      description: null,
      note: null,
      domains: [],
      custom_fields: {},
      health_score: null,
      account_tier: null,
      renewal_date: null,
      industry: null,
      created_at: now,
      updated_at: now,
    });
  world.saveContact(Object.assign(contact, { company_id: employer.id }));
  return contact.id;
}

const personActor = (person: Exclude<Person, 'requester'>): Actor =>
  person === 'api' ? { performer: 'api', id: BOT.id } : { performer: 'agent', id: ROBIN.id };

const actorOf = (ticket: Ticket, person: Person): Actor =>
  person === 'requester' ? { performer: 'requester', id: ticket.requester_id } : personActor(person);
