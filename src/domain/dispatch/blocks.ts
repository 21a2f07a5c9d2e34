/**
 * What waits: steps that only a person can help, and calls that fail and are tried again. Promise: only the step itself
 * waits, and what has failed for longer than `dispatch.patience` is shown to people while it goes on being tried.
 */
import type { Attention } from '../../contract/dispatch';
import { isTransient, SYSTEM_NAMES, type StepFailure, type UpstreamSystem } from '../../contract/failures';
import type { Blocked, FailingCall } from '../../contract/memory';
import { momentText } from '../moments';
import { cutText } from '../text/plain';
import { BOUNDS, type Dispatch } from './dispatch';

const blockOf = ({ memory }: Dispatch, step: string): Blocked | undefined =>
  memory.blocked.find((b) => b.step === step);

const failingOf = ({ memory }: Dispatch, step: string): FailingCall | undefined =>
  memory.failing.find((call) => call.step === step);

/** Makes a step wait for a person. `nextTry`: it is tried again then without one. */
export function block(
  dispatch: Dispatch,
  step: string,
  { reason, detail, remedy }: Attention,
  summary: string,
  nextTry: string | null = null,
): void {
  const { memory, policy } = dispatch;
  const bounded = (text: string): string => cutText(text, BOUNDS.attention);
  const attention = { reason, detail: bounded(detail), remedy: bounded(remedy) };
  const earlier = blockOf(dispatch, step);
  const probes = (earlier?.probes ?? -1) + 1;
  const slow = Math.min(policy.slowRetry.first * 2 ** probes, policy.slowRetry.most);
  const next = nextTry ?? (reason === 'unauthorized' ? dispatch.at(slow) : null);
  memory.blocked = memory.blocked.filter((b) => b.step !== step);
  memory.blocked.push({ step, attention, summary, since: earlier?.since ?? dispatch.at(), probes, nextTry: next });
  const isNew = earlier?.attention.detail !== attention.detail || earlier.attention.reason !== reason;
  if (isNew) dispatch.note(`Attention: ${reason}`, attention.detail);
}

export function unblock({ memory }: Dispatch, ...steps: string[]): void {
  memory.blocked = memory.blocked.filter((b) => !steps.includes(b.step));
  memory.failing = memory.failing.filter((call) => !steps.includes(call.step));
}

/** True while the step waits for a person, or for its next try. */
export function isBlocked(dispatch: Dispatch, step: string): boolean {
  const blocked = blockOf(dispatch, step);
  if (blocked && !(blocked.nextTry !== null && dispatch.isDue(blocked.nextTry))) return true;
  return !dispatch.isDue(failingOf(dispatch, step)?.nextTry ?? null);
}

/** A step's call failed: a person is asked, or it is tried again, later each time. `what` says in words what it does. */
export function failed(
  dispatch: Dispatch,
  step: string,
  failure: StepFailure,
  { system, what }: { system: UpstreamSystem; what: string },
): void {
  const { memory, policy } = dispatch;
  if (!isTransient(failure)) {
    memory.failing = memory.failing.filter((call) => call.step !== step);
    block(dispatch, step, failure, `${what} was refused (${failure.status ?? 'not sent'})`);
    return;
  }
  const earlier = failingOf(dispatch, step);
  const failures = (earlier?.failures ?? 0) + 1;
  const since = earlier?.since ?? dispatch.at();
  const patience = dispatch.newest?.rules?.patienceMs ?? policy.patience;
  const isStuck = dispatch.now() - Date.parse(since) >= patience;
  const backoff = Math.min(
    policy.backoff.first * 2 ** (failures - 1),
    isStuck ? policy.stuckRetry : policy.backoff.most,
  );
  const nextTry = dispatch.at(Math.max(backoff, failure.retryAfterMs ?? 0));
  memory.failing = memory.failing.filter((call) => call.step !== step);
  memory.failing.push({ step, system, what, detail: cutText(failure.detail, BOUNDS.detail), since, failures, nextTry });
  // Its quota is used up: that is no fault of the other side.
  if (!isStuck || failure.type === 'RateLimited') return;
  const name = SYSTEM_NAMES[system];
  block(
    dispatch,
    step,
    {
      reason: 'unavailable',
      detail: `${what} has failed since ${momentText(since)}. ${failure.detail}`,
      remedy: `Check ${name}. Deskbridge tries again by itself every ${Math.round(policy.stuckRetry / 60_000)} min. To try at once, retry; to give up, cancel the visit.`,
    },
    `${name} has failed for too long: ${what}`,
    nextTry,
  );
}
