/** What a sweep tells a dispatch of its work order, as events like any other. Promise: the same finding has the same key. */
import type { FieldNationEvent } from '../../contract/field-nation-event';
import type { ListedDraft, OwnedOrder } from '../../contract/sweep-calls';
import type { KnownStatus } from '../status';
import { eventOfStatus } from '../status-of-event';
import { countedParts, type ConversationCounts } from '../conversation/counts';
import { sweepKey } from './order-drift';

/** Every event of a sweep has a key. */
type SweptEvent = FieldNationEvent & { delivery: string };

/** Each step that the dispatch has missed, with what the order said of itself. */
export const driftEvents = (order: OwnedOrder, steps: readonly KnownStatus[], body: FieldNationEvent): SweptEvent[] =>
  steps.map((step) => {
    const { timestamp: _timestamp, ...rest } = body;
    const event = { ...body.event, name: eventOfStatus(step.key) };
    const delivery = sweepKey(order.id, order, step);
    return { ...rest, event, delivery, ...(step.at === null ? {} : { timestamp: step.at }) };
  });

/** Of an order that is neither listed nor to be read. */
export const goneBody = ({ id }: OwnedOrder): FieldNationEvent => ({
  event: { name: '', params: { work_order_id: id } },
  workorder: { id },
});

export const unreadEvent = ({ id }: OwnedOrder, counts: ConversationCounts): SweptEvent => ({
  event: { name: 'reconcile.messages_or_files', params: { work_order_id: id } },
  delivery: `reconcile-${id}-unread-${counts.messages ?? 0}-${counts.files ?? 0}`,
  workorder: { id, ...countedParts(counts) },
});

/** Without it a run whose ticket neither matches nor names the order would ask nobody. */
export const carriedEvent = (workOrderId: number, correlationId: string): SweptEvent => ({
  event: { name: 'reconcile.order', params: { work_order_id: workOrderId } },
  delivery: `reconcile-${workOrderId}-${correlationId}`,
  workorder: { id: workOrderId, custom_fields: { internal: { value: correlationId } } },
});

export function draftEvent({ workOrderId, correlationId, createdAt }: ListedDraft): SweptEvent {
  const step = { key: 'draft', at: createdAt } as const;
  return {
    event: { name: eventOfStatus('draft'), params: { work_order_id: workOrderId } },
    ...(createdAt === null ? {} : { timestamp: createdAt }),
    delivery: sweepKey(workOrderId, { key: 'draft', at: null }, step),
    workorder: { id: workOrderId, custom_fields: { internal: { value: correlationId } } },
  };
}
