/**
 * From the plan to an order that is linked. Promise: one create per decision; after an unanswered one no second before
 * look-ups and patience say that there is none; the link field's stranger is asked about, never overwritten. Source: design
 * 2.5 and 2.6.
 */
import type { CreateAnswer, FoundOrders, OwnOrder } from '../../contract/order-calls';
import { isTransient, isUnsure } from '../../contract/failures';
import type { Visit } from '../../contract/memory';
import type { Linked } from '../../contract/ticket-calls';
import { block, failed, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { holdBack } from './hold';
import { believeRead } from './news';
import { askOwnership, takeOver } from './ownership';
import { move } from './stages';
import { DECISION, KINDS, type Outcome, type Step, type StepOf } from './steps';
import { allSent, expectSent } from './update';
import { adopt, mayBeOurs } from './adopt';

/** Fallback when a visit's rules are not known, in ms (interface, section 7, `createPatience`). */
const PATIENCE_MS = 90_000;
/** Look-ups reach this far back before the create, in ms: clocks differ. */
const LOOK_BACK_MS = 60 * 60 * 1000;

export function createStep(dispatch: Dispatch, visit: Visit): Step {
  const { account, ticketId } = dispatch;
  const { correlationId, plan, rules } = visit;
  return {
    kind: 'create',
    name: 'create',
    input: {
      ...{ account, ticketId, visit: visit.number, correlationId, payload: plan?.payload ?? {} },
      since: new Date(Date.parse(visit.times.triggeredAt) - LOOK_BACK_MS).toISOString(),
      // The link field is the second leg; where there is none, the search alone is not enough.
      thorough: visit.tried || rules?.hasLinkField !== true,
      beyondHour: visit.approved?.beyondHour === true,
      ...(visit.approved?.inBulk ? { inBulk: true } : {}),
    },
    visit: visit.number,
  };
}

export function evolveCreate(dispatch: Dispatch, visit: Visit, outcome: Outcome<CreateAnswer>): void {
  const prints = visit.plan?.prints ?? {};
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'answered') {
    const { answer } = outcome;
    if (holdBack(dispatch, visit, answer)) return;
    unblock(dispatch, 'create');
    if ('created' in answer) {
      expectSent(dispatch, visit, prints);
      allSent(visit, prints);
      adopt(dispatch, visit, answer.created, 'Work order created');
    } else if ('found' in answer) takeFound(dispatch, visit, answer.found);
    return;
  }
  const { failure } = outcome;
  if (isUnsure(failure)) {
    expectSent(dispatch, visit, prints);
    visit.tried = true;
    visit.unsureSince = dispatch.at();
    visit.lookUps = 0;
    dispatch.note(
      'Create unanswered',
      `${failure.detail}. Checking whether the work order was created before trying again`,
    );
    move(visit, 'unanswered');
    scheduleLookUp(dispatch, visit);
  } else failed(dispatch, 'create', failure, KINDS.create);
}

/** There was an order already: of an earlier try, or of a run that this one knows nothing of. */
function takeFound(dispatch: Dispatch, visit: Visit, found: OwnOrder[]): void {
  const { memory } = dispatch;
  if (visit.tried || memory.visits.length > 1 || visit.number > 1) {
    settle(dispatch, visit, found);
    return;
  }
  // The first visit that this run knows of: later ones may have followed, and the highest counts.
  memory.visits.pop();
  const thorough = visit.rules?.hasLinkField !== true;
  askOwnership(dispatch, { link: null, otherwise: null, wanted: null, thorough });
  // The search may lag behind what the create has seen.
  memory.ownership?.orders.push(...found);
}

function patienceOf(visit: Visit): number {
  return visit.rules?.createPatienceMs ?? PATIENCE_MS;
}

/** The next look-up: by the policy's delays, and one more when patience has passed. */
function scheduleLookUp(dispatch: Dispatch, visit: Visit): void {
  const since = Date.parse(visit.unsureSince ?? '') || dispatch.now();
  const patience = patienceOf(visit);
  const delay = dispatch.policy.lookUpDelays[visit.lookUps] ?? patience;
  visit.notBefore = new Date(since + Math.min(delay, patience)).toISOString();
}

export function lookUpStep(dispatch: Dispatch, visit: Visit): Step {
  const since = Date.parse(visit.unsureSince ?? '') || dispatch.now();
  const { account, ticketId } = dispatch;
  return {
    kind: 'find-unsure',
    name: 'find',
    input: {
      ...{ account, ticketId, visit: visit.number, ...(visit.lookUp ?? { by: 'search', page: 1 }) },
      since: new Date(since - LOOK_BACK_MS).toISOString(),
    },
    visit: visit.number,
  };
}

/** More pages of 25 than a day of any account should have; the search has found it long before. */
const MOST_PAGES = 40;

