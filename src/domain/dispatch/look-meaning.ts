/**
 * What a believed look does to the visits. Promise: a visit begins here or after Field Nation was asked, and nowhere else.
 * Source: interface, section 8.
 */
import type { WantedVisit } from '../../contract/memory';
import type { TicketLook } from '../../contract/ticket-calls';
import { knownAfterLook } from '../known-ticket';
import type { KnownTicket } from '../trigger';
import type { Meaning } from '../ticket-meaning';
import { block, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { startVisit } from './empty-memory';
import { loseOrder } from './loss';
import { askOwnership } from './ownership';
import { skip, SKIPPED } from './skip';
import { askAboutDraft } from './take-over';
import { isMoneyOpen, takePlan } from './plan';
import { DECISION, LINK_QUESTION } from './steps';
import { beginWanted, isSaidAgain } from './wanted-visit';

/** Starts, loses or takes back a visit, or lets its plan follow the ticket. */
export function actOn(dispatch: Dispatch, look: TicketLook, meaning: Meaning): void {
  const { memory } = dispatch;
  const before = memory.known;
  memory.known = knownAfterLook(before, look.sight);
  if (memory.commands.visit !== null && dispatch.isOpen()) {
    memory.commands.visit = null;
    dispatch.note('Dispatch by hand ignored', 'A visit is under way already');
  }
  if (memory.commands.visit !== null && isSaidAgain(dispatch, memory.commands.visit)) memory.commands.visit = null;
  if (memory.commands.visit !== null) {
    startByPerson(dispatch, look, memory.commands.visit);
    memory.commands.visit = null;
    return;
  }
  const visit = dispatch.newest;
  switch (meaning.kind) {
    case 'undecided':
    case 'skip':
      beginWithoutMemory(dispatch, look, meaning);
      break;
    case 'start':
      startVisit(dispatch, (visit?.number ?? 0) + 1);
      dispatch.note(`Visit ${dispatch.newest?.number}`, 'A person triggered the rule again');
      memory.look.wanted = true;
      break;
    case 'barred':
      dispatch.note('No visit begun', `The ticket was triggered again, but ${meaning.why}`);
      break;
    case 'lost':
      if (visit) loseTicket(dispatch, look, meaning);
      break;
    case 'back':
      takeBack(dispatch, before);
      if (visit) takePlan(dispatch, visit, look);
      break;
    case 'nothing':
      if (visit) takePlan(dispatch, visit, look);
      break;
  }
  askAboutNewLink(dispatch, look);
}

/** The first look of a run: it knows no edge, so Field Nation has the last word about what there was before. */
function beginWithoutMemory(
  dispatch: Dispatch,
  look: TicketLook,
  meaning: Extract<Meaning, { kind: 'undecided' | 'skip' }>,
): void {
  const { memory } = dispatch;
  const { sight, rules } = look;
  memory.link = sight.link;
  if (memory.ownership || memory.blocked.some(({ step }) => step === LINK_QUESTION)) return;
  const otherwise = meaning.kind === 'undecided' || meaning.why === 'linked' ? null : skipText(look, meaning.why);
  const ask = { link: sight.link, otherwise, wanted: null, thorough: !rules.hasLinkField };
  if (memory.unknownOrder !== null) {
    askOwnership(dispatch, ask);
    return;
  }
  if (meaning.kind === 'undecided' && look.matchedBefore) {
    askOwnership(dispatch, { ...ask, otherwise: SKIPPED.before });
    return;
  }
  if (meaning.kind === 'skip') {
    const needsNoCall = ['no-match', 'barred'].includes(meaning.why) && rules.hasLinkField && sight.link === null;
    if (needsNoCall) skip(dispatch, otherwise ?? SKIPPED['no-match']);
    else askOwnership(dispatch, ask);
    return;
  }
  // The create looks for orders of this visit itself; only a question about money must not come before that.
  if (look.plan && isMoneyOpen(look.plan, rules)) askOwnership(dispatch, ask);
  else takePlan(dispatch, startVisit(dispatch, 1), look);
}

function skipText({ unknownStatuses, sight }: TicketLook, why: 'no-match' | 'closed' | 'gone' | 'barred'): string {
  if (why === 'barred') return SKIPPED.barred(sight.barred);
  const unknown = unknownStatuses.map((label) => `"${label}"`).join(', ');
  const hint = unknown && why === 'no-match' ? ` Freshdesk has no status ${unknown}: check dispatch.when.` : '';
  return SKIPPED[why] + hint;
}

/** A person's word starts a visit whatever the rule says, but never beside an open one. */
function startByPerson(dispatch: Dispatch, look: TicketLook, wanted: WantedVisit): void {
  const { memory } = dispatch;
  const visit = dispatch.newest;
  unblock(dispatch, LINK_QUESTION);
  if (look.sight.gone) {
    skip(dispatch, SKIPPED.gone);
    return;
  }
  if (!visit) {
    memory.link = look.sight.link;
    askOwnership(dispatch, {
      link: look.sight.link,
      otherwise: null,
      wanted,
      thorough: !look.rules.hasLinkField,
    });
    return;
  }
  beginWanted(dispatch, visit.number + 1, wanted);
}

/** A person closed the ticket or took the trigger back. */
function loseTicket(dispatch: Dispatch, look: TicketLook, lost: Extract<Meaning, { kind: 'lost' }>): void {
  const visit = dispatch.newest;
  if (!visit) return;
  if (dispatch.phase() === 'before-order') {
    dispatch.memory.visits.pop();
    unblock(dispatch, 'plan', 'approval', 'create', LINK_QUESTION);
    dispatch.note(`Visit ${visit.number} withdrawn`, `The ticket was ${lost.what} before a work order was created`);
    // With an earlier visit there is a state worth showing; a run that knows of none has ended.
    if (!dispatch.newest) skip(dispatch, `The ticket was ${lost.what} before a work order was created.`);
    return;
  }
  visit.rules = look.rules;
  loseOrder(dispatch, visit, look, lost);
}

function takeBack(dispatch: Dispatch, before: KnownTicket | null): void {
  const { memory, newest: visit } = dispatch;
  memory.loss = null;
  // That the ticket is back answers what was asked because it had gone, but not what becomes of another run's draft.
  if (visit?.takenOver && visit.workOrderId !== null && visit.status?.key === 'draft')
    askAboutDraft(dispatch, visit.workOrderId);
  else unblock(dispatch, DECISION);
  if (visit?.cancel?.byTicket) {
    visit.cancel = null;
    unblock(dispatch, 'cancel');
  }
  dispatch.note('The ticket is back', before?.gone ? 'It is restored' : 'It matches the rule again');
}

/** Somebody has written a work order into the link field since the visit began: it would be overwritten. */
function askAboutNewLink(dispatch: Dispatch, { sight: { link } }: TicketLook): void {
  const { memory, newest: visit, ticketId } = dispatch;
  const isOurs = memory.visits.some(({ workOrderId }) => workOrderId !== null && String(workOrderId) === link);
  const isNew = link !== null && link !== memory.link && !isOurs;
  memory.newLink = isNew ? link : null;
  if (!isNew) memory.link = link;
  if (!visit || !isNew || !['plan', 'approval', 'create', 'link'].includes(visit.stage)) {
    if (!isNew) unblock(dispatch, LINK_QUESTION);
    return;
  }
  const detail = `Ticket ${ticketId} names work order ${link}, which Deskbridge did not create; linking would overwrite it`;
  const remedy = `Clear the link field, or run \`deskbridge retry ${ticketId}\` to overwrite it. To send nobody, run \`deskbridge cancel ${ticketId} --reason …\`.`;
  block(
    dispatch,
    LINK_QUESTION,
    { reason: 'decision', detail, remedy },
    'The ticket names a work order that is not ours',
  );
}
