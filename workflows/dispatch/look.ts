/**
 * Step: look at the ticket and decide what that means for its visits. Promise: a visit begins here or nowhere, and only
 * after ticket, link and Field Nation were asked. Source: interface, section 8.
 */

import { correlationId } from '../../src/domain/correlation';
import { isAssigned } from '../../src/domain/status';
import { knownAfterLook, meaningOf, type Meaning } from '../../src/domain/trigger';
import { freshdesk, newTickets } from '../proxies';
import { takeEvent } from './events';
import { findWorkOrders, findAnywhere } from './find';
import { asksForVisit, keepAsked, takeAsked, type Asked } from './another-visit';
import { decideOnLoss } from './loss';
import { mappingAttention } from './mapping-attention';
import type { Dispatch } from './state';
import { stepFailure } from '../step-failure';
import { noticeTicket } from './talk';
import { noticeChange, sendUpdate, updateIsDue } from './update';
import { unlessPersonSpeaks } from './waiting';
import type { TicketLook, PlanInput } from '../../src/contract/ticket-calls';
import type { Visit } from '../../src/contract/memory';

/** A look may be older than our last write when a replica answers; after so many, each later than the one before, a person is asked. */
const STALE_LOOKS = 12;

/** How far back the newest orders are read for a dispatch that was forgotten, in ms. */
const EARLIER_MS = 30 * 24 * 60 * 60 * 1000;

/** More visits of one ticket than anybody could have had; ends the search for a free number. */
const MOST_VISITS = 50;

const SKIPPED = {
  'no-match':
    'The ticket matches no rule: neither its status nor its tags are named in dispatch.when of the config file.',
  closed: 'The ticket matches the rule but is already resolved or closed. Reopen it, or run `deskbridge dispatch`.',
  gone: 'The ticket is deleted, marked as spam or cannot be found.',
  linked:
    'The ticket is linked to a work order of an earlier dispatch already. To send somebody again, run `deskbridge dispatch`; if the link is wrong, clear the link field.',
  known:
    'Field Nation already has a work order of this ticket. Look at it there; to send somebody again, run `deskbridge dispatch`.',
} as const;

/** The visit that the look shall map for: the newest when its plan or its order waits for it, the first when there is none yet. */
function visitToPlan(dispatch: Dispatch): PlanInput | null {
  const visit = dispatch.newest;
  if (!visit) return { correlationId: correlationId(dispatch.account, dispatch.ticketId, 1), visit: 1 };
  const plan = { correlationId: visit.correlationId, visit: visit.number };
  if (visit.stage === 'plan' || visit.stage === 'create') return plan;
  const { sent, refused } = visit.sync;
  return updateIsDue(dispatch, visit) ? { ...plan, since: { sent, refused } } : null;
}

export async function lookAtTicket(dispatch: Dispatch): Promise<void> {
  const { memory, newest: visit } = dispatch;
  const wanted = memory.wantsLook;
  memory.wantsLook = false;
  memory.lookNotBefore = null;
  const asked = takeAsked(memory);
  let look: TicketLook;
  const input = { account: dispatch.account, ticketId: dispatch.ticketId, plan: visitToPlan(dispatch) };
  try {
    const answer = await unlessPersonSpeaks(dispatch, () => (visit ? freshdesk : newTickets).lookAtTicket(input));
    if (answer === 'interrupted') {
      keepAsked(memory, asked);
      return;
    }
    look = answer;
    dispatch.unblock('look');
  } catch (error) {
    const failure = stepFailure(error);
    // A look for the sake of the order's update holds nothing else up: the next one does without.
    if (!input.plan?.since || wanted) keepAsked(memory, asked);
    const step = input.plan?.since ? 'update' : 'look';
    dispatch.block(step, failure, `Reading the ticket failed (${failure.status ?? 'no answer'})`);
    return;
  }
  if (isStale(dispatch, look)) {
    lookLater(dispatch, asked);
    if (memory.staleLooks >= STALE_LOOKS) askAboutStale(dispatch, look);
    return;
  }
  memory.staleLooks = 0;
  memory.lookedAt = look.updatedAt ?? memory.lookedAt ?? null;
  // What came in during the call is older than the decision: an order may be assigned by now.
  for (let event = memory.inbox.shift(); event; event = memory.inbox.shift()) takeEvent(dispatch, event);
  const { known } = memory;
  const meaning = meaningOf(known, look.sight, dispatch.phase());
  if (mayLackOurWrite(dispatch, look, meaning)) {
    lookLater(dispatch, asked);
    return;
  }
  if (asksForVisit(dispatch, meaning, look.sight, asked)) {
    // The question is about the visit: what people wrote goes on all the same.
    noticeTicket(dispatch, look);
    return;
  }
  await act(dispatch, look, meaning);
  noticeTicket(dispatch, look);
  if (!visit) return;
  noticeChange(dispatch, visit, look, known);
  if (look.update) await sendUpdate(dispatch, visit, look.update);
}

