/** A person closed the ticket or took the trigger back: what the config says about the visit's work order. Source: interface, section 8. */
import type { Dispatch } from './state';
import type { Visit } from '../../src/contract/memory';

/** How a person answers the question what becomes of the newest visit's order. */
export const keepOrCancel = ({ ticketId }: Dispatch): string =>
  `Run \`deskbridge cancel ${ticketId} --reason …\` to cancel the work order, or \`deskbridge retry ${ticketId}\` to keep it.`;

/** Cancels, asks an operator, or keeps. `what` says in words what happened; `onlyUnassigned` as in the cancel activity. */
export function decideOnLoss(
  dispatch: Dispatch,
  visit: Visit,
  what: string,
  choice: 'cancel' | 'ask' | 'keep',
  onlyUnassigned = false,
): void {
  dispatch.note(what, `By the config: ${choice}`);
  if (choice === 'cancel') visit.cancel = { reason: what, byTicket: true, onlyUnassigned };
  if (choice !== 'ask') return;
  dispatch.block(
    'decision',
    {
      reason: 'decision',
      detail: `${what} while its work order ${visit.workOrderId ?? ''} is under way`,
      remedy: keepOrCancel(dispatch),
    },
    `${what} while its work order is under way`,
  );
}
