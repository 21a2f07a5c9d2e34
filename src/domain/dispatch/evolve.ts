/** What came of a step. Promise: pure but for the memory, which it changes in place; every kind of step has its place here. */
import type { Visit } from '../../contract/visit';
import type { Dispatch } from './dispatch';
import { beginEffect, evolveEffect } from './effects-outcome';
import { evolveCheck } from './check';
import { beginLook, evolveLook } from './look';
import type { Asked } from './look-request';
import { evolveMerge } from './loss';
import { evolveLookUp, evolveSurplus } from './look-up';
import { evolveCreate, evolveLink } from './order';
import { evolveFindOwn, evolveReadLink } from './ownership';
import { evolveCancel, evolvePublish } from './publish';
import { evolveAgentNote } from './agent-notes';
import { evolveTellParent } from './parent';
import { tellAttention } from './attention-notes';
import { KINDS, type AnswerOf, type Outcome, type Step, type StepKind } from './steps';
import { evolveUpdate } from './update';

/** What a step takes from the memory before its call begins. */
export type Begun = Asked | null;

export function begin(dispatch: Dispatch, step: Step): Begun {
  if (step.kind === 'fetch-ticket') return beginLook(dispatch);
  beginEffect(dispatch, step);
  return null;
}

export function evolve(dispatch: Dispatch, step: Step, given: Outcome<unknown>, begun: Begun): void {
  takeOutcome(dispatch, step, given, begun);
  tellAttention(dispatch);
}

function takeOutcome(dispatch: Dispatch, step: Step, given: Outcome<unknown>, begun: Begun): void {
  const visit = dispatch.memory.visits.find(({ number }) => number === step.visit);
  /** The runner gives each call's own answer. */
  const outcome = <K extends StepKind>(_kind: K): Outcome<AnswerOf<K>> => given as Outcome<AnswerOf<K>>;
  const ofVisit = (take: (visit: Visit) => void): void => void (visit && take(visit));
  if (isWrite(step.kind) && given.kind === 'let go') waitForAttempt(dispatch);
  switch (step.kind) {
    case 'fetch-ticket':
      return evolveLook(dispatch, step, outcome(step.kind), begun ?? { wanted: true, swept: false, whileOpen: false });
    case 'read-merge':
      return evolveMerge(dispatch, step, outcome(step.kind));
    case 'read-link':
      return evolveReadLink(dispatch, step, outcome(step.kind));
    case 'find-own':
      return evolveFindOwn(dispatch, step, outcome(step.kind));
    case 'find-unsure':
      return ofVisit((it) => evolveLookUp(dispatch, it, step, outcome(step.kind)));
    case 'create':
      return ofVisit((it) => evolveCreate(dispatch, it, outcome(step.kind)));
    case 'delete-draft':
      return ofVisit((it) => evolveSurplus(dispatch, it, step, outcome(step.kind)));
    case 'link':
      return ofVisit((it) => evolveLink(dispatch, it, outcome(step.kind)));
    case 'publish':
      return ofVisit((it) => evolvePublish(dispatch, it, outcome(step.kind)));
    case 'cancel':
      return ofVisit((it) => evolveCancel(dispatch, it, outcome(step.kind)));
    case 'check':
      return evolveCheck(dispatch, step, outcome(step.kind));
    case 'update':
      return ofVisit((it) => evolveUpdate(dispatch, it, step, outcome(step.kind)));
    case 'agent-note':
      return evolveAgentNote(dispatch, step, outcome(step.kind));
    case 'tell-parent':
      return evolveTellParent(dispatch, step, outcome(step.kind));
    case 'read-own-effect':
    case 'write-effect':
    case 'plan-effect':
    case 'plan-effect-with-ticket':
    case 'change-ticket':
    case 'effect-note':
      return evolveEffect(dispatch, step, outcome(step.kind));
  }
}

/** Changes the ticket. */
const isWrite = (kind: StepKind): boolean => ['write', 'write-through'].includes(KINDS[kind].manner);

/** A call that was let go of may still change the ticket: nothing more is written to it until its attempt must have ended. */
function waitForAttempt(dispatch: Dispatch): void {
  dispatch.memory.writeNotBefore = dispatch.at(dispatch.policy.letGo);
}
