/** The dispatch in words: the query's object, the memo for lists, the Markdown that the Temporal UI shows. */
import type { Attention, DispatchView } from '../../contract/dispatch';
import type { DispatchMemo } from '../../contract/memo';
import type { Blocked } from '../../contract/memory';
import { correlationId } from '../correlation';
import { attentionLines, markdownText } from '../markdown';
import { BOUNDS, type Dispatch } from './dispatch';
import { DECISION } from './steps';
import { waitingFor } from './waiting-for';

/** The question whether to keep the order comes last: a retry answers what is shown. */
const shown = ({ memory: { blocked } }: Dispatch): Blocked | undefined =>
  blocked.find((b) => b.step !== DECISION) ?? blocked[0];

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
      workOrder: visit === null || visit.workOrderId === null ? null : dispatch.orderUrl(visit),
      workflow: links.workflow,
    },
  };
}

/** The view for lists: no timeline, no words that people or upstreams wrote but the few facts that lists may show. */
export function memoOf(dispatch: Dispatch): DispatchMemo {
  const { timeline: _timeline, links: _links, nextAttemptAt: _next, ...view } = viewOf(dispatch);
  const first = shown(dispatch);
  const attention = first ? { ...first.attention, detail: first.summary } : null;
  const { triggeredAt = null, orderedAt = null, publishedAt = null, endedAt = null } = dispatch.newest?.times ?? {};
  const waitingSince = dispatch.memory.blocked.map(({ since }) => since).sort()[0] ?? null;
  const { approval = null, course } = dispatch.newest ?? {};
  return {
    ...view,
    attention,
    open: dispatch.isOpen(),
    told: (dispatch.newest?.causesNoted.length ?? 0) > 0,
    ...(dispatch.memory.parent ? { parentId: dispatch.memory.parent.id } : {}),
    facts: dispatch.input.lists === 'numbers' ? null : (dispatch.memory.facts ?? null),
    approval: approval === null ? null : { amount: approval.amount },
    ...(course === undefined ? {} : { course }),
    times: { triggeredAt, orderedAt, publishedAt, endedAt, waitingSince },
  };
}

/** Shown in the Temporal UI as the run's current details. */
export function detailsOf(dispatch: Dispatch): string {
  const view = viewOf(dispatch);
  const lines = [
    `**${view.state}**${view.waitingFor ? ` – waiting for ${markdownText(view.waitingFor)}` : ''}`,
    '',
    `* Ticket [${view.ticketId}](${view.links.ticket}), visit ${view.visit}, \`${view.correlationId}\``,
    view.workOrderId === null
      ? '* No work order yet'
      : `* Work order [${view.workOrderId}](${view.links.workOrder}): ${markdownText(view.workOrderStatus ?? 'status not known yet')}`,
  ];
  for (const { attention } of dispatch.memory.blocked) {
    lines.push('', ...attentionLines(attention));
  }
  if (dispatch.memory.skipped !== null) lines.push('', markdownText(dispatch.memory.skipped));
  const recent = dispatch.memory.timeline.slice(-8);
  if (recent.length > 0) lines.push('', '### Last events');
  for (const { at, what, detail } of recent)
    lines.push(`* ${at} ${markdownText(detail ? `${what}: ${detail}` : what)}`);
  return lines.join('\n').slice(0, 20 * BOUNDS.detail);
}
