/**
 * The agent is told in the ticket at once when it cannot be sent, and when that is put right. Promise: one note for each
 * cause; only what the ticket or its mapping can mend. Source: interface, section 7, `alerts.ticketNote`.
 */
import type { Attention } from '../../contract/dispatch';
import type { Blocked } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import { checksum } from '../text/checksum';
import { escapeHtml } from '../text/plain';
import { tellAgent } from './agent-notes';
import type { Dispatch } from './dispatch';

/** What an agent can mend: other reasons are told to operators by alerts. */
const FOR_AGENTS: readonly Attention['reason'][] = ['mapping', 'rejected'];

/** The steps whose trouble an agent is told of, and when each is behind the visit. */
const BEHIND: Record<string, (visit: Visit) => boolean> = {
  plan: ({ stage }) => stage !== 'plan',
  create: ({ workOrderId }) => workOrderId !== null,
  publish: ({ stage }) => !['create', 'unsure', 'link', 'publish'].includes(stage),
  // Blocked or not, a change waits until it is mapped.
  update: ({ sync }) => sync.wantedAt === null,
};

const CANNOT_BE_SENT = {
  ticket: ['This ticket cannot be sent to the field as it is.', 'The ticket cannot be sent as it is'],
  change: [
    'The ticket as it is now cannot be sent to Field Nation. The work order stays as it was.',
    'The changed ticket cannot be sent as it is',
  ],
} as const;

/** After each step: puts the notes that are due in line. */
export function tellAttention(dispatch: Dispatch): void {
  const { newest: visit, memory } = dispatch;
  if (!visit || (visit.rules?.ticketNote ?? 'off') === 'off' || memory.known?.gone === true) return;
  for (const blocked of memory.blocked)
    if (blocked.step in BEHIND && FOR_AGENTS.includes(blocked.attention.reason)) tellOnce(visit, blocked);
  const isBehind = ({ step }: { step: string }): boolean => BEHIND[step]?.(visit) ?? true;
  const wasNoted = visit.causesNoted.some(isBehind);
  visit.causesNoted = visit.causesNoted.filter((noted) => !isBehind(noted));
  // A visit that was called off was not put right.
  if (!wasNoted || visit.causesNoted.length > 0 || visit.cancel !== null || visit.stage === 'ended') return;
  tell(visit, {
    what: 'put right',
    html: '<p>The problem is fixed. Deskbridge goes on with this ticket.</p>',
    about: 'The problem is fixed',
  });
  visit.putRight += 1;
}

function tellOnce(visit: Visit, { step, attention }: Blocked): void {
  const cause = `${attention.reason} ${attention.detail}`;
  if (visit.causesNoted.some((noted) => noted.step === step && noted.cause === cause)) return;
  visit.causesNoted = [...visit.causesNoted.filter((noted) => noted.step !== step), { step, cause }];
  const [title, about] = CANNOT_BE_SENT[step === 'update' ? 'change' : 'ticket'];
  tell(visit, {
    what: `cannot ${step}`,
    html:
      `<p><b>${title}</b> ${escapeHtml(attention.detail)}</p>` + `<p>What to do: ${escapeHtml(attention.remedy)}</p>`,
    about,
  });
}

/** The marker names the cause: a run that has forgotten that it told it, tells it with the same one. */
function tell(visit: Visit, { what, html, about }: { what: string; html: string; about: string }): void {
  const marker = `${visit.correlationId} ${what} ${visit.putRight + 1}-${checksum(html)}`;
  const body = `<div>${html}</div><div><small>Deskbridge ${escapeHtml(marker)}</small></div>`;
  tellAgent(visit, { marker, body, about });
}
