/**
 * An event as the web process passes it on. Promise: small (under 4 kB), and read back it is the same event. Source:
 * interface, section 5.
 */
import type { FieldNationEvent } from '../contract/field-nation-event';
import { correlationLine } from './correlation';
import type { OrderEvent } from './order-event';
import { countedParts } from './conversation/counts';
import { jsonBytes } from './wire-values';

/** Of a reduced event, in bytes of its JSON. */
const LARGEST = 4000;
const CONTENTS_KEY = ',"contents":'.length;

/** Bytes of JSON that an event has left for what its order holds, so that it stays under 4 kB when it is reduced. */
export const roomIn = (event: OrderEvent): number => LARGEST - jsonBytes(reduceEvent(event)) - CONTENTS_KEY;

const messageParam = ({ messageId }: OrderEvent): object =>
  messageId === undefined ? {} : { message: { msg_id: messageId } };

const windowOf = ({ start, latest }: OrderEvent): object => ({
  start: { utc: start },
  ...(latest === undefined ? {} : { end: { utc: latest } }),
});

/** The event as the web process passes it on: the webhook's own shape, cut to what `readOrderEvent` reads. */
export function reduceEvent(event: OrderEvent): FieldNationEvent {
  const { eta, assigned, workDone, delayMinutes } = event.times ?? {};
  const delay = delayMinutes === undefined ? {} : { estimated_delay: delayMinutes * 60 };
  return {
    event: { name: event.name, params: { work_order_id: event.workOrderId, ...delay, ...messageParam(event) } },
    ...(event.at === null ? {} : { timestamp: event.at }),
    delivery: event.key,
    thin: event.thin === true,
    ...(event.contents === undefined ? {} : { contents: event.contents }),
    workorder: {
      ...(event.workOrderId === null ? {} : { id: event.workOrderId }),
      ...(event.title === null ? {} : { title: event.title }),
      ...(event.correlationId === null ? {} : { description: { html: correlationLine(event.correlationId) } }),
      ...(event.closingNotes === null ? {} : { closing_notes: event.closingNotes }),
      ...(event.counts === undefined ? {} : countedParts(event.counts)),
      ...(event.hours === null ? {} : { time_logs: { hours: event.hours } }),
      ...(event.start === null ? {} : { schedule: { service_window: windowOf(event) } }),
      ...(eta === undefined ? {} : { eta: { start: { utc: eta } } }),
      ...(assigned === undefined && workDone === undefined
        ? {}
        : { milestones: { assigned: { utc: assigned }, workdone: { utc: workDone } } }),
      ...(event.provider === null
        ? {}
        : {
            assignee: {
              user: {
                ...(event.provider.id === null ? {} : { id: event.provider.id }),
                first_name: event.provider.first_name,
                last_name: event.provider.last_name,
              },
            },
          }),
    },
  };
}
