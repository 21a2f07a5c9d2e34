/** The values of `workOrder` and `status` when the file leaves them out; a test holds them equal to the shipped file. */
import type { MappingAction } from '../domain/mapping';

/** The custom field that Field Nation shows as the internal ticket number in its samples. */
export const DEFAULT_CORRELATION_FIELD = 129;

/** Words of the note that Freshdesk leaves on a ticket that was merged into another one. */
export const DEFAULT_MERGE_PHRASES = ['merged into', 'merged with ticket'];

const field = (name: string): string => `ticket.custom_fields.${name}`;

const DESCRIPTION: MappingAction = {
  concat: [
    { from: 'ticket.description' },
    { static: '<p>Priority: ' },
    { from: 'ticket.priority', map: { 1: 'low', 2: 'medium', 3: 'high', 4: 'urgent' }, default: 'not set' },
    {
      template:
        '{{#ticket.company.name}}<br>Company: {{ticket.company.name}}{{/ticket.company.name}} ' +
        '{{#ticket.tags}}<br>Tags: {{ticket.tags}}{{/ticket.tags}} ' +
        '<br>Freshdesk ticket: {{ticket.id}}</p>',
    },
  ],
  separator: '',
};

const CONFIDENTIAL =
  '{{#ticket.requester.name}}<p>Requested by {{ticket.requester.name}} ' +
  '{{#ticket.requester.email}}({{ticket.requester.email}}){{/ticket.requester.email}}</p>{{/ticket.requester.name}}';

const START: MappingAction = {
  first: [
    {
      when: {
        if: field('cf_visit_date'),
        then: { concat: [{ from: field('cf_visit_date') }, { from: field('cf_visit_time') }] },
      },
    },
    { from: field('cf_fsm_appointment_start_time') },
    { from: 'ticket.due_by' },
  ],
  date: 'field-nation',
};

const END: MappingAction = {
  when: { if: field('cf_visit_date'), then: { static: null }, else: { from: field('cf_fsm_appointment_end_time') } },
  date: 'field-nation',
};

/** A service task has a contact of its own, whose address is not the requester's. */
const EMAIL: MappingAction = {
  when: { if: field('cf_fsm_contact_name'), then: { static: null }, else: { from: 'ticket.requester.email' } },
};

export const DEFAULT_WORK_ORDER: Record<string, MappingAction> = {
  title: { from: 'ticket.subject' },
  types_of_work: { static: [{ id: 62, isPrimary: true }] },
  'description.html': DESCRIPTION,
  'confidential.html': { template: CONFIDENTIAL },
  'location.mode': { static: 'custom' },
  'location.type.id': { static: 1 },
  'location.display_name': { first: [{ from: field('cf_site_name') }, { from: 'ticket.company.name' }] },
  'location.address1': { first: [{ from: field('cf_site_address') }, { from: field('cf_fsm_service_location') }] },
  'location.city': { from: field('cf_site_city') },
  'location.state': { from: field('cf_site_state'), state: true },
  'location.zip': { from: field('cf_site_zip'), zip: true },
  'location.country': { from: field('cf_site_country'), default: 'US' },
  'schedule.service_window.mode': { static: 'exact' },
  'schedule.service_window.start.utc': START,
  'schedule.service_window.end.utc': END,
  'pay.type': { static: 'fixed' },
  'pay.base.amount': { from: field('cf_pay_amount'), default: 150 },
  'pay.base.units': { static: 1 },
  'contacts.results[0].role': { static: 'Location Contact' },
  'contacts.results[0].name': { first: [{ from: field('cf_fsm_contact_name') }, { from: 'ticket.requester.name' }] },
  'contacts.results[0].phone': {
    first: [
      { from: field('cf_fsm_phone_number') },
      { from: 'ticket.requester.phone' },
      { from: 'ticket.requester.mobile' },
    ],
  },
  'contacts.results[0].email': EMAIL,
};

const DONE_AT = 'workOrder.milestones.workdone.utc';
const START_AT = 'workOrder.schedule.service_window.start.utc';

export const DEFAULT_STATUS = {
  // Nothing to say for a first visit, so that it costs no call.
  published: {
    note:
      '{{#workOrder.previous.id}}<p>Work order {{workOrder.id}} is published for visit {{visit}}: {{workOrder.url}}<br> ' +
      'The visit before: work order {{workOrder.previous.id}}, {{workOrder.previous.url}}</p>{{/workOrder.previous.id}}',
  },
  'at-risk': {
    note:
      '<p>The visit of work order {{workOrder.id}} is at risk: ' +
      '{{provider.name}}{{^provider.name}}the provider{{/provider.name}} has not confirmed it ' +
      `{{#${START_AT}}}(start {{${START_AT}}} UTC){{/${START_AT}}}</p>`,
  },
  delayed: {
    note:
      '<p>{{provider.name}}{{^provider.name}}The provider{{/provider.name}} is running late ' +
      '{{#event.delay_minutes}}by about {{event.delay_minutes}} minutes{{/event.delay_minutes}} ' +
      '{{#workOrder.eta.start.utc}}and is expected at {{workOrder.eta.start.utc}} UTC{{/workOrder.eta.start.utc}} ' +
      '(work order {{workOrder.id}}).</p>',
  },
  'work-done': {
    ticketStatus: 'Resolved',
    note:
      '<p><b>Work order {{workOrder.id}} is done.</b><br> ' +
      'Completed by {{provider.name}}{{^provider.name}}the provider{{/provider.name}} ' +
      `{{#${DONE_AT}}}on {{${DONE_AT}}} UTC{{/${DONE_AT}}} ` +
      `{{^${DONE_AT}}}{{#event.timestamp}}on {{event.timestamp}}{{/event.timestamp}}{{/${DONE_AT}}}</p> ` +
      '{{#workOrder.time_logs.hours}}<p>Hours on site: {{workOrder.time_logs.hours}}</p>{{/workOrder.time_logs.hours}} ' +
      '{{#workOrder.closing_notes}}<p>Closing notes:<br>{{workOrder.closing_notes}}</p>{{/workOrder.closing_notes}} ' +
      '{{#workOrder.previous.id}}<p>The visit before: work order {{workOrder.previous.id}}, {{workOrder.previous.url}}</p>' +
      '{{/workOrder.previous.id}}',
  },
  'assignment-cancelled': {
    note:
      '<p>{{provider.name}}{{^provider.name}}The provider{{/provider.name}} is no longer assigned to work order ' +
      '{{workOrder.id}}. It is open for other providers.</p>',
  },
  cancelled: { note: '<p>Work order {{workOrder.id}} is cancelled in Field Nation.</p>' },
  'problem-reported': {
    note: '<p>A problem is reported on work order {{workOrder.id}}. See it in Field Nation, {{workOrder.url}}</p>',
  },
};
