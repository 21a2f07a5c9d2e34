/** The dispatch in words: the query's object, the memo for lists, the Markdown that the Temporal UI shows. */
import type { Attention, DispatchView } from '../../src/contract/dispatch';
import { correlationId } from '../../src/domain/correlation';
import { BOUNDS, type Dispatch } from './state';
import type { DispatchMemo } from '../../src/contract/memo';
import type { Blocked } from '../../src/contract/memory';

const PUBLISHED_WAIT = 'a technician in Field Nation';

function waitingFor(dispatch: Dispatch): string | null {
  const { blocked, skipped } = dispatch.memory;
  const person = blocked.find((b) => b.nextTry === null) ?? blocked[0];
  if (person) return person.nextTry === null ? 'a person' : 'a person, or the next slow try';
  if (skipped !== null) return null;
  const visit = dispatch.newest;
  if (!visit) return 'Freshdesk: the ticket is read';
  if (visit.cancel) return 'Field Nation: the work order is cancelled';
  switch (visit.stage) {
    case 'plan':
      return 'Freshdesk: the ticket is read and mapped';
    case 'create':
      return 'Field Nation: the work order is created';
    case 'unsure':
      return 'Field Nation: whether the unanswered create was carried out';
    case 'link':
      return 'Freshdesk: the work order is linked to the ticket';
    case 'publish':
      return 'Field Nation: the work order is published';
    case 'ended':
      return null;
    case 'open':
      break;
  }
  switch (visit.status?.key) {
    case 'draft':
      return 'a person who publishes the draft in Field Nation';
    case 'assigned':
    case 'confirmed':
    case 'on-my-way':
    case 'at-risk':
    case 'delayed':
      return 'the technician to check in';
    case 'checked-in':
    case 'checked-out':
      return 'the technician to finish the work';
    case 'work-done':
      return 'the approval in Field Nation';
    case 'approved':
      return 'the payment in Field Nation';
    case 'paid':
    case 'cancelled':
      return null;
    case 'postponed':
      return 'Field Nation: the work order is postponed';
    default:
      return PUBLISHED_WAIT;
  }
}

/** The question whether to keep the order comes last: a retry answers what is shown. */
const shown = ({ memory: { blocked } }: Dispatch): Blocked | undefined =>
  blocked.find((b) => b.step !== 'decision') ?? blocked[0];

const attentionOf = (dispatch: Dispatch): Attention | null => shown(dispatch)?.attention ?? null;

/** The dispatch object of the interface, section 5. */
export function viewOf(dispatch: Dispatch): DispatchView {
  const visit = dispatch.newest;
  const { account, ticketId, links, memory } = dispatch;
  return {
    ticketId,
    account,
    visit: visit?.number ?? 1,
    state: dispatch.state(),
    correlationId: visit?.correlationId ?? correlationId(account, ticketId, 1),
    workOrderId: visit?.workOrderId ?? null,
    workOrderStatus: visit?.status?.key ?? null,
    attention: attentionOf(dispatch),
    waitingFor: waitingFor(dispatch),
    nextAttemptAt: null,
    timeline: [...memory.timeline],
    links: {
      ticket: links.ticket,
      workOrder:
        visit === null || visit.workOrderId === null ? null : (visit.href ?? `${links.workOrders}${visit.workOrderId}`),
      workflow: links.workflow,
    },
  };
}

/** The view for lists: no timeline, and no words that people or upstreams wrote. */
export function memoOf(dispatch: Dispatch): DispatchMemo {
  const { timeline: _timeline, links: _links, nextAttemptAt: _next, ...view } = viewOf(dispatch);
  const first = shown(dispatch);
  const attention = first ? { ...first.attention, detail: first.summary } : null;
  const { triggeredAt = null, orderedAt = null, endedAt = null } = dispatch.newest?.times ?? {};
  const waitingSince = dispatch.memory.blocked.flatMap(({ since }) => since ?? []).sort()[0] ?? null;
  return { ...view, attention, open: dispatch.isOpen(), times: { triggeredAt, orderedAt, endedAt, waitingSince } };
}

/** Shown in the Temporal UI as the run's current details. */
export function detailsOf(dispatch: Dispatch): string {
  const view = viewOf(dispatch);
  const lines = [
    `**${view.state}**${view.waitingFor ? ` – waiting for ${view.waitingFor}` : ''}`,
    '',
    `* Ticket [${view.ticketId}](${view.links.ticket}), visit ${view.visit}, \`${view.correlationId}\``,
    view.workOrderId === null
      ? '* No work order yet'
      : `* Work order [${view.workOrderId}](${view.links.workOrder}): ${view.workOrderStatus ?? 'status not known yet'}`,
  ];
  for (const { attention } of dispatch.memory.blocked) {
    lines.push(
      '',
      `### Needs a person: ${attention.reason}`,
      attention.detail,
      '',
      `**What to do:** ${attention.remedy}`,
    );
  }
  if (dispatch.memory.skipped !== null) lines.push('', dispatch.memory.skipped);
  const recent = dispatch.memory.timeline.slice(-8);
  if (recent.length > 0) lines.push('', '### Last events');
  for (const entry of recent) lines.push(`* ${entry.at} ${entry.what}${entry.detail ? `: ${entry.detail}` : ''}`);
  return lines.join('\n').slice(0, 20 * BOUNDS.detail);
}
