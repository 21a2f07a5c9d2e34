/**
 * Which of the published forms this help desk speaks, where Freshdesk's pages leave it open. Promise: four reads, nothing is
 * written; a form that cannot be seen is said to be so. Every form is read, so no line asks for anything. Source:
 * docs/wire-forms.md.
 */
import { asItems, asRecord, asText } from '../../clients/coerce';
import { UpstreamError } from '../../clients/upstream-error';
import type { FreshdeskAccount } from '../../checks/accounts';
import { fine, type Finding } from '../../checks/finding';

type Read = { body: unknown; headers: Readonly<Record<string, string>> };

/** Nobody has it: where somebody is found by it the filter is not heeded. */
const NO_ID = 'deskbridge-probe-nobody';
const UPDATE_RULES = 4;

const form = (what: string, detail: string): Finding => fine('Probe', `form of Freshdesk's ${what}`, detail);

/** What cannot be asked is left out, but for rules and contacts, where the refusal is the answer. */
export async function freshdeskForms({ client }: FreshdeskAccount, signal?: AbortSignal): Promise<Finding[]> {
  const read = (path: string, query: Record<string, string | number>): Promise<Read | UpstreamError> =>
    client.readAsIs(path, query, signal).catch((error: unknown) => {
      if (error instanceof UpstreamError) return error;
      throw error;
    });
  const newest = await read('/tickets', { order_by: 'created_at', order_type: 'desc', per_page: 1 });
  const [rules, people] = await Promise.all([
    read(`/automations/${UPDATE_RULES}/rules`, { per_page: 1 }),
    read('/contacts', { unique_external_id: NO_ID, per_page: 1 }),
  ]);
  const findings = [form('rules', rulesForm(rules)), form('filter of contacts by external id', filterForm(people))];
  if (newest instanceof UpstreamError) return findings;
  const ticket = asRecord(asItems(newest.body)?.[0]);
  if (!ticket) return [...findings, form('tickets', 'there is none yet')];
  const view = await read(`/tickets/${asText(ticket.id)}`, { include: 'company' });
  return [...findings, ...ticketForms(ticket), ...(view instanceof UpstreamError ? [] : viewForms(view))];
}

function rulesForm(rules: Read | UpstreamError): string {
  if (rules instanceof UpstreamError) return `not shown to this key (${rules.status ?? 'no answer'})`;
  const body = asRecord(rules.body);
  const list = asItems(rules.body) ? 'an array' : body?.rules ? '`rules` and `meta`' : '`results`';
  return `${list}; more pages ${rules.headers.link ? 'by a Link header' : 'by their count alone, or there are none'}`;
}

function filterForm(people: Read | UpstreamError): string {
  if (people instanceof UpstreamError) {
    return people.status === 400 ? 'refused with 400' : `not seen (${people.status ?? 'no answer'})`;
  }
  return asItems(people.body)?.length === 0 ? 'honoured' : 'ignored: others are found too, and passed over';
}

function ticketForms({ id, due_by: due, created_at: created }: Record<string, unknown>): Finding[] {
  const isSet = asText(due) !== null;
  return [
    form('times', asText(created)?.endsWith('Z') ? 'UTC' : 'with an offset'),
    form('due dates', `ticket ${asText(id)}, the newest, ${isSet ? 'has one' : 'has none yet'}`),
  ];
}

function viewForms({ body }: Read): Finding[] {
  const ticket = asRecord(body) ?? {};
  const file = asRecord(asItems(ticket.attachments)?.[0]);
  const hasCompany = (ticket.company_id ?? null) !== null;
  return [
    ...(hasCompany ? [] : [form('company of a ticket without one', asRecord(ticket.company) ? '`{}`' : 'null')]),
    ...(file ? [form('size of an attachment', 'file_size' in file ? '`file_size`' : '`size`')] : []),
  ];
}
