/**
 * What a believed status changes in the memory of the dispatch. Promise: only the newest visit has effects on the ticket,
 * and nothing of a visit waits any more once its work order is cancelled. Source: interface, section 8.
 */
import type { OrderEvent } from '../../src/domain/order-event';
import { isSweepKey } from '../../src/domain/sweep/order-drift';
import { isFinal, isStage, isWorkOver, type KnownStatus } from '../../src/domain/status';
import type { Dispatch, Visit } from './state';
import { dropUpdate } from './update';

/** Makes a status the known one and puts its effect on the ticket in line; only the newest visit has effects. */
export function applyStatus(
  dispatch: Dispatch,
  visit: Visit,
  told: KnownStatus,
  event: OrderEvent | null,
  keepStatus = false,
): void {
  const wasOver = visit.status !== null && isWorkOver(visit.status.key);
  if (isStage(told.key)) {
    visit.status = { key: told.key, at: told.at };
    visit.ownStatus = event === null;
    visit.swept = event !== null && isSweepKey(event.key);
    // Whether to keep the order of a closed ticket is no question any more once the work is done.
    if (isWorkOver(told.key)) {
      dispatch.unblock('decision');
      dropUpdate(dispatch, visit);
    }
    if (told.key === 'cancelled') endCancelled(dispatch, visit);
    else if (isFinal(told.key)) {
      visit.cancel = null;
      dispatch.unblock('cancel');
    }
    // Published without an answer, or by a person: there is nothing left to publish.
    if (visit.stage === 'publish' && told.key !== 'draft') {
      dispatch.unblock('publish');
      dispatch.enter(visit, 'open');
    }
    if (wasOver && !isWorkOver(told.key)) dispatch.note(`Visit ${visit.number} is open again`, told.key);
  }
  if (visit !== dispatch.newest || told.key === 'draft') return;
  dispatch.memory.effectSeq += 1;
  dispatch.memory.effects.push({
    seq: dispatch.memory.effectSeq,
    id: `${visit.number} ${told.key} ${event?.key ?? told.at ?? 'own'}`,
    visit: visit.number,
    key: told.key,
    at: told.at,
    event,
    updateDone: false,
    noteDone: false,
    noteTried: false,
    keepStatus,
  });
}

/** Nothing of the visit waits any more once its work order is cancelled. */
function endCancelled(dispatch: Dispatch, visit: Visit): void {
  visit.cancel = null;
  visit.plan = null;
  for (const step of ['link', 'publish', 'cancel', 'decision', 'find']) dispatch.unblock(step);
  dispatch.enter(visit, 'ended');
}
