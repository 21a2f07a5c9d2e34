/**
 * Ownership is taken back. Promise: a run without memory of a visit asks Field Nation before it says `skipped` or creates;
 * an open order of ours is followed where it stands, nothing is created, published or deleted for it. Source: interface,
 * section 8.
 */
import type { Ownership } from '../../contract/memory';
import type { Visit } from '../../contract/visit';
import type { FoundOrders, OrderRef } from '../../contract/order-calls';
import { ownParts } from '../correlation';
import { isFinal, isWorkOver } from '../status';
import { block, failed, isBlocked, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { startVisit } from './empty-memory';
import { DECISION, KINDS, LINK_QUESTION, type Outcome, type Step, type StepOf } from './steps';
import { skip, SKIPPED } from './skip';
import { takeOver } from './take-over';
import { beginWanted, isKeptFrom } from './wanted-visit';

/** How far back the newest orders are read, in ms. */
const EARLIER_MS = 30 * 24 * 60 * 60 * 1000;
/** Pages of 25 of the newest orders that are read at most; more visits of one ticket than anybody could have had. */
const MOST_PAGES = 8;
const MOST_VISITS = 50;

type Asked = Pick<Ownership, 'otherwise' | 'wanted' | 'thorough'> &
  Partial<Pick<Ownership, 'cancel'>> & { link: string | null };

const orderNumber = (link: string | null): number | null =>
  link !== null && /^[1-9]\d{0,14}$/.test(link) ? Number(link) : null;

/** Begins to ask Field Nation which orders it has of this ticket. */
export function askOwnership({ memory }: Dispatch, { link, otherwise, wanted, thorough, cancel = null }: Asked): void {
  const number = orderNumber(link);
  memory.ownership = {
    link: memory.unknownOrder?.workOrderId ?? number,
    stranger: link !== null && number === null ? { link, what: 'foreign' } : null,
    visit: memory.unknownOrder?.visit ?? 1,
    ...{ by: 'search', page: 1, thorough, orders: [], otherwise, wanted, cancel },
  };
}

export function decideOwnership(dispatch: Dispatch): Step | null {
  const { memory, account, ticketId } = dispatch;
  const asked = memory.ownership;
  if (!asked || isBlocked(dispatch, 'ownership')) return null;
  if (asked.link !== null) {
    return { kind: 'read-link', name: 'ownership', input: { workOrderId: asked.link }, visit: null };
  }
  const { visit, by, page } = asked;
  const since = dispatch.at(-EARLIER_MS);
  return { kind: 'find-own', name: 'ownership', input: { account, ticketId, visit, by, since, page }, visit: null };
}

export function evolveReadLink(dispatch: Dispatch, step: StepOf<'read-link'>, outcome: Outcome<OrderRef>): void {
  const { memory, account, ticketId } = dispatch;
  const asked = memory.ownership;
  if (outcome.kind === 'let go' || !asked) return;
  const link = String(step.input.workOrderId);
  asked.link = null;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type !== 'NotFound') {
      asked.link = step.input.workOrderId;
      failed(dispatch, 'ownership', outcome.failure, KINDS['read-link']);
      return;
    }
    takeForStranger(dispatch, asked, link, 'gone');
  } else {
    const parts = ownParts(account, outcome.answer.correlationId);
    if (parts?.ticketId === ticketId) {
      asked.orders.push({ ...outcome.answer, visit: parts.visit });
      asked.visit = parts.visit;
    } else takeForStranger(dispatch, asked, link, 'foreign');
  }
  unblock(dispatch, 'ownership');
}

/** An order that is not ours. Only the ticket's own link is a question: an event alone proves nothing, and is let be. */
function takeForStranger(dispatch: Dispatch, asked: Ownership, link: string, what: 'gone' | 'foreign'): void {
  const { memory } = dispatch;
  if (link === memory.link) {
    asked.stranger = { link, what };
    return;
  }
  dispatch.note('Event not confirmed', `Field Nation does not show work order ${link} as one of this ticket`);
  if (memory.unknownOrder !== null) asked.visit = 1;
  memory.unknownOrder = null;
  const own = orderNumber(memory.link);
  const isRead = asked.stranger !== null || asked.orders.some(({ workOrderId }) => workOrderId === own);
  asked.link = isRead ? null : own;
}

