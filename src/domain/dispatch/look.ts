/**
 * Reading the ticket, and what that means for its visits. Promise: a visit begins here or after Field Nation was asked, and
 * nowhere else; what is older than our own last write is never believed. Source: interface, section 8.
 */
import type { WantedVisit } from '../../contract/memory';
import type { PlanInput, TicketLook } from '../../contract/ticket-calls';
import type { KnownTicket, Meaning } from '../trigger';
import { correlationId } from '../correlation';
import { knownAfterLook, meaningOf } from '../trigger';
import { NO_FACTS } from '../visit-facts';
import { asksForVisit } from './another-visit';
import { block, failed, unblock } from './blocks';
import { noticeTicket } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { startVisit } from './empty-memory';
import { absorb } from './inbox';
import { noticeParent } from './parent';
import { keepRequest, lookLater, takeRequest, type Asked } from './look-request';
import { loseOrder } from './loss';
import { askAboutDraft, askOwnership, skip, SKIPPED } from './ownership';
import { isMoneyOpen, takePlan } from './plan';
import { looksAreShared, spendShare } from './share';
import { DECISION, KINDS, LINK_QUESTION, type Outcome, type Step, type StepOf } from './steps';
import { noticeChange, startSending, updateIsDue } from './update';
import { beginWanted, isSaidAgain } from './wanted-visit';

/** A look may be older than our last write when a replica answers; after so many, each later than the one before, a person is asked. */
const STALE_LOOKS = 12;

/** The visit that the look shall map for: the newest when its plan or its order waits for it, the first when there is none yet. */
function visitToPlan(dispatch: Dispatch): PlanInput | null {
  const { account, ticketId, newest: visit, memory } = dispatch;
  if (!visit) {
    return memory.ownership ? null : { correlationId: correlationId(account, ticketId, 1), visit: 1 };
  }
  const plan = { correlationId: visit.correlationId, visit: visit.number };
  if (visit.stage === 'plan' || visit.stage === 'approval' || visit.stage === 'create') return plan;
  const { sent, refused, start } = visit.sync;
  const isUnmapped = visit.takenOver && visit.sync.content === null && visit.workOrderId !== null;
  return isUnmapped || updateIsDue(dispatch, visit) ? { ...plan, since: { sent, refused, start } } : null;
}

export function lookStep(dispatch: Dispatch): Step {
  const { account, ticketId, memory } = dispatch;
  const plan = visitToPlan(dispatch);
  const first = memory.visits.length === 0 && memory.known === null;
  return {
    kind: 'fetch-ticket',
    // A look for the sake of the order's update holds nothing else up: the next one does without.
    name: plan?.since && !memory.look.wanted ? 'update' : 'ticket',
    input: { account, ticketId, first, plan },
    visit: dispatch.newest?.number ?? null,
  };
}

export function beginLook(dispatch: Dispatch): Asked {
  if (looksAreShared(dispatch)) spendShare(dispatch, 'looks');
  return takeRequest(dispatch);
}

export function evolveLook(
  dispatch: Dispatch,
  step: StepOf<'fetch-ticket'>,
  outcome: Outcome<TicketLook>,
  asked: Asked,
): void {
  if (outcome.kind === 'let go') {
    keepRequest(dispatch, asked);
    return;
  }
  if (outcome.kind === 'failed') {
    if (step.name === 'ticket') keepRequest(dispatch, asked);
    failed(dispatch, step.name, outcome.failure, KINDS['fetch-ticket']);
    return;
  }
  unblock(dispatch, step.name);
  const look = outcome.answer;
  const { memory } = dispatch;
  if (isStale(dispatch, look)) {
    repeatStale(dispatch, look, asked);
    return;
  }
  memory.look.stale = 0;
  memory.lookedAt = look.updatedAt ?? memory.lookedAt;
  memory.paused = null;
  // What came in during the call is older than the decision: an order may be assigned by now.
  absorb(dispatch);
  const { known } = memory;
  const meaning = meaningOf(known, look.sight, dispatch.phase());
  if (mayLackOurWrite(dispatch, look, meaning)) {
    lookLater(dispatch, asked, dispatch.policy.staleLook);
    return;
  }
  noteBegin(dispatch, asked);
  if (isIncomplete(dispatch, look, step, asked)) return;
  if (isTooEarly(dispatch, look, meaning)) {
    lookLater(dispatch, asked, dispatch.policy.backoff.most / 5);
    return;
  }
  if (asksForVisit(dispatch, meaning, look.sight, asked)) {
    // The question is about the visit: what people wrote goes on all the same.
    noticeTicket(dispatch, look);
    return;
  }
  const visit = dispatch.newest;
  if (look.group !== undefined) memory.group = look.group;
  noticeParent(dispatch, look);
  if (look.facts) memory.facts = { ...NO_FACTS, ...memory.facts, ...look.facts };
  act(dispatch, look, meaning);
  noticeTicket(dispatch, look);
  if (!visit || visit !== dispatch.newest) return;
  noticeChange(dispatch, visit, look, known);
  if (look.update) startSending(dispatch, visit, look.update);
}

