/** The fields of the shipped mapping that can be made for an account. Pure. Source: docs/setup.md, "Ticket fields". */
import type { ContactField, NewField, TicketField } from '../clients/freshdesk';
import type { Config } from '../config/schema';
import { mappingPaths } from '../domain/mapping';

export interface FieldToMake extends NewField {
  of: 'ticket' | 'contact';
  /** As the config names it; Freshdesk derives the same one from the label. */
  name: string;
}

const text = (name: string, label: string): FieldToMake => ({ of: 'ticket', name, label, type: 'custom_text' });

const SHIPPED: readonly FieldToMake[] = [
  text('cf_work_order_id', 'Work order id'),
  text('cf_site_name', 'Site name'),
  text('cf_site_address', 'Site address'),
  text('cf_site_city', 'Site city'),
  text('cf_site_state', 'Site state'),
  text('cf_site_zip', 'Site zip'),
  text('cf_site_country', 'Site country'),
  { of: 'ticket', name: 'cf_visit_date', label: 'Visit date', type: 'custom_date' },
  text('cf_visit_time', 'Visit time'),
  { of: 'ticket', name: 'cf_pay_amount', label: 'Pay amount', type: 'custom_decimal' },
  { of: 'contact', name: 'signup_method', label: 'Signup method', type: 'custom_text' },
];

/** Those that the config names and the account lacks. */
export function fieldsToMake(
  { workOrder, dispatch, contacts }: Config,
  ticketFields: readonly TicketField[],
  contactFields: readonly ContactField[],
): FieldToMake[] {
  const read = mappingPaths(workOrder);
  const there = {
    ticket: new Set(ticketFields.map(({ name }) => name)),
    contact: new Set(contactFields.map(({ name }) => name.replace(/^cf_/, ''))),
  };
  return SHIPPED.filter(({ of, name }) => {
    if (there[of].has(name)) return false;
    if (of === 'contact') return Object.hasOwn(contacts.customFields, name);
    return name === dispatch.linkField || read.includes(`ticket.custom_fields.${name}`);
  });
}
