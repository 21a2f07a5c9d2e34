/**
 * A look that only reconcile asked for. Promise: it never starts another visit (interface, section 8: reconcile is no
 * edge). What looks like a new trigger becomes a question, and its webhook, should it still come, answers it.
 */
import type { Meaning } from '../../src/domain/trigger';
import type { Dispatch } from './state';

const STEP = 'visit';

/** True when the look ends here, with what is known of the ticket left as it was: the edge is still to be seen. */
export function asksForVisit(dispatch: Dispatch, meaning: Meaning, swept: boolean): boolean {
  const { memory, ticketId } = dispatch;
  if (meaning.kind !== 'start' || !swept || memory.wantsVisit) {
    dispatch.unblock(STEP);
    return false;
  }
  if (dispatch.isBlocked(STEP)) return true;
  dispatch.block(
    STEP,
    {
      reason: 'decision',
      detail: `Ticket ${ticketId} matches the rule again, but no webhook told so; a visit is not started on that alone`,
      remedy: `Run \`deskbridge dispatch ${ticketId}\` to send somebody again. If nobody is wanted, take the ticket out of the rule.`,
    },
    'The ticket matches the rule again, but no webhook told so',
  );
  return true;
}
