/** Reading the ticket. Promise: what is older than our own last write is never believed. Source: interface, section 8. */
import type { PlanInput, TicketLook } from '../../contract/ticket-calls';
import { correlationId } from '../correlation';
import { meaningOf } from '../ticket-meaning';
import { NO_FACTS } from '../visit-facts';
import { asksForVisit } from './another-visit';
import { failed, unblock } from './blocks';
import { noticeTicket } from '../conversation/notice';
import type { Dispatch } from './dispatch';
import { absorb } from './inbox';
import { noticeParent } from './parent';
import { isIncomplete, isStale, isTooEarly, mayLackOurWrite, repeatStale } from './look-doubts';
import { actOn } from './look-meaning';
import { keepRequest, lookLater, takeRequest, type Asked } from './look-request';
import { looksAreShared, spendShare } from './share';
import { KINDS, type Outcome, type Step, type StepOf } from './steps';
import { noticeChange, startSending, updateIsDue } from './update';

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
  actOn(dispatch, look, meaning);
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
