/**
 * A routed order that nobody took in time is offered to the marketplace. Promise: once for a visit, and never an order that
 * somebody has taken: the order is read before. Source: `dispatch.routeFor` of the config; Field Nation contract, section 7.
 */
import type { Visit } from '../../contract/visit';
import type { Dispatch } from './dispatch';
import { move } from './stages';

/** When the newest visit's order has been with its providers for long enough, ISO 8601; null: that does not count. */
export function fallBackDue({ newest: visit }: Dispatch): string | null {
  if (visit?.stage !== 'open' || visit.fellBack || visit.cancel || visit.status?.key !== 'routed') return null;
  const { routedFor } = visit.rules ?? {};
  const since = visit.times.publishedAt;
  return routedFor === undefined || since === null ? null : new Date(Date.parse(since) + routedFor).toISOString();
}

export function isFallBackDue(dispatch: Dispatch): boolean {
  const due = fallBackDue(dispatch);
  return due !== null && dispatch.isDue(due);
}

/** Nobody took it: what follows is a publish like any other, which may be paused or refused. */
export function fallBack(dispatch: Dispatch, visit: Visit): void {
  move(visit, 'nobody took it');
  visit.fellBack = true;
  visit.publishUnsure = false;
  dispatch.note('Nobody took it', `Work order ${visit.workOrderId} goes from its providers to the marketplace`);
}
