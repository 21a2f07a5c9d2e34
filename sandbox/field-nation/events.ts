import { createHmac, randomUUID } from 'node:crypto';

import type { DeliveryPolicy } from '../delivery-types';
import { asObject } from '../json';
import type { JsonObject } from '../json';
import type { EventName } from './event-names';
import { dress, presentOrder } from './present';
import { eventTime } from './times';
import type { Origin, Webhook, WorkOrder } from './types';
import type { FieldNationWorld } from './world';

const DAY = 86_400_000;

/** Tells all active webhooks of an event; changes made through the API only when the knob says so (15.1). */
export function emit(
  world: FieldNationWorld,
  order: WorkOrder,
  name: EventName,
  origin: Origin,
  params: JsonObject = {},
): void {
  if (origin.api && !world.knobs.apiChangesEcho) return;
  const withStatus = name.startsWith('workorder.status.') ? { status_id: order.status.id, ...params } : params;
  const body = envelope(world, name, order.id, withStatus, origin.userId, eventOrder(world, order));
  send(world, name, order.id, body);
}

/** An event that somebody made by hand, e.g. for a work order that does not exist; sent whatever a webhook subscribes to. */
export function sendRaw(
  world: FieldNationWorld,
  name: string,
  orderId: number,
  workorder: JsonObject,
  params: JsonObject,
): void {
  send(world, name, orderId, envelope(world, name, orderId, params, 0, workorder), true);
}

/** The order as a webhook shows it; the pages contradict each other (15.2). */
function eventOrder(world: FieldNationWorld, order: WorkOrder): JsonObject {
  const { webhookOrder, webhookAssignee } = world.knobs;
  if (webhookOrder === 'thin') return dress(world.knobs, { id: order.id, title: order.title }) as JsonObject;
  const shown = presentOrder(world, order);
  const { assignee, ...others } = shown;
  const { user, ...rest } = asObject(assignee);
  switch (webhookAssignee) {
    case 'nested':
      return shown;
    case 'flat':
      return { ...shown, assignee: { ...rest, ...asObject(user) } };
    case 'provider':
      return { ...others, provider: asObject(user) };
  }
}

/** All names of a value, at any depth. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (typeof value !== 'object' || value === null) return value;
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), inCamelCase(inner)]));
}

function envelope(
  world: FieldNationWorld,
  name: string,
  orderId: number,
  params: JsonObject,
  userId: number,
  workorder: JsonObject,
): string {
  const id = world.knobs.eventIdAsText ? String(orderId) : orderId;
  if (world.knobs.webhookBody === 'eventName') {
    const eventId = `evt_${randomUUID().replace(/-/g, '')}`;
    const timestamp = new Date(world.now()).toISOString();
    const data = world.knobs.webhookNames === 'camelCase' ? inCamelCase(workorder) : workorder;
    return JSON.stringify({ eventId, eventName: name, workOrderId: id, timestamp, data });
  }
  return JSON.stringify({
    event: { name, params: { work_order_id: id, ...params } },
    timestamp: eventTime(world.now()),
    triggered_by_user: { id: userId },
    workorder,
  });
}

function send(world: FieldNationWorld, name: string, orderId: number, body: string, unasked = false): void {
  for (const webhook of world.webhooks.all()) {
    // Events while a webhook is inactive are neither queued nor replayed (15.4).
    if (webhook.status !== 'active' || !(unasked || webhook.events.includes(name))) continue;
    const first = randomUUID();
    for (let copy = 0; copy < world.knobs.duplicateWebhooks; copy += 1) {
      // Within a reordering window each event goes its own way; else an order's events keep their order.
      const own = world.knobs.reorderWindowMs > 0 ? ` event ${randomUUID()}` : '';
      world.deliveries.add({
        system: 'field-nation',
        eventName: name,
        subjectId: orderId,
        lane: `order ${orderId} webhook ${webhook.webhookId} copy ${copy}${own}`,
        sourceId: webhook.webhookId,
        uuid: copy === 0 || world.knobs.duplicateDeliveryId === 'same' ? first : randomUUID(),
        traceId: randomUUID(),
        target: webhook.url,
        method: (webhook.id === 1 ? world.knobs.webhookMethod : webhook.method) === 'put' ? 'PUT' : 'POST',
        headers: { 'Content-Type': 'application/json', ...webhook.headers },
        body,
        delayMs: world.parts.random() * world.knobs.reorderWindowMs,
      });
    }
  }
}

/** Headers, signature and retries of 15.2 to 15.4. */
export function fieldNationDeliveryPolicy(world: FieldNationWorld): DeliveryPolicy {
  return {
    timeoutMs: 30_000,
    headers(delivery, attempt) {
      const secret = world.webhooks.get(delivery.sourceId)?.secret ?? '';
      return {
        'X-FN-Signature': `sha256=${createHmac('sha256', secret).update(delivery.body).digest('hex')}`,
        'X-FN-Webhook-Id': delivery.sourceId,
        'X-FN-Delivery-Id': `${delivery.uuid}:${attempt}`,
        'X-FN-Event-Trace-Id': delivery.traceId,
        'X-FN-Request-Timestamp': String(world.now()),
      };
    },
    retryDelayMs(delivery, attempt, { status }) {
      const refused = status !== null && status >= 400 && status < 500;
      if (refused && !(world.knobs.retryOn408And429 && (status === 408 || status === 429))) return null;
      const webhook = world.webhooks.get(delivery.sourceId);
      return attempt > maxRetries(webhook) ? null : 10_000 * 2 ** (attempt - 1);
    },
    settled(delivery, delivered) {
      const webhook = world.webhooks.get(delivery.sourceId);
      if (webhook === undefined) return;
      webhook.attempted += 1;
      if (delivered) {
        webhook.succeeded += 1;
        webhook.failingSince = null;
      } else {
        webhook.failingSince ??= world.now();
        if (webhook.status === 'active' && world.now() - webhook.failingSince >= 7 * DAY) webhook.status = 'inactive';
      }
      world.webhooks.save(webhook);
    },
  };
}

/** Adapts to the success rate once about 100 deliveries are known (15.4). */
function maxRetries(webhook: Webhook | undefined): number {
  if (webhook === undefined || webhook.attempted < 100) return 7;
  const rate = webhook.succeeded / webhook.attempted;
  return rate > 0.95 ? 7 : rate >= 0.8 ? 5 : 3;
}
