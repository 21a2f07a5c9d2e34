/** Which visit an event of Field Nation belongs to. Promise: one that carries a visit's exact id is proof of its order. */
import type { Visit } from '../../contract/visit';
import { ownParts } from '../correlation';
import type { OrderEvent } from '../order-event';
import { isStage, isWorkOver } from '../status';
import { judge } from '../status-order';
import type { Dispatch } from './dispatch';
import { startVisit } from './empty-memory';

/** The visit an event belongs to: by work order, else by the id it carries. */
export function visitOf({ memory }: Dispatch, { workOrderId, correlationId: id }: OrderEvent): Visit | null {
  const byOrder = workOrderId === null ? undefined : memory.visits.find((visit) => visit.workOrderId === workOrderId);
  return byOrder ?? memory.visits.find((visit) => visit.correlationId === id) ?? null;
}

/** A later visit than this run remembers, whose work order proves that it was begun: its memory went with a reset. */
export function visitOfGoneRun(dispatch: Dispatch, { workOrderId, correlationId }: OrderEvent): Visit | null {
  const { memory, account, ticketId, newest } = dispatch;
  const parts = ownParts(account, correlationId);
  if (!newest || workOrderId === null || parts?.ticketId !== ticketId || parts.visit <= newest.number) return null;
  dispatch.note(`Visit ${parts.visit}`, 'A run that is gone began it');
  // What its rules are, and whether the ticket names its order, the look says.
  memory.look.wanted = true;
  return startVisit(dispatch, parts.visit);
}

/** True when the last that was heard of the newest visit ends its work, though that waits to be taken in. */
export function knowsOfEnd(dispatch: Dispatch): boolean {
  const visit = dispatch.newest;
  const last = dispatch.memory.inbox.findLast(({ status }) => status !== null && isStage(status));
  if (!visit || !last || last.status === null || visitOf(dispatch, last) !== visit) return false;
  return isWorkOver(last.status) && judge(visit.status, { key: last.status, at: last.at }) === 'apply';
}

/** An event proves the order of a visit that still has none: what looks for it can stop. */
export const hasProof = (dispatch: Dispatch): boolean =>
  dispatch.memory.inbox.some((event) => {
    const visit = visitOf(dispatch, event);
    return event.workOrderId !== null && visit?.workOrderId === null && visit === dispatch.newest;
  });
