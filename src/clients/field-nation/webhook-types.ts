/** Webhooks v3 management (contract 15.5). */
import { z } from 'zod';
import { filledText } from '../../filled-text';
import { isoTime, number, optionalId, text, texts } from '../lenient';

/** `webhookId` is the UUID that deliveries carry. `secret` signs them: keep it at creation, it may never be shown again. */
export const webhookSchema = z.looseObject({
  id: optionalId,
  webhookId: filledText,
  url: text,
  method: text,
  status: text,
  events: texts,
  secret: text,
  notificationEmail: text,
  createdAt: isoTime,
  updatedAt: isoTime,
});
export type Webhook = z.output<typeof webhookSchema>;

export const deliveryLogSchema = z.looseObject({
  deliveryId: text,
  webhookId: text,
  workOrderId: optionalId,
  eventName: text,
  deliveryStatus: text,
  deliveryAttempt: number,
  createdAt: isoTime,
});
export type DeliveryLog = z.output<typeof deliveryLogSchema>;

/** Asked for by name: a documented item lacks the work order where nobody asks for it. */
export const DELIVERY_LOG_FIELDS = Object.keys(deliveryLogSchema.shape).join(',');

/** `archived` is final. */
export type WebhookStatus = 'active' | 'inactive' | 'archived';

export interface WebhookInput {
  /** https only. */
  url: string;
  method: 'post' | 'put';
  status: WebhookStatus;
  /** Unique, at least one. */
  events: string[];
  /** A UUID; Field Nation makes one when absent. */
  secret?: string;
  notificationEmail?: string;
  /** Custom headers of the deliveries; names may not start with `x-fn-`. */
  headers?: Record<string, string>;
}

/** Only what is given changes; `events` is replaced as a whole. */
export type WebhookPatch = Partial<WebhookInput>;

export interface ListWebhooksInput {
  page?: number;
  perPage?: number;
  status?: WebhookStatus;
  search?: string;
}

export interface DeliveryLogsInput {
  webhookId?: string;
  workOrderId?: number;
  eventName?: string;
  deliveryStatus?: string;
  deliveryId?: string;
  page?: number;
  /** 50 by default, at most 500. */
  perPage?: number;
}
