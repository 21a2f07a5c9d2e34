/** Where an event contradicts what is known, the work order itself has the last word. Source: interface, section 8. */
import type { OrderRef } from '../../contract/order-calls';
import { bearsOut, judge } from '../status-order';
import type { KnownStatus } from '../status';
import { failed, isBlocked, unblock } from './blocks';
import type { Dispatch } from './dispatch';
import { recordOld, takeNews } from './inbox';
import { KINDS, type Outcome, type Step, type StepOf } from './steps';
import { visitOf } from './visit-of-event';

/** The first doubtful event against the work order itself. */
export function decideCheck(dispatch: Dispatch): Step | null {
  const { memory } = dispatch;
  for (let event = memory.doubtful[0]; event; event = memory.doubtful[0]) {
    const visit = visitOf(dispatch, event);
    const told = event.status === null ? null : { key: event.status, at: event.at };
    // Other events came in meanwhile; the doubt may be gone.
    const verdict = !visit || visit.workOrderId === null || told === null ? null : judge(visit.status, told);
    if (verdict === 'check' && visit && visit.workOrderId !== null) {
      if (isBlocked(dispatch, 'check')) return null;
      return { kind: 'check', name: 'check', input: { workOrderId: visit.workOrderId }, visit: visit.number };
    }
    memory.doubtful.shift();
    unblock(dispatch, 'check');
    if (!visit || !told || verdict === null) continue;
    if (verdict === 'apply') takeNews(dispatch, visit, told, event);
    else recordOld(dispatch, visit, told, event);
  }
  return null;
}

export function evolveCheck(dispatch: Dispatch, step: StepOf<'check'>, outcome: Outcome<OrderRef>): void {
  const { memory } = dispatch;
  const event = memory.doubtful[0];
  const visit = memory.visits.find(({ number }) => number === step.visit);
  if (outcome.kind === 'let go' || !event || !visit || event.status === null) return;
  const told: KnownStatus = { key: event.status, at: event.at };
  let isTrue = false;
  if (outcome.kind === 'failed') {
    if (outcome.failure.type !== 'NotFound') {
      failed(dispatch, 'check', outcome.failure, KINDS.check);
      return;
    }
  } else isTrue = bearsOut(outcome.answer.status, told, visit.status);
  unblock(dispatch, 'check');
  memory.doubtful.shift();
  if (isTrue) takeNews(dispatch, visit, told, event);
  else recordOld(dispatch, visit, told, event);
}
