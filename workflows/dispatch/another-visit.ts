/**
 * A new trigger that may be none. Promise: a visit is started neither on reconcile's word nor on an edge that may be of the
 * time when the visit before was open (interface, section 8): a person is asked.
 */
import { knownAfterLook, ruleMatches, type Meaning, type TicketSight } from '../../src/domain/trigger';
import { LATE_QUESTION, SWEPT_QUESTION, type Dispatch } from './state';
import type { DispatchMemory } from '../../src/contract/memory';

/** Why a look was asked for, as far as it says what an edge is worth. */
export interface Asked {
  /** Only reconcile asked for it. */
  swept: boolean;
  /** Somebody asked while a visit was open; both may be true of a look that had to wait. */
  whileOpen: boolean;
}

/** The reasons of the look that begins now; what comes in from here on is about the next one. */
export function takeAsked(memory: DispatchMemory): Asked {
  const asked = { swept: memory.sweptLook === true, whileOpen: memory.askedWhileOpen === true };
  memory.sweptLook = false;
  memory.askedWhileOpen = false;
  return asked;
}

/** A look that has to be repeated keeps its reasons, unless a better one came meanwhile. */
export function keepAsked(memory: DispatchMemory, { swept, whileOpen }: Asked): void {
  memory.sweptLook = swept && (!memory.wantsLook || memory.sweptLook === true);
  memory.askedWhileOpen = whileOpen || memory.askedWhileOpen === true;
  memory.wantsLook = true;
}

const remedyOf = (ticketId: number): string => `Run \`deskbridge dispatch ${ticketId}\` to send somebody again.`;

/** True when a start is only asked about, not made. */
export function asksForVisit(dispatch: Dispatch, meaning: Meaning, sight: TicketSight, asked: Asked): boolean {
  const { memory } = dispatch;
  if (!ruleMatches(sight)) dispatch.unblock(LATE_QUESTION);
  if (meaning.kind !== 'start' || memory.wantsVisit || !(asked.swept || asked.whileOpen)) {
    dispatch.unblock(SWEPT_QUESTION);
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
  dispatch.unblock(SWEPT_QUESTION);
  dispatch.block(
    LATE_QUESTION,
    {
      reason: 'decision',
      detail: `Ticket ${ticketId} was triggered again about when the work of visit ${dispatch.newest?.number} was done; whether another visit is wanted or that one was meant, only a person can tell`,
      remedy: `${remedyOf(ticketId)} If nobody is wanted, run \`deskbridge retry ${ticketId}\`.`,
    },
    'The ticket was triggered again about when the work was done',
  );
}

/** What is known of the ticket stays as it was: the webhook, should it still come, answers the question. */
function askAboutSwept(dispatch: Dispatch): void {
  const { ticketId } = dispatch;
  if (dispatch.isBlocked(SWEPT_QUESTION)) return;
  dispatch.block(
    SWEPT_QUESTION,
    {
      reason: 'decision',
      detail: `Ticket ${ticketId} matches the rule again, but no webhook told so; a visit is not started on that alone`,
      remedy: `${remedyOf(ticketId)} If nobody is wanted, take the ticket out of the rule.`,
    },
    'The ticket matches the rule again, but no webhook told so',
  );
}
