import { randomUUID } from 'node:crypto';

import type { JsonObject } from '../json';
import type { Delivery } from '../delivery-types';
import type { Answer, Call, Route, Verb } from '../pipeline';
import { notFound } from './errors';
import { EVENT_NAMES } from './event-names';
import { jsonBody } from './routes-orders';
import type { Webhook } from './types';
import { changeWebhook, createWebhook, deleteWebhook, presentWebhook } from './webhooks';
import type { FieldNationWorld } from './world';

const ROOT = '/api/v1/webhooks';

/** Webhooks v3 management and delivery logs (Field Nation contract 15.5). */
export function webhookRoutes(world: FieldNationWorld): Route[] {
  const route = (name: string, method: Verb, path: string, work: (call: Call) => unknown): Route => ({
    name,
    method,
    path: `${ROOT}${path}`,
    handle: (call) => envelope(world, call, work(call)),
  });
  const find = (call: Call): Webhook => {
    const webhook = world.webhooks.get(call.params['webhookId'] ?? '');
    if (webhook === undefined) throw notFound('The webhook');
    return webhook;
  };
  const present = (webhook: Webhook): JsonObject => {
    const { secret: _secret, ...shown } = presentWebhook(world, webhook);
    return world.knobs.webhookSecret === 'always' ? presentWebhook(world, webhook) : shown;
  };
  return [
    route('listWebhookEvents', 'get', '/events', () =>
      EVENT_NAMES.map((name) => ({ name, label: name.replace(/[._]/g, ' '), description: '', model: 'WorkOrder' })),
    ),
    route('listDeliveryLogs', 'get', '/delivery-logs', (call) => logs(world, call.query)),
    route('getDeliveryLog', 'get', '/delivery-logs/:deliveryId', (call) => ({
      ...presentLog(findLog(world, call)),
      delivery_log: null,
    })),
    route('retryDelivery', 'patch', '/delivery-logs/:deliveryId/retry', (call) => {
      resend(world, findLog(world, call));
      return { job_id: world.nextId('jobs', 1) };
    }),
    route('listWebhooks', 'get', '/', (call) => listWebhooks(world, call.query).map(present)),
    route('createWebhook', 'post', '/', (call) => presentWebhook(world, createWebhook(world, jsonBody(call)))),
    route('getWebhook', 'get', '/:webhookId', (call) => present(find(call))),
    route('updateWebhook', 'put', '/:webhookId', (call) => present(changeWebhook(world, find(call), jsonBody(call)))),
    route('deleteWebhook', 'delete', '/:webhookId', (call) => {
      const webhook = find(call);
      deleteWebhook(world, webhook);
      return present(webhook);
    }),
    route('getWebhookHistory', 'get', '/:webhookId/history', (call) =>
      world.webhookHistory.all().filter(({ webhookId }) => webhookId === call.params['webhookId']),
    ),
    route('deleteWebhookAttribute', 'delete', '/:webhookId/:attributeType/:attributeName', (call) => {
      const webhook = find(call);
      delete webhook.headers[call.params['attributeName'] ?? ''];
      return present(world.webhooks.save(webhook));
    }),
  ];
}

/** Sends a delivery once more; whether its UUID stays is a knob. Null when its webhook has no address. */
export function resend(world: FieldNationWorld, delivery: Delivery): Delivery | null {
  const {
    id: _id,
    attempt: _attempt,
    state: _state,
    dueAt: _dueAt,
    createdAt: _createdAt,
    lastStatus: _s,
    lastError: _e,
    ...again
  } = delivery;
  const uuid = world.knobs.retryKeepsDeliveryId ? delivery.uuid : randomUUID();
  return world.deliveries.add({ ...again, uuid, lane: `${delivery.lane} again ${randomUUID()}`, delayMs: 0 });
}

function envelope(world: FieldNationWorld, call: Call, result: unknown): Answer {
  const count = Array.isArray(result) ? { count: result.length, total: result.length } : {};
  const query = Object.fromEntries(call.query);
  return {
    status: 200,
    body: { metadata: { timestamp: new Date(world.now()).toISOString(), ...count, query }, result },
  };
}

function listWebhooks(world: FieldNationWorld, query: URLSearchParams): Webhook[] {
  const page = Number(query.get('page') ?? '1');
  const perPage = Number(query.get('perPage') ?? '25');
  const found = world.webhooks
    .all()
    .filter(({ status }) => (query.get('status') ?? status) === status)
    .filter(({ webhookId }) => (query.get('webhookId') ?? webhookId) === webhookId)
    .sort((a, b) => (query.get('sortDirection') === 'ASC' ? a.id - b.id : b.id - a.id));
  return found.slice((page - 1) * perPage, page * perPage);
}

function logs(world: FieldNationWorld, query: URLSearchParams): JsonObject[] {
  const page = Number(query.get('page') ?? '1');
  const perPage = Math.min(500, Number(query.get('perPage') ?? '50'));
  const filters = ['webhookId', 'workOrderId', 'eventName', 'deliveryStatus', 'deliveryId'];
  const found = world.deliveries
    .list()
    .filter(({ system }) => system === 'field-nation')
    .map(presentLog)
    .filter((log) => filters.every((name) => query.get(name) === null || String(log[name]) === query.get(name)))
    .reverse();
  const { deliveryLogOrder } = world.knobs;
  const asked = (query.get('fields') ?? '').split(',').includes('workOrderId');
  const isNamed = deliveryLogOrder === 'always' || (deliveryLogOrder === 'asked' && asked);
  return found
    .slice((page - 1) * perPage, page * perPage)
    .map(({ workOrderId, ...log }) => (isNamed ? { workOrderId, ...log } : log));
}

const presentLog = (delivery: Delivery): JsonObject => ({
  deliveryId: delivery.uuid,
  webhookId: delivery.sourceId,
  workOrderId: delivery.subjectId,
  eventName: delivery.eventName,
  deliveryStatus: delivery.lastStatus ?? delivery.state,
  deliveryAttempt: delivery.attempt,
  createdAt: new Date(delivery.createdAt).toISOString(),
});

function findLog(world: FieldNationWorld, call: Call): Delivery {
  const found = world.deliveries.list().findLast(({ uuid }) => uuid === call.params['deliveryId']);
  if (found === undefined) throw notFound('The delivery');
  return found;
}
