/**
 * Whether a webhook's body is about a work order of ours. Promise: `none` only where the body held the parts that carry an
 * id, so that asking Field Nation would tell nothing new. Source: Field Nation contract 15.2.
 */
import { parseCorrelationId } from './correlation';
import { correlationIdOfOrder } from './order-correlation';
import type { OrderEvent } from './order-event';
import { isProbeOf } from './probe';

/** `unknown`: a thin body, which tells nothing of whose order it is. */
export type Carries = 'ours' | 'none' | 'unknown';

type Bag = Record<string, unknown>;
const bag = (value: unknown): Bag => (value && typeof value === 'object' ? (value as Bag) : {});

export function carriesOf(body: unknown, account: string): Carries {
  const order = bag(bag(body).workorder);
  const id = correlationIdOfOrder(order);
  if (id !== null) return parseCorrelationId(id)?.account === account || isProbeOf(account, id) ? 'ours' : 'none';
  const { html } = bag(order.description);
  const described = typeof html === 'string' && html.trim() !== '';
  const fields = bag(order.custom_fields);
  return described || Array.isArray(order.custom_fields) || Array.isArray(fields.results) ? 'none' : 'unknown';
}

/** What makes two deliveries the same news; nobody signs the delivery's own id. */
export const contentKey = ({ workOrderId, name, at, status, messageId }: OrderEvent): string =>
  [workOrderId, name, at, status, messageId].map((part) => part ?? '').join(' ');
