/** Management of webhooks v3 (contract 15.5). */
import { z } from 'zod';
import { parseAnswer } from '../answer';
import { asNumber, asRecord } from '../coerce';
import { allItems } from '../lenient';
import type { Redactor } from '../redact';
import type { Session } from './session';
import type { FieldNationClient } from './types';
import { DELIVERY_LOG_FIELDS, deliveryLogSchema, webhookSchema } from './webhook-types';
import type { WebhookPatch } from './webhook-types';

type WebhookMethods = Pick<FieldNationClient, 'listWebhooks' | 'createWebhook' | 'updateWebhook' | 'deliveryLogs'>;

/** The envelope of success; a bare result is taken as well. */
function enveloped<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => asRecord(value)?.result ?? value, schema);
}

const webhookPage = z.unknown().transform((value, context) => {
  const parsed = enveloped(allItems(webhookSchema)).safeParse(value);
  if (!parsed.success) {
    context.addIssue({ code: 'custom', message: 'no list of webhooks' });
    return z.NEVER;
  }
  const metadata = asRecord(asRecord(value)?.metadata);
  return { total: asNumber(metadata?.total) ?? parsed.data.length, results: parsed.data };
});

export function webhookMethods(session: Session, redactor: Redactor): WebhookMethods {
  return {
    async listWebhooks({ page, perPage, status, search } = {}, signal) {
      const query = { page, perPage, status, search };
      const answer = await session.webhooks({ method: 'GET', path: '/webhooks', query, signal });
      return parseAnswer('field-nation', answer, webhookPage, redactor);
    },
    async createWebhook(input, signal) {
      const answer = await session.webhooks({ method: 'POST', path: '/webhooks', json: webhookBody(input), signal });
      return parseAnswer('field-nation', answer, enveloped(webhookSchema), redactor);
    },
    async updateWebhook(webhookId, patch, signal) {
      const path = '/webhooks/{webhookId}';
      const json = webhookBody(patch);
      const answer = await session.webhooks({ method: 'PUT', path, params: { webhookId }, json, signal });
      return parseAnswer('field-nation', answer, enveloped(webhookSchema), redactor);
    },
    async deliveryLogs({ webhookId, workOrderId, eventName, deliveryStatus, deliveryId, page, perPage }, signal) {
      const query = {
        ...{ webhookId, workOrderId, eventName, deliveryStatus, deliveryId, page, perPage },
        fields: DELIVERY_LOG_FIELDS,
      };
      const answer = await session.webhooks({ method: 'GET', path: '/webhooks/delivery-logs', query, signal });
      return parseAnswer('field-nation', answer, enveloped(allItems(deliveryLogSchema)), redactor);
    },
  };
}

function webhookBody({ url, method, status, events, secret, notificationEmail, headers }: WebhookPatch): object {
  const webhookAttribute = headers && { header: headers };
  return { url, method, status, events, secret, notificationEmail, webhookAttribute };
}
