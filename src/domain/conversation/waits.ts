/** How a lane waits. Promise: each waits on its own, later each time; only the step that was refused waits for a person. */
import type { Lane, VisitConversation } from '../../contract/conversation';
import { isTransient, isUnsure, type StepFailure } from '../../contract/failures';
import type { Visit } from '../../contract/visit';
import { block, unblock } from '../dispatch/blocks';
import type { Dispatch } from '../dispatch/dispatch';
import { dueAfter, soon } from './state';
import { KINDS, type CallStep, type Outcome, type StepOf } from './steps';

/** The conversation of one visit, within its dispatch. */
export interface Place {
  dispatch: Dispatch;
  visit: Visit;
  conversation: VisitConversation;
}

export const laneIsReady = ({ dispatch, conversation }: Place, lane: Lane): boolean =>
  dispatch.isDue(conversation.waits[lane]?.notBefore ?? null);

/** What {@link stepFailed} held up goes on: the step needs no person, and its lane waits for nothing. */
export function stepWent({ dispatch, conversation }: Place, step: CallStep): void {
  delete conversation.waits[KINDS[step.kind].lane];
  unblock(dispatch, step.name);
}

/** The other side has spoken: trying again later is of no use by itself. */
export const isRefused = (failure: StepFailure): boolean => !isTransient(failure);

/** Again later when the other side could not take it now, else a person; says whether the call may have had its effect. */
export function stepFailed(place: Place, step: CallStep, failure: StepFailure): boolean {
  if (isRefused(failure))
    block(place.dispatch, step.name, failure, `${step.trouble} (${failure.status ?? 'no answer'})`);
  else laneWaits(place, step, failure.retryAfterMs);
  return isUnsure(failure);
}

type OrderRead = StepOf<'read-messages'> | StepOf<'read-deliverables'>;

/**
 * What a read of the work order brought; null: nothing. A refusal by an order that is over ends the reading: often it is
 * deleted, nobody could mend that, and there is nothing left to decide.
 *
 * @param due where the lane keeps when it is to be read next
 * @param begun when the call was made, in ms since 1970
 * @param lost what the timeline says of such an order
 */
export function takeOrderRead<Answer>(
  place: Place,
  step: OrderRead,
  outcome: Outcome<Answer>,
  { due, begun, lost }: { due: 'inDue' | 'bringDue'; begun: number; lost: string },
): Answer | null {
  const { dispatch, visit, conversation } = place;
  const isLost = outcome.kind === 'failed' && isRefused(outcome.failure) && visit.stage === 'ended';
  if (outcome.kind === 'failed' && !isLost) {
    stepFailed(place, step, outcome.failure);
    return null;
  }
  stepWent(place, step);
  conversation[due] = dueAfter(conversation[due], begun);
  if (isLost) dispatch.note(lost, 'The work order is over and cannot be read');
  return outcome.kind === 'answered' ? outcome.answer : null;
}

/** The next try of the lane comes later with each failed one. */
export function laneWaits({ dispatch, conversation }: Place, step: CallStep, atLeast: number | null): void {
  const { lane } = KINDS[step.kind];
  const failures = (conversation.waits[lane]?.failures ?? 0) + 1;
  const { first, most } = dispatch.policy.backoff;
  const wait = Math.max(Math.min(first * 2 ** (failures - 1), most), atLeast ?? 0);
  conversation.waits[lane] = { failures, notBefore: dispatch.at(wait) };
}

/** A person asks to try again: no lane waits longer than for its first try. */
export function tryLanesSoon(dispatch: Dispatch): void {
  const { memory, policy } = dispatch;
  const waits = memory.visits.flatMap(({ conversation }) => Object.values(conversation?.waits ?? {}));
  // Not at once: what went unanswered may still be under way.
  for (const wait of waits) wait.notBefore = soon(dispatch, wait.notBefore, policy.backoff.first);
}
