/** What the config's templates may say of a visit, how an event is named, and words that say more than they tell. */
import type { DispatchView } from '../../contract/dispatch';
import type { EffectVisit } from '../../contract/effect-calls';
import type { Visit } from '../../contract/visit';
import type { OrderEvent } from '../order-event';
import { technicianOf } from '../visit-facts';
import type { Dispatch } from './dispatch';

export function visitWords(dispatch: Dispatch, visit: Visit): EffectVisit {
  const earlier = dispatch.memory.visits.filter((v) => v.number < visit.number && v.workOrderId !== null).at(-1);
  return {
    account: dispatch.account,
    ticketId: dispatch.ticketId,
    correlationId: visit.correlationId,
    visit: visit.number,
    workOrderId: visit.workOrderId,
    workOrderUrl: dispatch.orderUrl(visit),
    previous: earlier ? { id: earlier.workOrderId ?? 0, url: dispatch.orderUrl(earlier) ?? '' } : null,
  };
}

/** Read again by src/domain/timeline. */
export function label({ name, at, provider }: OrderEvent): string {
  const technician = technicianOf(provider);
  return `${name}${at ? ` of ${at}` : ''}${technician === null ? '' : `, ${technician}`}`;
}

/** Ends the detail of a cancel that Field Nation answered with 404. */
export const END_UNKNOWN = 'so nobody knows whether it is cancelled';

/** Field Nation does not show the order that was to be cancelled: a cancel given again ends the visit by a person's word. */
export const endsByWord = ({ attention }: Pick<DispatchView, 'attention'>): boolean =>
  attention?.reason === 'not-found' && attention.detail.endsWith(END_UNKNOWN);
