import { ROBIN } from './account';
import { createContact } from './contacts';
import { createTicket } from './tickets';
import { addConversation } from './conversations';
import type { FreshdeskWorld } from './world';

/** Fills a new account: a company, two requesters, two tickets. Nothing is sent for them. */
export function seedFreshdesk(world: FreshdeskWorld): void {
  if (world.contacts.size > 0) return;
  const now = world.now();
  const company = world.companies.save({
    id: world.nextId(),
    name: 'Quint Foods',
    description: 'Grocery chain, 41 stores',
    note: null,
    domains: ['quint-foods.example'],
    custom_fields: {},
    health_score: null,
    account_tier: null,
    renewal_date: null,
    industry: 'Food & Staples Retailing',
    created_at: now,
    updated_at: now,
  });
  const mara = createContact(world, {
    name: 'Mara Quint',
    email: 'mara@quint-foods.example',
    phone: '+19375550142',
    job_title: 'Store lead',
    company_id: company.id,
  });
  const ana = createContact(world, { name: 'Ana Ruiz', email: 'ana@harbor-books.example', phone: '+12185550100' });
  const dayton = {
    cf_site_name: 'Quint Foods Dayton',
    cf_site_address: '12 Mill Road',
    cf_site_city: 'Dayton',
    cf_site_state: 'OH',
    cf_site_zip: '45402',
    cf_site_country: 'US',
  };
  const inDays = (days: number): string => world.clock.iso(world.clock.now() + days * 24 * 3_600_000);
  const due = { due_by: inDays(3), fr_due_by: inDays(1) };
  // The account existed before the webhooks were set up: no rule sees its first tickets.
  const actor = { performer: 'system', id: null } as const;
  const reader = createTicket(
    world,
    {
      subject: 'Card reader offline in lane 3',
      description: '<div>Lane 3 shows <b>no link</b> since this morning. Restarting did not help.</div>',
      requester_id: mara.id,
      type: 'Incident',
      ...due,
      priority: 3,
      tags: ['pos'],
      custom_fields: { ...dayton, cf_visit_time: '09:00', cf_pay_amount: 180, cf_po_number: 'PO-20317' },
    },
    [],
    actor,
  );
  addConversation(
    world,
    reader,
    'note',
    { body: 'Remote checks done: cable and port are fine, the reader itself is dead.' },
    [],
    { performer: 'system', id: ROBIN.id },
  );
  createTicket(
    world,
    {
      subject: 'Question about the last invoice',
      description: '<div>Could you send the invoice of last month again?</div>',
      requester_id: ana.id,
      type: 'Question',
      ...due,
    },
    [],
    actor,
  );
}
