import type { MappingSources } from '../../src/domain/mapping';

/** The ticket of the Freshdesk contract, section 6.2, cut to what mappings read. */
export const ticket = {
  ...{ id: 4711, subject: 'Card reader offline', type: 'Incident', status: 2, priority: 3, source: 2 },
  due_by: '2026-02-03T17:00:00Z',
  description: '<div>Lane 3 shows <b>no link</b>.</div>',
  description_text: 'Lane 3 shows no link.',
  custom_fields: {
    cf_site_address: '12 Mill Road, Dayton, OH 45402',
    cf_visit_date: '2026-02-04',
    cf_hours: 2,
    cf_after_hours: false,
    cf_work_order_id: null,
  } as Record<string, unknown>,
  tags: ['field-visit', 'pos'],
  attachments: [{ id: 158022055480, name: 'lane3.jpg' }],
  requester: {
    ...{ id: 158018064981, name: 'Mara Quint', email: 'mara@quint-foods.example', mobile: null, phone: '+19375550142' },
  },
  company: { id: 158003104315, name: 'Quint Foods' },
};

export const SITE = {
  cf_site_name: 'Store 18',
  cf_site_address: '12 Mill Road',
  cf_site_city: 'Dayton',
  cf_site_state: 'OH',
  cf_site_zip: '45402',
  cf_visit_date: '2026-02-04',
  cf_visit_time: '9:30',
};

export const sourcesOf = (changes: Record<string, unknown> = {}): MappingSources => ({
  ticket: { ...ticket, ...changes },
  account: 'acme',
  correlationId: 'FD-acme-4711-1',
  visit: 1,
});

export const NO_FIELDS = { correlationField: null, customFieldIds: null };
