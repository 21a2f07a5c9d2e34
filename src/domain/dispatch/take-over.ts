/** An order of a run that is gone. Promise: it is followed where it stands, and nothing is published for it. Source: interface, section 8. */
import type { OwnOrder } from '../../contract/order-calls';
import type { Visit } from '../../contract/visit';
import { adopt } from './adopt';
import { block } from './blocks';
import type { Dispatch } from './dispatch';
import { addEffect } from './effects-queue';
import { keepOrCancel } from './loss';
import { DECISION } from './steps';

/** Its visit is followed where the order stands. */
export function takeOver(dispatch: Dispatch, visit: Visit, order: OwnOrder): void {
  visit.takenOver = true;
  adopt(dispatch, visit, order, 'Work order taken over');
  // What the visit's rules are, and whether the ticket names the order, the next look says.
  dispatch.memory.look.wanted = true;
  if (order.status === 'draft') askAboutDraft(dispatch, order.workOrderId);
  if (order.status !== 'work-done') return;
  const event = order.told ?? null;
  addEffect(dispatch, { visit: visit.number, key: 'work-done', at: order.at, event, takenOver: true });
}

export function askAboutDraft(dispatch: Dispatch, workOrderId: number): void {
  const detail = `Work order ${workOrderId} of this ticket is a draft of a run that is gone: it may have been meant to be published, or not`;
  const remedy = `To keep and follow it, publish it in Field Nation or run \`deskbridge retry ${dispatch.ticketId}\`. ${keepOrCancel(dispatch)}`;
  block(dispatch, DECISION, { reason: 'decision', detail, remedy }, 'A draft of a run that is gone');
}