export function evolveLookUp(
  dispatch: Dispatch,
  visit: Visit,
  step: StepOf<'find-unsure'>,
  outcome: Outcome<FoundOrders>,
): void {
  if (outcome.kind === 'let go' || visit.stage !== 'unsure') return;
  if (outcome.kind === 'failed') {
    failed(dispatch, 'find', outcome.failure, KINDS['find-unsure']);
    return;
  }
  unblock(dispatch, 'find');
  const since = Date.parse(visit.unsureSince ?? '') || dispatch.now();
  const begun = visit.lookUp?.begun ?? dispatch.at();
  const { orders, nextPage } = outcome.answer;
  const own = orders.filter((order) => order.visit === visit.number);
  if (own.length > 0) {
    visit.lookUp = null;
    settle(dispatch, visit, own);
    return;
  }
  const { by, page } = step.input;
  if (by === 'search') {
    visit.lookUp = { by: 'newest', page: 1, begun };
    return;
  }
  if (nextPage !== null && page < MOST_PAGES) {
    visit.lookUp = { by: 'newest', page: nextPage, begun };
    return;
  }
  visit.lookUp = null;
  visit.lookUps += 1;
  // Only a look-up that began after the patience had passed may say that there is none.
  if (Date.parse(begun) < since + patienceOf(visit)) {
    scheduleLookUp(dispatch, visit);
    return;
  }
  visit.unsureSince = null;
  if (visit.cancel) {
    endWithoutOrder(dispatch, visit);
    return;
  }
  dispatch.note('No work order found', 'The unanswered create surely had no effect; creating again');
  move(visit, 'surely not created');
  // The ticket may have changed its mind while we waited.
  dispatch.memory.look.wanted = true;
}

/** Keeps one of the orders that carry the visit's id: the one that is out already, else the oldest draft. */
function settle(dispatch: Dispatch, visit: Visit, found: OwnOrder[]): void {
  const orders = found.filter((order) => order.visit === visit.number);
  const live = orders.filter((order) => order.status !== 'cancelled').sort((a, b) => a.workOrderId - b.workOrderId);
  const out = live.filter((order) => order.status !== 'draft');
  // Of a create that this run does not remember nothing is deleted: a person decides.
  if (out.length > 1 || (live.length > 1 && !live.every((order) => mayBeOurs(visit, order)))) {
    const ids = (out.length > 1 ? out : live).map((order) => order.workOrderId).join(', ');
    const detail = `Several work orders carry ${visit.correlationId}: ${ids}`;
    const remedy = 'Cancel all but one of them in Field Nation, then retry.';
    block(
      dispatch,
      visit.tried ? 'find' : 'create',
      { reason: 'ambiguous', detail, remedy },
      detail.split(':')[0] ?? '',
    );
    return;
  }
  const kept = out[0] ?? live[0];
  if (!kept) {
    if (visit.tried || orders.length > 0) endWithoutOrder(dispatch, visit);
    return;
  }
  if (!mayBeOurs(visit, kept)) {
    takeOver(dispatch, visit, kept);
    return;
  }
  visit.surplus = live.filter((order) => order !== kept).map((order) => order.workOrderId);
  // Nothing of this run brought it out: a run that is gone may have told the ticket of it, so notes are looked for first.
  if (kept.status !== 'draft') visit.takenOver = true;
  // Its status comes in like any other news, so that what it does to the ticket is not lost.
  adopt(dispatch, visit, { ...kept, status: null, at: null }, 'Work order found');
  believeRead(dispatch, visit, kept);
}

/** The next of the drafts that this very run created once too often. */
export function surplusStep({ correlationId, number, surplus }: Visit): Step | null {
  const workOrderId = surplus[0];
  if (workOrderId === undefined) return null;
  return { kind: 'delete-draft', name: 'find', input: { workOrderId, correlationId }, visit: number };
}

export function evolveSurplus(
  dispatch: Dispatch,
  visit: Visit,
  step: StepOf<'delete-draft'>,
  outcome: Outcome<{ deleted: boolean }>,
): void {
  const { workOrderId } = step.input;
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'failed' && isTransient(outcome.failure)) {
    failed(dispatch, 'find', outcome.failure, KINDS['delete-draft']);
    return;
  }
  unblock(dispatch, 'find');
  visit.surplus = visit.surplus.filter((id) => id !== workOrderId);
  const deleted = outcome.kind === 'answered' && outcome.answer.deleted;
  dispatch.note('Doubled draft', `Work order ${workOrderId} ${deleted ? 'deleted' : 'could not be deleted'}`);
}

/** The visit ends, and there is no order of it. */
export function endWithoutOrder(dispatch: Dispatch, visit: Visit): void {
  visit.plan = null;
  visit.approval = null;
  unblock(dispatch, 'plan', 'approval', 'create', 'find', 'cancel', DECISION);
  dispatch.note(`Visit ${visit.number} cancelled`, visit.cancel?.reason ?? 'Its work order was cancelled');
  visit.cancel = null;
  move(visit, 'called off');
}

export function linkStep(dispatch: Dispatch, visit: Visit): Step | null {
  const { workOrderId } = visit;
  if (workOrderId === null) return null;
  const input = { ticketId: dispatch.ticketId, workOrderId };
  return { kind: 'link', name: 'link', input, visit: visit.number };
}

export function evolveLink(dispatch: Dispatch, visit: Visit, outcome: Outcome<Linked>): void {
  const { memory, ticketId } = dispatch;
  if (outcome.kind === 'let go') return;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type === 'NotFound') memory.look.wanted = true;
    failed(dispatch, 'link', outcome.failure, KINDS.link);
    return;
  }
  const linked = outcome.answer;
  memory.lastWriteAt = linked.updatedAt ?? memory.lastWriteAt;
  // The answer is the freshest sight there is: what a person changed unnoticed is looked at before anything is published.
  const { known } = memory;
  const changed = linked.status !== known?.status || known.tags.some((tag) => !linked.tags.includes(tag));
  if (known && linked.status !== null && changed) memory.look.wanted = true;
  unblock(dispatch, 'link');
  dispatch.note('Linked', `Ticket ${ticketId} names work order ${visit.workOrderId}`);
  const isToPublish = visit.status?.key === 'draft' && visit.rules?.afterCreate !== 'draft' && !visit.takenOver;
  move(visit, isToPublish ? 'linked' : 'linked, nothing to publish');
}