/** A look that is older than our own last write would take that write for a person's change: it is never believed. */
const isStale = ({ memory: { lastWriteAt } }: Dispatch, { updatedAt }: TicketLook): boolean =>
  updatedAt !== null && lastWriteAt !== null && updatedAt < lastWriteAt;

/** Freshdesk's times have whole seconds: a look of the second of our write may still lack it. The next one is believed. */
function mayLackOurWrite({ memory }: Dispatch, { updatedAt }: TicketLook, meaning: Meaning): boolean {
  const wasDoubted = memory.startDoubted;
  const isOfOurSecond = updatedAt !== null && updatedAt === memory.lastWriteAt;
  memory.startDoubted = meaning.kind === 'start' && !memory.wantsVisit && isOfOurSecond && !wasDoubted;
  return memory.startDoubted;
}

function askAboutStale(dispatch: Dispatch, look: TicketLook): void {
  const { memory } = dispatch;
  const detail = `Freshdesk shows the ticket as of ${look.updatedAt}, older than our own change of ${memory.lastWriteAt}`;
  const remedy = 'Look at the ticket; when it is as it should be, retry: the next look is then believed.';
  dispatch.block('look', { reason: 'ambiguous', detail, remedy }, 'Freshdesk shows an older ticket than we wrote');
  memory.staleLooks = 0;
  memory.lastWriteAt = null;
}

/** Repeats the look for the same reasons; each time later. */
function lookLater(dispatch: Dispatch, asked: Asked): void {
  const { memory, now, policy } = dispatch;
  keepAsked(memory, asked);
  const wait = Math.min(policy.staleLook * 2 ** memory.staleLooks, policy.backoff.most);
  memory.staleLooks += 1;
  memory.lookNotBefore = new Date(now() + wait).toISOString();
}

async function act(dispatch: Dispatch, look: TicketLook, meaning: Meaning): Promise<void> {
  const { memory } = dispatch;
  const visit = dispatch.newest;
  const remember = (): void => {
    memory.known = knownAfterLook(memory.known, look.sight);
  };

  if (memory.wantsVisit && dispatch.isOpen()) {
    memory.wantsVisit = false;
    dispatch.note('Dispatch by hand ignored', 'A visit is under way already');
  }
  if (memory.wantsVisit) {
    const done = await startByPerson(dispatch, look);
    if (done) remember();
    return;
  }
  switch (meaning.kind) {
    case 'undecided': {
      const earlier = await findEarlierOrder(dispatch, 1, look.rules.hasLinkField);
      if (earlier === 'failed') return;
      if (earlier !== null) skip(dispatch, `${SKIPPED.known} (work order ${earlier})`);
      else takePlan(dispatch, dispatch.startVisit(1), look);
      break;
    }
    case 'skip': {
      const unknown = look.unknownStatuses.map((label) => `"${label}"`).join(', ');
      const hint =
        unknown && meaning.why === 'no-match' ? ` Freshdesk has no status ${unknown}: check dispatch.when.` : '';
      skip(dispatch, SKIPPED[meaning.why] + hint);
      break;
    }
    case 'start':
      dispatch.startVisit((visit?.number ?? 0) + 1);
      dispatch.note(`Visit ${dispatch.newest?.number}`, 'A person triggered the rule again');
      memory.wantsLook = true;
      break;
    case 'lost':
      loseTicket(dispatch, look, meaning);
      break;
    case 'back':
      dispatch.unblock('decision');
      if (visit?.cancel?.byTicket) {
        visit.cancel = null;
        dispatch.unblock('cancel');
      }
      dispatch.note('The ticket is back', memory.known?.gone ? 'It is restored' : 'It matches the rule again');
      if (visit) takePlan(dispatch, visit, look);
      break;
    case 'nothing':
      if (visit) takePlan(dispatch, visit, look);
      break;
  }
  remember();
}

/** Takes over the mapping of a look, unless the visit has no use for it any more. */
function takePlan(dispatch: Dispatch, visit: Visit, look: TicketLook): void {
  visit.rules = look.rules;
  if (look.plan === null || (visit.stage !== 'plan' && visit.stage !== 'create')) return;
  const { problems } = look.plan;
  visit.sync.content = look.content?.print ?? null;
  if (problems.length === 0) {
    dispatch.unblock('plan');
    visit.plan = look.plan;
    if (visit.stage === 'plan') {
      dispatch.note('Mapped', `${visit.correlationId}: ${Object.keys(look.plan.payload).join(', ')}`);
      dispatch.enter(visit, 'create');
    }
    return;
  }
  visit.stage = 'plan';
  dispatch.block(
    'plan',
    mappingAttention(problems),
    `The ticket cannot be mapped: ${problems.map((p) => p.target).join(', ')}`,
  );
}

