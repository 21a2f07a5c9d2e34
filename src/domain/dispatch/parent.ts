/**
 * Tells the parent ticket's run how the visit of this child stands. Promise: a ticket without a parent makes no call; one
 * with a parent makes one when its order is known and one when its visit is over, and again only when that changes.
 */
import type { SiteNews, SiteStanding } from '../../contract/sites';
import type { TicketLook } from '../../contract/ticket-calls';
import { failed, isBlocked, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { KINDS, type Outcome, type Step, type StepOf } from './steps';

/** Takes the parent from a look; a ticket that was moved tells its new one. One that is gone still tells how its visit ends. */
export function noticeParent({ memory }: Dispatch, { parentId, sight }: TicketLook): void {
  if (sight.gone !== null) return;
  if (parentId === undefined) delete memory.parent;
  else if (memory.parent?.id !== parentId) memory.parent = { id: parentId, sent: null };
}

const standingOf = (dispatch: Dispatch): SiteStanding =>
  dispatch.newest?.stage === 'ended' ? 'cancelled' : dispatch.phase() === 'over' ? 'done' : 'open';

/** What the parent is to know; null while there is no order and nothing is over. */
function newsOf(dispatch: Dispatch): SiteNews | null {
  const { newest: visit, ticketId } = dispatch;
  if (!visit) return null;
  const [standing, workOrderId] = [standingOf(dispatch), visit.workOrderId];
  if (standing === 'open' && workOrderId === null) return null;
  return { ticketId, visit: visit.number, at: dispatch.at(), standing, workOrderId };
}

const keyOf = ({ visit, standing }: SiteNews): string => `${visit} ${standing}`;

export function decideTellParent(dispatch: Dispatch): Step | null {
  const { parent } = dispatch.memory;
  const news = parent ? newsOf(dispatch) : null;
  if (!parent || !news || parent.sent === keyOf(news) || isBlocked(dispatch, 'parent')) return null;
  return { kind: 'tell-parent', name: 'parent', input: { parentId: parent.id, news }, visit: null };
}

export function evolveTellParent(dispatch: Dispatch, step: StepOf<'tell-parent'>, outcome: Outcome<void>): void {
  const { parent } = dispatch.memory;
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'failed') return failed(dispatch, 'parent', outcome.failure, KINDS['tell-parent']);
  unblock(dispatch, 'parent');
  if (parent?.id === step.input.parentId) parent.sent = keyOf(step.input.news);
}
