/** When something becomes due by itself, and the milestones of a visit. */
import { conversationIsPending, conversationTimes } from '../conversation/state';
import type { Dispatch } from './dispatch';
import { shareWait } from './share';
import { fallBackDue } from './route-fall-back';
import { isOrderOver } from './stages';

/** The next moment at which something becomes due by itself, in ms since 1970; null when only a signal can. */
export function nextDue(dispatch: Dispatch): number | null {
  const { memory, newest: visit, policy } = dispatch;
  const times = [
    ...memory.blocked.map(({ nextTry }) => nextTry),
    ...memory.failing.map(({ nextTry }) => nextTry),
    memory.look.wanted ? memory.look.notBefore : null,
    memory.writeNotBefore,
    memory.paused?.nextTry ?? null,
    memory.loss?.dueAt ?? null,
    visit && visit.stage !== 'open' && visit.stage !== 'ended' ? visit.notBefore : null,
    visit?.cancel ? visit.notBefore : null,
    fallBackDue(dispatch),
    visit?.sync.wantedAt ?? null,
    ...conversationTimes(dispatch),
    memory.look.wanted || visit?.sync.wantedAt ? shareWait(dispatch, 'looks') : null,
    conversationIsPending(dispatch) ? shareWait(dispatch, 'conversation') : null,
  ];
  const due = times.flatMap((at) => (at === null || dispatch.isDue(at) ? [] : [Date.parse(at)]));
  const end = memory.finalSince === null ? null : Date.parse(memory.finalSince) + policy.grace;
  // Past its grace a dispatch waits for a person or an effect only: no timer can help.
  if (end !== null && end > dispatch.now()) due.push(end);
  return due.length === 0 ? null : Math.min(...due);
}

/** Keeps track of the newest visit's milestones, and of since when nothing more can come. */
export function updateTimes(dispatch: Dispatch): void {
  const { memory, newest: visit } = dispatch;
  if (visit) {
    if (visit.workOrderId !== null) visit.times.orderedAt ??= dispatch.at();
    // Work marked incomplete opens the visit again.
    visit.times.endedAt = dispatch.phase() === 'over' ? (visit.times.endedAt ?? dispatch.at()) : null;
  }
  const over = memory.visits.length > 0 ? memory.visits.every(isOrderOver) : isKeptOut(dispatch);
  memory.finalSince = over ? (memory.finalSince ?? dispatch.at()) : null;
}

/** Skipped by `dispatch.only`: that this comes to hold later is no edge, which only this run can tell. */
const isKeptOut = ({ memory: { known } }: Dispatch): boolean => known?.barred === true;

/** Skipped and nothing new, or every visit final for the grace time. */
export function isOver(dispatch: Dispatch): boolean {
  const { memory, policy, now } = dispatch;
  const { blocked, effects, commands, look, ownership } = memory;
  if (blocked.length > 0 || effects.length > 0 || ownership !== null || look.wanted || commands.visit !== null)
    return false;
  if (memory.skipped !== null && memory.visits.length === 0 && !isKeptOut(dispatch)) return true;
  const graceIsOver = memory.finalSince !== null && now() >= Date.parse(memory.finalSince) + policy.grace;
  return graceIsOver && !conversationIsPending(dispatch);
}