function skip(dispatch: Dispatch, why: string): void {
  // With earlier visits there is a state worth showing; only without any the dispatch is over.
  if (!dispatch.newest) dispatch.memory.skipped = why;
  dispatch.note('Skipped', why);
}

/** A person closed the ticket or took the trigger back. */
function loseTicket(dispatch: Dispatch, look: TicketLook, lost: Extract<Meaning, { kind: 'lost' }>): void {
  const visit = dispatch.newest;
  if (!visit) return;
  if (dispatch.phase() === 'before-order') {
    dispatch.memory.visits.pop();
    for (const step of ['plan', 'create']) dispatch.unblock(step);
    dispatch.note(`Visit ${visit.number} withdrawn`, `The ticket was ${lost.what} before a work order was created`);
    if (visit.number === 1) skip(dispatch, `The ticket was ${lost.what} before a work order was created.`);
    return;
  }
  visit.rules = look.rules;
  // A closed ticket has nothing to say to its order: the question what becomes of it must not hide behind that.
  if (lost.how === 'closed') dispatch.unblock('update');
  if (visit.workOrderId === null) {
    // An unanswered create: there is nothing yet that could be kept.
    dispatch.note(`The ticket was ${lost.what}`, 'No work order is known yet; none will be created');
    const reason = `Ticket ${dispatch.ticketId} was ${lost.what}`;
    visit.cancel = { reason, byTicket: true, onlyUnassigned: false };
    return;
  }
  const assigned = visit.status !== null && isAssigned(visit.status.key);
  const { onTicketClosed, onTriggerRemoved } = look.rules;
  const byConfig = lost.how === 'removed' ? onTriggerRemoved : onTicketClosed[assigned ? 'assigned' : 'unassigned'];
  // A key that may no longer see the tickets of a group finds them no more either, all at once.
  const choice = look.sight.gone === 'not-found' && byConfig === 'cancel' ? 'ask' : byConfig;
  // Somebody may be assigned whose event has not come yet; that is asked before the order is cancelled.
  const onlyUnassigned = lost.how === 'closed' && !assigned && onTicketClosed.assigned !== 'cancel';
  decideOnLoss(dispatch, visit, `Ticket ${dispatch.ticketId} was ${lost.what}`, choice, onlyUnassigned);
}

/** A person's word starts a visit whatever the rule says, but never beside an open one. False: to be tried again. */
async function startByPerson(dispatch: Dispatch, look: TicketLook): Promise<boolean> {
  const { memory } = dispatch;
  if (look.sight.gone) {
    memory.wantsVisit = false;
    skip(dispatch, SKIPPED.gone);
    return true;
  }
  let number = (dispatch.newest?.number ?? (look.sight.link === null ? 0 : 1)) + 1;
  if (!dispatch.newest) {
    const free = await freeVisitNumber(dispatch, number, look.rules.hasLinkField);
    if (free === null) return false;
    number = free;
  }
  memory.wantsVisit = false;
  const visit = dispatch.startVisit(number);
  dispatch.note(`Visit ${number}`, 'A person asked for it');
  if (number === 1) takePlan(dispatch, visit, look);
  else memory.wantsLook = true;
  return true;
}

/** Without a memory of this ticket only Field Nation knows which visits there were. */
async function freeVisitNumber(dispatch: Dispatch, from: number, hasLinkField: boolean): Promise<number | null> {
  for (let number = from; number < from + MOST_VISITS; number++) {
    const earlier = await findEarlierOrder(dispatch, number, hasLinkField);
    if (earlier === 'failed') return null;
    if (earlier === null) return number;
  }
  return from + MOST_VISITS;
}

/** The work order that Field Nation has of this visit, if any. */
async function findEarlierOrder(
  dispatch: Dispatch,
  visit: number,
  hasLinkField: boolean,
): Promise<number | null | 'failed'> {
  const { memory } = dispatch;
  const id = correlationId(dispatch.account, dispatch.ticketId, visit);
  try {
    const since = new Date(dispatch.now() - EARLIER_MS).toISOString();
    const orders = await unlessPersonSpeaks(
      dispatch,
      // The link field is the second leg; where there is none, the search alone is not enough.
      () => (hasLinkField ? findWorkOrders({ correlationId: id, by: 'search', since }) : findAnywhere(id, since)),
    );
    if (orders === 'interrupted') {
      memory.wantsLook = true;
      return 'failed';
    }
    dispatch.unblock('look');
    return orders[0]?.workOrderId ?? null;
  } catch (error) {
    const failure = stepFailure(error);
    memory.wantsLook = true;
    dispatch.block(
      'look',
      failure,
      `Asking Field Nation for earlier work orders failed (${failure.status ?? 'no answer'})`,
    );
    return 'failed';
  }
}
