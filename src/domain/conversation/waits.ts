/** How a lane waits. Promise: each waits on its own, later each time; only the step that was refused waits for a person. */
import type { Lane, VisitConversation } from '../../contract/conversation';
import { isTransient, isUnsure, type StepFailure } from '../../contract/failures';
import type { Visit } from '../../contract/visit';
import { block, unblock } from '../dispatch/blocks';
import type { Dispatch } from '../dispatch/dispatch';
import { KINDS, type CallStep } from './steps';

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

/** The next try of the lane comes later with each failed one. */
export function laneWaits({ dispatch, conversation }: Place, step: CallStep, atLeast: number | null): void {
  const { lane } = KINDS[step.kind];
  const failures = (conversation.waits[lane]?.failures ?? 0) + 1;
  const { first, most } = dispatch.policy.backoff;
  const wait = Math.max(Math.min(first * 2 ** (failures - 1), most), atLeast ?? 0);
  conversation.waits[lane] = { failures, notBefore: dispatch.at(wait) };
}
