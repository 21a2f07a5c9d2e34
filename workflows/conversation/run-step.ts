/**
 * Makes the call of a step of the conversation, and hands over what came of it: what the step is and what its answer means
 * is decided in src/domain/conversation.
 */
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { evolve } from '../../src/domain/conversation/evolve';
import { KINDS, type CallKind, type CallStep, type Outcome, type Step } from '../../src/domain/conversation/steps';
import { inTurn } from '../calls';
import { fieldNationOnce, filesFromOrder, filesToOrder, freshdeskOnce } from '../proxies';
import { stepFailure } from '../step-failure';

type Call = (input: unknown) => Promise<unknown>;

const GROUPS: Record<CallKind, typeof freshdeskOnce> = {
  'read-entries': freshdeskOnce,
  'post-entry': fieldNationOnce,
  'read-messages': fieldNationOnce,
  'write-message': freshdeskOnce,
  'upload-file': filesToOrder,
  'note-left-out': freshdeskOnce,
  'read-deliverables': fieldNationOnce,
  'bring-files': filesFromOrder,
};

/**
 * What came of it is taken in at once, not where the loop goes on: the order's loop, which an event of the same moment has
 * woken, must find what the answer brought. What is no failure of an activity passes on.
 */
export async function runStep(dispatch: Dispatch, step: Step): Promise<void> {
  const begun = dispatch.now();
  let outcome: Outcome<unknown> = { kind: 'not called' };
  try {
    if (step.input !== null) outcome = { kind: 'answered', answer: await callOf(dispatch, step)(step.input) };
  } catch (error) {
    outcome = { kind: 'failed', failure: stepFailure(error) };
  }
  evolve(dispatch, step, outcome, begun);
}

const callOf = ({ memory }: Dispatch, { kind }: CallStep): Call =>
  (inTurn(GROUPS[kind], memory.group) as unknown as Record<string, Call>)[KINDS[kind].call]!;
