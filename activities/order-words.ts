/** What templates may say of a work order beyond its basic data: times, delay, the visit before. Times are UTC, to the minute. */
import type { OrderEvent } from '../src/domain/order-event';
import type { OrderLink } from '../src/contract/effect-calls';

const readable = (iso: string | undefined): string | null => iso?.slice(0, 16).replace('T', ' ') ?? null;

/** Goes into the source `workOrder`. */
export const orderWords = (event: OrderEvent | null, previous: OrderLink | null | undefined) => ({
  eta: { start: { utc: readable(event?.times?.eta) } },
  milestones: {
    assigned: { utc: readable(event?.times?.assigned) },
    workdone: { utc: readable(event?.times?.workDone) },
  },
  previous: previous ?? {},
});

/** Goes into the source `event`. */
export const eventWords = (event: OrderEvent | null) => ({ delay_minutes: event?.times?.delayMinutes ?? null });
