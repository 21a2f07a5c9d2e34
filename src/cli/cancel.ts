/** `cancel`: calls the newest visit off. Promise: a visit that somebody works on, or has done, is called off only by a second yes. */
import type { DispatchView } from '../contract/dispatch';
import { endsByWord } from '../domain/dispatch/words';
import { agrees } from './ask';
import { withContext } from './context';
import { WorkFailedError } from '../command-errors';
import { printJson } from './output';

export interface CancelAsked {
  reason: string;
  yes: boolean;
  json: boolean;
}

/** What makes a cancel costly, in words; null where nobody is on the way yet. */
function costOf({ workOrderStatus }: DispatchView): string | null {
  switch (workOrderStatus) {
    case 'on-my-way':
      return 'The technician is on the way';
    case 'checked-in':
    case 'checked-out':
      return 'The technician is on site';
    case 'work-done':
      return 'The work is done';
    default:
      return null;
  }
}

export async function cancelVisit(ticketId: number, { reason, yes, json }: CancelAsked): Promise<void> {
  const byWord = await withContext(async ({ starter, dispatches }) => {
    const view = await dispatches.view(ticketId);
    const status = view?.workOrderStatus;
    if (status === 'approved' || status === 'paid')
      throw new WorkFailedError(`The work is ${status}: Field Nation no longer cancels it. Nothing was cancelled.`);
    const cost = view && costOf(view);
    if (cost && !yes && !(await agrees(`${cost}. Cancel the visit of ticket ${ticketId} all the same?`, json)))
      throw new WorkFailedError(`${cost}. Nothing was cancelled. Add --yes to cancel the visit all the same.`);
    await starter.cancel(ticketId, reason);
    return view !== null && endsByWord(view);
  });
  if (json) return printJson({ ticketId, accepted: true, byWord });
  if (byWord)
    console.log(
      `The visit of ticket ${ticketId} ends as cancelled by your word: Field Nation does not show its work order.`,
    );
  else console.log(`Cancelling the visit of ticket ${ticketId}. Follow it with \`deskbridge show ${ticketId}\`.`);
}
