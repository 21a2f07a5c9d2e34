/** The paths that an event or an answer can fill. A path that nothing ever fills is a slip of the pen. Source: interface, section 7. */
import { didYouMean } from './did-you-mean';

const moment = (edge: string): string[] =>
  ['utc', 'local.date', 'local.time'].map((form) => `schedule.service_window.${edge}.${form}`);

/** Exact paths; `…` stands for whatever is below, `#` for the number of a list item. */
const FILLED: Record<string, readonly string[]> = {
  ticket: [
    ...['id', 'subject', 'description', 'description_text', 'type', 'status', 'priority', 'source', 'tags…', 'spam'],
    ...['due_by', 'fr_due_by', 'nr_due_by', 'is_escalated', 'fr_escalated', 'nr_escalated', 'created_at', 'updated_at'],
    ...[
      'requester.id',
      'requester.name',
      'requester.email',
      'requester.mobile',
      'requester.phone',
      'requester_id',
      'responder_id',
      'company.id',
      'company.name',
      'company_id',
      'group_id',
      'product_id',
      'parent_id',
    ],
    ...['email_config_id', 'internal_agent_id', 'internal_group_id', 'association_type', 'associated_tickets_list…'],
    ...['associated_tickets_count', 'custom_fields…', 'attachments…', 'cc_emails…', 'fwd_emails…', 'reply_cc_emails…'],
    ...[
      'ticket_cc_emails…',
      'ticket_bcc_emails…',
      'to_emails…',
      'form_id',

      'sentiment_score',
      'structured_description',
    ],
    ...['initial_sentiment_score', 'support_email', 'status_label', 'priority_label', 'source_label', 'group_label'],
    ...['agent_label', 'product_label'],
  ],
  workOrder: [
    ...['id', 'url', 'title', 'status', 'closingNotes', 'closing_notes', 'previous.id', 'previous.url'],
    ...['pay.type', 'pay.total', 'pay.currency', 'pay.base.amount', 'pay.base.units'],
    ...['pay.additional.amount', 'pay.additional.units', 'cost.total', 'cost.approved', 'cost.expenses'],
    ...['expenses.total', 'expenses.approved', 'expenses.list…'],
    ...['schedule.service_window.mode', 'schedule.time_zone.name', ...moment('start'), ...moment('end')],
    ...['eta.start.utc', 'milestones.assigned.utc', 'milestones.workdone.utc'],
    ...['mode', 'display_name', 'address1', 'address2', 'city', 'state', 'zip', 'country'].map((p) => `location.${p}`),
    ...['timeLogs.hours', 'time_logs.hours', 'timeLogs.in', 'timeLogs.out'],
    ...['timeLogs.results.#.in', 'timeLogs.results.#.out', 'timeLogs.results.#.hours'],
    ...['customFields…', 'tasks.done…', 'tasks.open…', 'signatures…'],
  ],
  provider: ['name', 'first_name', 'last_name', 'id', 'phone', 'cell', 'email'],
  event: ['name', 'timestamp', 'delay_minutes'],
};

/** Groups that are a value themselves: see `readPath`. */
const VALUES: readonly string[] = ['cost'];

/**
 * The hint for a path that nothing fills; null for one that something may. `asValue`: where a value is written, not where
 * it is only asked whether there is one.
 */
export function unfilledHint(segments: readonly string[], asValue: boolean): string | null {
  const [root = '', ...rest] = segments;
  const known = FILLED[root];
  if (known === undefined || rest.length === 0) return null;
  const path = rest.map((segment) => (/^[0-9]+$/.test(segment) ? '#' : segment)).join('.');
  const names = known.map((pattern) => pattern.replace('…', ''));
  const fits = known.some(
    (pattern, index) => path === names[index] || (pattern.endsWith('…') && path.startsWith(`${names[index]}.`)),
  );
  if (fits) return null;
  const part = names.find((name) => name.startsWith(`${path}.`));
  // A part of a filled path is an object: it counts as filled in `when` and in optional parts, and shows nothing.
  const isGroup = part !== undefined && asValue && root === 'workOrder' && !VALUES.includes(path);
  if (part !== undefined && !isGroup) return null;
  if (part !== undefined) return `it holds several values: name one, such as "${root}.${asWritten(part)}"`;
  const guess = didYouMean(path, names);
  return guess === null ? `docs/mapping.md lists what ${root} holds` : `did you mean "${root}.${asWritten(guess)}"?`;
}

const asWritten = (name: string): string => name.replaceAll('.#', '[0]');
