/** Money that is not spent now. Promise: a visit keeps its stage while dispatching is paused, and one order too many in the hour waits for a yes. */
import type { Visit } from '../../contract/visit';
import type { Held } from '../../contract/order-calls';
import type { Dispatch } from './dispatch';
import { askForYes } from './money';
import { move } from './stages';

/** True when the answer says that nothing was done. */
export function holdBack(dispatch: Dispatch, visit: Visit, answer: object | Held): boolean {
  const { memory, policy } = dispatch;
  if (!('held' in answer)) {
    memory.paused = null;
    return false;
  }
  if (answer.held === 'paused') {
    const since = memory.paused?.since ?? dispatch.at();
    if (memory.paused?.reason !== answer.reason) dispatch.note('Dispatching is paused', answer.reason);
    memory.paused = { reason: answer.reason, since, nextTry: dispatch.at(policy.pausedRetry) };
    return true;
  }
  move(visit, 'needs a yes');
  askForYes(dispatch, visit, { of: 'hour', amount: visit.plan?.cost ?? null, print: null });
  return true;
}
