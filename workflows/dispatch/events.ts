/**
 * Step: an event of Field Nation. Promise: each event is told of once, an old one never moves anything back, and where it
 * contradicts what is known the work order itself has the last word. Source: interface, section 8; design 2.8.
 */
import type { OrderEvent } from '../../src/domain/order-event';
import { isSameNews, isSweepKey } from '../../src/domain/sweep/order-drift';
import { bearsOut, judge, type KnownStatus } from '../../src/domain/status';
import { fieldNation } from '../proxies';
import { adopt } from './order';
import { believe } from './apply-status';
import { BOUNDS, type Dispatch } from './state';
import { hearEvent } from './talk';
import { stepFailure } from '../step-failure';
import { unlessPersonSpeaks } from './waiting';
import type { Visit } from '../../src/contract/memory';

export function takeEvent(dispatch: Dispatch, event: OrderEvent): void {
  const visit = dispatch.visitOf(event);
  if (!visit) {
    dispatch.note('Event of an unknown work order', `${label(event)}, work order ${event.workOrderId ?? 'not named'}`);
    return;
  }
  if (visit.workOrderId === null && visit.tried && event.workOrderId !== null) {
    const over = visit.stage === 'ended';
    if (over && visit !== dispatch.newest) {
      dispatch.note('Work order of a visit that is over', `${label(event)}, work order ${event.workOrderId}`);
      return;
    }
    // Its status is judged below like any other news, so that its effect is not lost.
    const order = { workOrderId: event.workOrderId, status: null, at: null, correlationId: null, href: null };
    adopt(dispatch, visit, order, 'Work order found through its event');
    if (over) {
      visit.cancel = {
        reason: `Visit ${visit.number} was called off before its work order turned up`,
        byTicket: false,
        onlyUnassigned: false,
      };
    }
  }
  if (event.workOrderId !== null && visit.workOrderId !== event.workOrderId) {
    dispatch.note('Event of another work order with our id', `${label(event)}, work order ${event.workOrderId}`);
    return;
  }
  hearEvent(dispatch, visit, event);
  if (event.status === null) {
    dispatch.note('Event', label(event));
    return;
  }
  const told: KnownStatus = { key: event.status, at: event.at };
  if (visit.ownStatus && visit.status?.key === told.key) {
    // The echo of what we did ourselves, some seconds later by Field Nation's clock.
    visit.ownStatus = false;
    visit.status.at = told.at ?? visit.status.at;
    dispatch.note('Event of our own call', label(event));
    return;
  }
  if (visit.status && (visit.swept || isSweepKey(event.key)) && isSameNews(visit.status, told)) {
    // Told twice: by reconcile and by its webhook, whose clocks need not agree to the second.
    visit.swept = false;
    visit.status.at ??= told.at;
    dispatch.note('Event, told already', label(event));
    return;
  }
  const verdict = judge(visit.status, told);
  if (verdict === 'check') doubt(dispatch, event);
  else if (verdict === 'old') recordOld(dispatch, visit, told, event);
  else takeNews(dispatch, visit, told, event);
}

/** So many only wait in a flood: the newest tell most of what the work order will say. */
function doubt(dispatch: Dispatch, event: OrderEvent): void {
  const { doubtful } = dispatch.memory;
  doubtful.push(event);
  const spare = doubtful.length > BOUNDS.doubtful ? doubtful.shift() : undefined;
  if (spare) dispatch.note('Event, not checked', label(spare));
}

/** Step: the first doubtful event against the work order itself. */
export async function checkEvent(dispatch: Dispatch, event: OrderEvent): Promise<void> {
  const done = (): void => {
    dispatch.memory.doubtful = dispatch.memory.doubtful.filter((other) => other !== event);
  };
  const visit = dispatch.visitOf(event);
  if (!visit || visit.workOrderId === null || event.status === null) {
    done();
    return;
  }
  const told: KnownStatus = { key: event.status, at: event.at };
  // Other events came in meanwhile; the doubt may be gone.
  let verdict = judge(visit.status, told);
  if (verdict === 'check') {
    const { workOrderId } = visit;
    try {
      const order = await unlessPersonSpeaks(dispatch, () => fieldNation.readWorkOrder({ workOrderId }));
      if (order === 'interrupted') return;
      verdict = bearsOut(order.status, told, visit.status) ? 'apply' : 'old';
    } catch (error) {
      const failure = stepFailure(error);
      if (failure.type !== 'NotFound') {
        dispatch.block('check', failure, `Reading the work order failed (${failure.status ?? 'no answer'})`);
        return;
      }
      verdict = 'old';
    }
  }
  dispatch.unblock('check');
  done();
  if (verdict === 'apply') takeNews(dispatch, visit, told, event);
  else recordOld(dispatch, visit, told, event);
}

const label = (event: OrderEvent): string => `${event.name}${event.at ? ` of ${event.at}` : ''}`;

function recordOld(dispatch: Dispatch, visit: Visit, told: KnownStatus, event: OrderEvent): void {
  // Our own publish knows no time of Field Nation's; its event brings it.
  if (visit.status?.key === told.key) visit.status.at ??= told.at;
  dispatch.note('Event, older than what is known', label(event));
}

function takeNews(dispatch: Dispatch, visit: Visit, told: KnownStatus, event: OrderEvent): void {
  dispatch.note('Event', label(event));
  believe(dispatch, visit, told, event);
}
