/**
 * A new trigger that may be none. Promise: a visit is started neither on reconcile's word nor on an edge that may be of the
 * time when the visit before was open (interface, section 8): a person is asked.
 */
import { knownAfterLook } from '../known-ticket';
import { ruleMatches, type TicketSight } from '../trigger';
import type { Meaning } from '../ticket-meaning';
import { block, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import type { Asked } from './look-request';
import { LATE_QUESTION, SWEPT_QUESTION } from './steps';

const remedyOf = (ticketId: number): string => `Run \`deskbridge dispatch ${ticketId}\` to send somebody again.`;

/** True when a start is only asked about, not made. */
export function asksForVisit(dispatch: Dispatch, meaning: Meaning, sight: TicketSight, asked: Asked): boolean {
  const { memory } = dispatch;
  if (!ruleMatches(sight)) unblock(dispatch, LATE_QUESTION);
  if (meaning.kind !== 'start' || memory.commands.visit !== null || !(asked.swept || asked.whileOpen)) {
    unblock(dispatch, SWEPT_QUESTION);
    return false;
  }
  if (asked.whileOpen) askAboutLate(dispatch, sight);
  else askAboutSwept(dispatch);
  return true;
}

/** Seen and done with: the next webhook, whatever it is about, must not start what this one did not. */
function askAboutLate(dispatch: Dispatch, sight: TicketSight): void {
  const { memory, ticketId } = dispatch;
  memory.known = knownAfterLook(memory.known, sight);
  unblock(dispatch, SWEPT_QUESTION);
  const detail = `Ticket ${ticketId} was triggered again about when the work of visit ${dispatch.newest?.number} was done. Only a person can tell whether another visit is wanted or that one was meant`;
  const remedy = `${remedyOf(ticketId)} If nobody is wanted, run \`deskbridge retry ${ticketId}\`.`;
  const summary = 'The ticket was triggered again about when the work was done';
  block(dispatch, LATE_QUESTION, { reason: 'decision', detail, remedy }, summary);
}

/** What is known of the ticket stays as it was: the webhook, should it still come, answers the question. */
function askAboutSwept(dispatch: Dispatch): void {
  const { ticketId, memory } = dispatch;
  if (memory.blocked.some(({ step }) => step === SWEPT_QUESTION)) return;
  const detail = `Ticket ${ticketId} matches the rule again, but no webhook reported it; Deskbridge starts no visit on that alone`;
  const remedy = `${remedyOf(ticketId)} If nobody is wanted, take the ticket out of the rule.`;
  block(
    dispatch,
    SWEPT_QUESTION,
    { reason: 'decision', detail, remedy },
    'The ticket matches the rule again, but no webhook reported it',
  );
}
