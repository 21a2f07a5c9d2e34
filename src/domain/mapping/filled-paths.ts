/** The paths that an event or an answer can fill. A path that nothing ever fills is a slip of the pen. Source: interface, section 7. */
import { didYouMean } from './did-you-mean';

/** Exact paths; `…` stands for whatever is below. */
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
    ...['id', 'url', 'title', 'status', 'pay…', 'cost…', 'schedule…', 'location…', 'customFields…', 'timeLogs…'],
    ...['closingNotes', 'closing_notes', 'time_logs.hours', 'eta.start.utc', 'milestones.assigned.utc'],
    ...['milestones.workdone.utc', 'previous.id', 'previous.url'],
  ],
  provider: ['name', 'first_name', 'last_name', 'id', 'phone', 'email'],
  event: ['name', 'timestamp', 'delay_minutes', 'key', 'task…', 'problem…', 'schedule…', 'field…', 'provider…'],
};

/** The hint for a path that nothing fills; null for one that something may. */
export function unfilledHint(segments: readonly string[]): string | null {
  const [root = '', ...rest] = segments;
  const known = FILLED[root];
  if (known === undefined || rest.length === 0) return null;
  const path = rest.join('.');
  const fits = known.some((pattern) => {
    const name = pattern.replace('…', '');
    // A part of a filled path is an object: it counts as filled in `when` and in optional parts.
    if (path === name || name.startsWith(`${path}.`)) return true;
    return pattern.endsWith('…') && path.startsWith(`${name}.`);
  });
  if (fits) return null;
  const names = known.map((pattern) => pattern.replace('…', ''));
  const guess = didYouMean(path, names);
  return guess === null ? `docs/mapping.md lists what ${root} holds` : `did you mean "${root}.${guess}"?`;
}