export function evolveFindOwn(dispatch: Dispatch, step: StepOf<'find-own'>, outcome: Outcome<FoundOrders>): void {
  const asked = dispatch.memory.ownership;
  if (outcome.kind === 'let go' || !asked) return;
  if (outcome.kind === 'failed') {
    failed(dispatch, 'ownership', outcome.failure, KINDS['find-own']);
    return;
  }
  unblock(dispatch, 'ownership');
  const { orders, nextPage } = outcome.answer;
  const known = new Set(asked.orders.map(({ workOrderId }) => workOrderId));
  asked.orders.push(...orders.filter(({ workOrderId }) => !known.has(workOrderId)));
  const { by, page, visit } = step.input;
  if (by === 'newest') {
    if (nextPage !== null && page < MOST_PAGES) asked.page = nextPage;
    else resolve(dispatch, asked);
    return;
  }
  const highest = Math.max(0, ...asked.orders.map((order) => order.visit));
  // A later visit may have followed; the search says only what it was asked for.
  if (highest >= visit && visit < MOST_VISITS) asked.visit = highest + 1;
  else if (asked.thorough) Object.assign(asked, { by: 'newest', page: 1 });
  else resolve(dispatch, asked);
}

/** Everything was asked: the highest visit counts. */
function resolve(dispatch: Dispatch, { orders, stranger, otherwise, wanted, cancel }: Ownership): void {
  const { memory } = dispatch;
  memory.ownership = null;
  memory.unknownOrder = null;
  const highest = Math.max(0, ...orders.map(({ visit }) => visit));
  const live = orders.filter(({ visit, status }) => visit === highest && status !== 'cancelled');
  if (live.length > 1) {
    const ids = live.map(({ workOrderId }) => workOrderId).join(', ');
    const detail = `Several work orders of ticket ${dispatch.ticketId} carry the same id: ${ids}`;
    const remedy = 'Cancel all but one of them in Field Nation, then retry.';
    block(dispatch, 'ownership', { reason: 'ambiguous', detail, remedy }, 'Several work orders carry one id');
    askOwnership(dispatch, { link: null, otherwise, wanted, thorough: false, cancel });
    return;
  }
  const order = live[0];
  if (order && !(order.status !== null && isFinal(order.status))) {
    const visit = startVisit(dispatch, order.visit);
    takeOver(dispatch, visit, order);
    if (cancel) callOff(dispatch, visit, cancel.reason);
    if (wanted) dispatch.note('Dispatch by hand ignored', 'A visit is under way already');
    return;
  }
  if (cancel) {
    callOff(dispatch, startVisit(dispatch, highest + 1), cancel.reason);
    // One look learns the level that later edges are measured against.
    memory.look.wanted = true;
    return;
  }
  if (wanted) {
    const isKept = isKeptFrom(wanted, { hasOrders: orders.length > 0, isLinked: stranger !== null });
    if (isKept) skip(dispatch, SKIPPED.bulk);
    else beginWanted(dispatch, Math.max(highest, wanted.bulk?.after ?? 0, stranger ? 1 : 0) + 1, wanted);
    return;
  }
  if (orders.length > 0) {
    skip(dispatch, `${SKIPPED.final} It was work order ${(order ?? orders[0])?.workOrderId}.`);
  } else if (stranger && otherwise !== SKIPPED['no-match']) askAboutLink(dispatch, stranger);
  else if (otherwise !== null) skip(dispatch, otherwise);
  else {
    startVisit(dispatch, 1);
    memory.look.wanted = true;
  }
}

function callOff(dispatch: Dispatch, visit: Visit, reason: string): void {
  if (visit.status && isWorkOver(visit.status.key)) {
    // The person could not know: work that is done is called off on a second word only.
    dispatch.note('Cancel without effect', 'The work is done already');
    return;
  }
  visit.cancel = { reason, byTicket: false, onlyUnassigned: false };
  unblock(dispatch, DECISION);
}

function askAboutLink(dispatch: Dispatch, { link, what }: NonNullable<Ownership['stranger']>): void {
  const { ticketId } = dispatch;
  const detail =
    what === 'gone'
      ? `Ticket ${ticketId} names work order ${link}, which Field Nation does not show`
      : `Ticket ${ticketId} names work order ${link}, which was not made for this ticket`;
  const remedy = `If nobody is to be sent, run \`deskbridge retry ${ticketId}\`. To send somebody, run \`deskbridge dispatch ${ticketId}\`, or clear the link field and set the trigger again.`;
  block(
    dispatch,
    LINK_QUESTION,
    { reason: 'decision', detail, remedy },
    'The ticket names a work order that is not ours',
  );
}
