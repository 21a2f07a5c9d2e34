/**
 * Looks for the order of a create that was not answered. Promise: what exists is taken and what was created once too often
 * is deleted; only a look-up that began after the patience had passed says that there is none. Source: interface, section 8.
 */
import type { FoundOrders, OwnOrder } from '../../contract/order-calls';
import { isTransient } from '../../contract/failures';
import type { Visit } from '../../contract/visit';
import { adopt, mayBeOurs } from './adopt';
import { block, failed, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { believeRead } from './news';
import { takeOver } from './take-over';
import { move } from './stages';
import { DECISION, KINDS, type Outcome, type Step, type StepOf } from './steps';

/** Fallback when a visit's rules are not known, in ms (interface, section 7, `createPatience`). */
const PATIENCE_MS = 90_000;
/** Look-ups reach this far back before the create, in ms: clocks differ. */
export const LOOK_BACK_MS = 60 * 60 * 1000;

function patienceOf(visit: Visit): number {
  return visit.rules?.createPatienceMs ?? PATIENCE_MS;
}

/** The next look-up: by the policy's delays, and one more when patience has passed. */
export function scheduleLookUp(dispatch: Dispatch, visit: Visit): void {
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
export function settle(dispatch: Dispatch, visit: Visit, found: OwnOrder[]): void {
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