/** The first line of the timeline: what made Deskbridge look at the ticket. */
function noteBegin(dispatch: Dispatch, { swept }: Asked): void {
  const { visits, known, timeline, commands } = dispatch.memory;
  if (visits.length > 0 || known !== null || timeline.some(({ what }) => what === 'Begun')) return;
  const { visit } = commands;
  const byPerson = visit && `${visit.by ?? 'A person'} asked for a visit`;
  const bySweep = 'The regular check found the ticket: no webhook came';
  dispatch.note('Begun', byPerson ?? (swept ? bySweep : 'A webhook reported the ticket'));
}

/** A look that is older than our own last write would take that write for a person's change: it is never believed. */
const isStale = ({ memory: { lastWriteAt } }: Dispatch, { updatedAt }: TicketLook): boolean =>
  updatedAt !== null && lastWriteAt !== null && updatedAt < lastWriteAt;

function repeatStale(dispatch: Dispatch, look: TicketLook, asked: Asked): void {
  const { memory, policy } = dispatch;
  lookLater(dispatch, asked, Math.min(policy.staleLook * 2 ** memory.look.stale, policy.backoff.most));
  memory.look.stale += 1;
  if (memory.look.stale < STALE_LOOKS) return;
  const detail = `Freshdesk shows the ticket as of ${look.updatedAt}, older than our own change of ${memory.lastWriteAt}`;
  const remedy = 'Look at the ticket. When it is as it should be, retry: the next look is then believed.';
  block(dispatch, 'ticket', { reason: 'ambiguous', detail, remedy }, 'Freshdesk shows an older ticket than we wrote');
  memory.look.stale = 0;
  memory.lastWriteAt = null;
}

/** Freshdesk's times have whole seconds: a look of the second of our write may still lack it. The next one is believed. */
function mayLackOurWrite({ memory }: Dispatch, { updatedAt }: TicketLook, meaning: Meaning): boolean {
  const wasDoubted = memory.look.startDoubted;
  const isOfOurSecond = updatedAt !== null && updatedAt === memory.lastWriteAt;
  const isStart = meaning.kind === 'start' && memory.commands.visit === null;
  memory.look.startDoubted = isStart && isOfOurSecond && !wasDoubted;
  return memory.look.startDoubted;
}

/** A ticket that was born a moment ago: it may not be found yet, or lack what Freshdesk fills in by itself. */
function isIncomplete(dispatch: Dispatch, look: TicketLook, step: StepOf<'fetch-ticket'>, asked: Asked): boolean {
  const { memory, policy } = dispatch;
  const isMissing = step.input.first && look.sight.gone === 'not-found' && memory.commands.visit === null;
  const wait = policy.incomplete[memory.look.incomplete];
  if (!(isMissing || look.plan?.mayComeByItself === true) || wait === undefined) {
    memory.look.incomplete = 0;
    return false;
  }
  memory.look.incomplete += 1;
  const what = isMissing ? 'The ticket is not found yet' : 'The ticket is not complete yet';
  if (memory.look.incomplete === 1) dispatch.note(what, 'Freshdesk is asked again');
  lookLater(dispatch, asked, wait);
  return true;
}

/** Whether the ticket matched before is still being searched for. */
function isTooEarly({ memory }: Dispatch, { matchedBefore }: TicketLook, meaning: Meaning): boolean {
  return (
    meaning.kind === 'undecided' && matchedBefore === null && memory.commands.visit === null && memory.told === null
  );
}

function act(dispatch: Dispatch, look: TicketLook, meaning: Meaning): void {
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
  if (memory.told !== null) {
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
