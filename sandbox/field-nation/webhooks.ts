import { asArray, asObject, asText, isObject } from '../json';
import type { JsonObject } from '../json';
import { EVENT_NAMES } from './event-names';
import { COMPANY, API_USER } from './catalog';
import { invalid, refuseIfAny } from './errors';
import type { ErrorDetail } from './errors';
import type { Webhook } from './types';
import type { FieldNationWorld } from './world';

const STATUSES = ['active', 'inactive', 'archived'] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Webhooks v3 as records (Field Nation contract 15.5). */
export function createWebhook(world: FieldNationWorld, body: JsonObject): Webhook {
  const required = ['url', 'method', 'status', 'events'];
  const errors: ErrorDetail[] = required
    .filter((key) => body[key] === undefined)
    .map((key) => ({ detail: `${key} is required.`, pointer: `/${key}` }));
  refuseIfAny([...errors, ...checkWebhook(world, body)]);
  return save(world, world.newWebhook(), body, 'webhook_created');
}

export function changeWebhook(world: FieldNationWorld, webhook: Webhook, body: JsonObject): Webhook {
  if (webhook.status === 'archived') throw invalid('An archived webhook is read-only.');
  refuseIfAny(checkWebhook(world, body));
  const keys = Object.keys(body);
  const action =
    keys.length !== 1
      ? 'webhook_updated'
      : body['status'] !== undefined
        ? 'status_changed'
        : body['events'] !== undefined
          ? 'events_updated'
          : body['url'] !== undefined
            ? 'url_changed'
            : 'webhook_updated';
  return save(world, webhook, body, action);
}

export function deleteWebhook(world: FieldNationWorld, webhook: Webhook): void {
  world.webhooks.remove(webhook.webhookId);
  note(world, webhook, 'webhook_deleted');
}

export const presentWebhook = (world: FieldNationWorld, webhook: Webhook): JsonObject => ({
  id: webhook.id,
  webhookId: webhook.webhookId,
  companyId: COMPANY.id,
  userId: API_USER.id,
  events: webhook.events,
  url: world.deliveries.resolve(webhook.url) ?? webhook.url,
  method: webhook.method,
  status: webhook.status,
  secret: webhook.secret,
  notificationEmail: webhook.notificationEmail,
  modelProperties: [],
  isIntegrationOnly: webhook.isIntegrationOnly,
  webhookAttribute: { header: webhook.headers },
  createdAt: new Date(webhook.createdAt).toISOString(),
  updatedAt: new Date(webhook.updatedAt).toISOString(),
});

function save(world: FieldNationWorld, webhook: Webhook, body: JsonObject, action: string): Webhook {
  if (typeof body['url'] === 'string') webhook.url = body['url'];
  if (body['method'] === 'post' || body['method'] === 'put') webhook.method = body['method'];
  webhook.status = STATUSES.find((status) => status === body['status']) ?? webhook.status;
  if (Array.isArray(body['events'])) webhook.events = body['events'].map(asText);
  if (typeof body['secret'] === 'string') webhook.secret = body['secret'];
  if (typeof body['notificationEmail'] === 'string') webhook.notificationEmail = body['notificationEmail'];
  if (typeof body['isIntegrationOnly'] === 'boolean') webhook.isIntegrationOnly = body['isIntegrationOnly'];
  const headers = asObject(body['webhookAttribute'])['header'];
  if (isObject(headers))
    Object.assign(webhook.headers, Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, asText(v)])));
  webhook.updatedAt = world.now();
  world.webhooks.save(webhook);
  note(world, webhook, action);
  return webhook;
}

function note(world: FieldNationWorld, { webhookId }: Webhook, action: string): void {
  world.webhookHistory.save({ id: world.nextId('webhook-history', 1), webhookId, action, at: world.now() });
}

function checkWebhook(world: FieldNationWorld, body: JsonObject): ErrorDetail[] {
  const errors: ErrorDetail[] = [];
  const complain = (key: string, detail: string): void => void errors.push({ detail, pointer: `/${key}` });
  const { url, method, status, events, secret } = body;
  if (url !== undefined && !(world.knobs.httpWebhooks ? /^https?:\/\/./ : /^https:\/\/./).test(asText(url)))
    complain('url', 'url must be an HTTPS address.');
  if (method !== undefined && method !== 'post' && method !== 'put') complain('method', 'method must be post or put.');
  if (status !== undefined && !STATUSES.some((known) => known === status))
    complain('status', `status must be one of ${STATUSES.join(', ')}.`);
  if (events !== undefined) {
    const names = asArray(events).map(asText);
    const known = names.every((name) => (EVENT_NAMES as readonly string[]).includes(name));
    if (names.length === 0 || !known || new Set(names).size !== names.length)
      complain('events', 'events must be known, unique and at least one.');
  }
  if (secret !== undefined && !UUID.test(asText(secret))) complain('secret', 'secret must be a UUID.');
  const headers = Object.keys(asObject(asObject(body['webhookAttribute'])['header']));
  if (headers.some((name) => name.toLowerCase().startsWith('x-fn-')))
    complain('webhookAttribute', 'A header may not start with x-fn-.');
  return errors;
}
