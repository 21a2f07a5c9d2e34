/** One event of a work order, ready for its dispatch. Source: Field Nation contract 15.2, interface section 5. */
import type { OrderContents } from '../contract/order-contents';
import type { OrderStatus } from './status';
import type { ConversationCounts } from './conversation/counts';

/** Who does the work, as far as Field Nation told. */
export interface EventProvider {
  id: number | null;
  first_name: string;
  last_name: string;
}

/** When what happens, as far as Field Nation told; ISO 8601 in UTC. */
export interface EventTimes {
  /** When the provider expects to arrive. */
  eta?: string;
  assigned?: string;
  workDone?: string;
  delayMinutes?: number;
}

/** One event, ready for the dispatch. Times are ISO 8601 in UTC. */
export interface OrderEvent {
  /** De-duplication key: the event's own id, the delivery's uuid, else work order, event and time. */
  key: string;
  name: string;
  at: string | null;
  status: OrderStatus | null;
  workOrderId: number | null;
  correlationId: string | null;
  title: string | null;
  closingNotes: string | null;
  hours: number | null;
  /** Start of the visit as Field Nation writes it, in UTC. */
  start: string | null;
  /** End of the arrival window, in the same form; left out when the visit has none. */
  latest?: string;
  provider: EventProvider | null;
  /** Left out when the event carries none. */
  times?: EventTimes;
  /** Of the message that was posted, where the event names it. */
  messageId?: number;
  /** What the order holds of messages and files, where the event tells. */
  counts?: ConversationCounts;
  /** The event names its order and tells next to nothing of it. */
  thin?: true;
  /** What the order holds, as whoever took the event in has read it: taken over as it is, with what did not fit left out. */
  contents?: OrderContents;
}

/** What a thin event tells, completed by what its order told when it was read. */
export function completed(event: OrderEvent, order: OrderEvent): OrderEvent {
  const { thin: _, ...told } = event;
  const known: Partial<OrderEvent> = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null));
  return {
    ...order,
    ...known,
    name: event.name,
    key: event.key,
    at: event.at,
    status: event.status,
    times: { ...order.times, ...event.times },
    contents: { ...order.contents, ...event.contents },
  };
}
