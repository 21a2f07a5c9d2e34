/**
 * Makes the call of a step, and nothing else: what the step is and what its answer means is decided in src/domain/dispatch.
 * Promise: a call is let go of only as its manner allows.
 */
import { ActivityFailure, CancellationScope, condition, isCancellation, workflowInfo } from '@temporalio/workflow';
import type { Dispatch } from '../../src/domain/dispatch/dispatch';
import { hasProof } from '../../src/domain/dispatch/visit-of-event';
import { MOST_PUT_OFF } from '../../src/domain/dispatch/publish';
import { KINDS, type Outcome, type Step } from '../../src/domain/dispatch/steps';
import { isInBulk } from '../../src/domain/dispatch/wanted-visit';
import {
  fieldNation,
  fieldNationInBulk,
  fieldNationOnce,
  fieldNationOnceInBulk,
  freshdesk,
  freshdeskInBulk,
  newTickets,
  rules,
} from '../proxies';
import { inTurn } from '../calls';
import { stepFailure } from '../step-failure';

type Call = (input: unknown) => Promise<unknown>;

const URGENT = { once: fieldNationOnce, fieldNation, freshdesk };
const IN_BULK = { once: fieldNationOnceInBulk, fieldNation: fieldNationInBulk, freshdesk: freshdeskInBulk };

function callOf(dispatch: Dispatch, step: Step): Call {
  const { call, manner, system } = KINDS[step.kind];
  const isFirst = step.kind === 'fetch-ticket' && step.input.first;
  const inBulk = isInBulk(dispatch);
  const groups = inBulk ? IN_BULK : URGENT;
  const group =
    manner === 'rules'
      ? rules
      : manner === 'once'
        ? groups.once
        : system === 'field-nation'
          ? groups.fieldNation
          : isFirst && !inBulk
            ? newTickets
            : step.kind === 'fetch-ticket' && !inBulk
              ? inTurn(freshdesk, dispatch.memory.group)
              : groups.freshdesk;
  return (group as unknown as Record<string, Call>)[call] as Call;
}

/** Gives what came of it; what is no failure of an activity passes on. */
export async function runStep(dispatch: Dispatch, step: Step): Promise<Outcome<unknown>> {
  const { manner } = KINDS[step.kind];
  const call = (): Promise<unknown> => callOf(dispatch, step)(step.input);
  const isLetGo = (): boolean => isUnwanted(dispatch, step);
  try {
    return manner === 'once' ? await unlessNotBegun(isLetGo, call) : await unless(isLetGo, call);
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { kind: 'failed', failure: stepFailure(error) };
  }
}

/** What happened meanwhile makes the call's answer worthless, or a person's word must not wait for it. */
function isUnwanted(dispatch: Dispatch, step: Step): boolean {
  const { commands, look, blocked, failing } = dispatch.memory;
  const isCalledOff = commands.cancel !== null;
  const isFull = workflowInfo().continueAsNewSuggested;
  switch (KINDS[step.kind].manner) {
    case 'read': {
      // Where nothing waits a retry would only lose its place in the queue.
      const isRetried = commands.retry !== null && blocked.length + failing.length > 0;
      return isCalledOff || isRetried || isFull || (step.kind === 'find-unsure' && hasProof(dispatch));
    }
    case 'write':
    case 'update':
      return isCalledOff || isFull;
    case 'write-through':
      return isCalledOff;
    case 'once':
      return isCalledOff || isFull || (step.kind === 'publish' && look.wanted && mayPutOff(dispatch));
    case 'rules':
      return false;
  }
}

const mayPutOff = ({ newest }: Dispatch): boolean => (newest?.publishPutOff ?? 0) < MOST_PUT_OFF;

/** Lets go of a call that may be repeated as soon as it is unwanted. */
async function unless(isUnwantedNow: () => boolean, call: () => Promise<unknown>): Promise<Outcome<unknown>> {
  const scope = new CancellationScope();
  return scope.run(async () => {
    const result = call();
    const first = await Promise.race([
      result.then((answer): Outcome<unknown> => ({ kind: 'answered', answer })),
      condition(isUnwantedNow).then((): Outcome<unknown> => ({ kind: 'let go' })),
    ]).finally(() => scope.cancel());
    if (first.kind === 'let go') result.catch(() => undefined);
    return first;
  });
}

/**
 * Takes back a call of one attempt before it has begun: calls may wait in their queue for minutes, in which a person may call
 * the visit off. What has begun is waited for, whatever comes.
 */
async function unlessNotBegun(isUnwantedNow: () => boolean, call: () => Promise<unknown>): Promise<Outcome<unknown>> {
  const scope = new CancellationScope();
  let ended = false;
  void condition(() => ended || isUnwantedNow()).then(() => {
    if (!ended) scope.cancel();
  });
  try {
    return { kind: 'answered', answer: await scope.run(call) };
  } catch (error) {
    // Only the engine itself reports this, for a call that no worker has taken: they send no heartbeats.
    if (isCancellation(error)) return { kind: 'let go' };
    throw error;
  } finally {
    ended = true;
  }
}
