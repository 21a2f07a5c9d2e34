/** The two webhook routes. Promise: 202 only once Temporal has it; what may heal is 503, never 4xx. Source: interface 4. */
import { Router, type Request } from 'express';
import { readOrderEvent } from '../domain/order-event';
import type { Logger } from '../log';
import type { Starter } from '../temporal/starter';
import { bytesOf, jsonObjectOf, own, rawBody, textOf, WEBHOOK_LIMIT } from './body';
import { malformed, unauthorized } from './problem';
import { verifyFieldNationSignature, verifyFreshdeskSecret } from './signatures';

export interface WebhookDeps {
  starter: Pick<Starter, 'ticketChanged' | 'workOrderEvent'>;
  account: string;
  freshdeskSecrets: readonly string[];
  fieldNationSecrets: readonly string[];
  log: Logger;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export function webhookRoutes({ starter, account, freshdeskSecrets, fieldNationSecrets, log }: WebhookDeps): Router {
  const router = Router();

  router.post('/webhooks/freshdesk', ...rawBody([JSON_TYPE, FORM_TYPE], WEBHOOK_LIMIT), async (request, response) => {
    if (!verifyFreshdeskSecret(request.headers, freshdeskSecrets)) throw unauthorized();
    const { ticketId, account: sender } = readFreshdeskBody(request);
    if (sender !== null && sender.toLowerCase() !== account) {
      log.warn({ ticketId, account: sender.slice(0, 100) }, 'webhook of another account ignored');
      response.status(202).json({ dispatch: null, ignored: `account is not ${account}` });
      return;
    }
    if (ticketId === null) {
      throw malformed(
        'No ticket id: send a number, or numeric text, as ticket_id, id, or freshdesk_webhook.ticket_id.',
      );
    }
    const dispatch = await starter.ticketChanged(ticketId);
    log.info({ ticketId, dispatch }, 'freshdesk webhook accepted');
    response.status(202).json({ dispatch });
  });

  router.post('/webhooks/field-nation', ...rawBody([JSON_TYPE], WEBHOOK_LIMIT), async (request, response) => {
    if (!verifyFieldNationSignature(bytesOf(request), request.header('x-fn-signature'), fieldNationSecrets)) {
      throw unauthorized();
    }
    const delivery = request.header('x-fn-delivery-id')?.split(':')[0]?.trim();
    const body = jsonObjectOf(request);
    const event = readOrderEvent(delivery ? { ...body, delivery } : body);
    if (!event) {
      log.error({ keys: Object.keys(body).slice(0, 10) }, 'field nation webhook of an unknown form refused');
      throw malformed('No event.name: send the default payload of webhooks v3, without a payload script.');
    }
    const taken = await starter.workOrderEvent(event);
    log.info({ event: event.name, workOrderId: event.workOrderId, taken }, 'field nation webhook accepted');
    response.status(202).json({ taken });
  });

  return router;
}

interface FreshdeskBody {
  ticketId: number | null;
  account: string | null;
}

/** The ticket id at `ticket_id`, `id` or under `freshdesk_webhook`, as number or numeric text; JSON or form. */
function readFreshdeskBody(request: Request): FreshdeskBody {
  const isForm = (request.headers['content-type'] ?? '').toLowerCase().startsWith(FORM_TYPE);
  const read = isForm ? formReader(textOf(request)) : jsonReader(jsonObjectOf(request));
  const ids = [read('ticket_id'), read('id')].map(ticketIdOf);
  const sender = read('account');
  return {
    ticketId: ids.find((id) => id !== null) ?? null,
    account: typeof sender === 'string' && sender.trim() !== '' ? sender.trim() : null,
  };
}

type FieldReader = (key: string) => unknown;

const jsonReader =
  (body: Record<string, unknown>): FieldReader =>
  (key) =>
    own(body, key) ?? own(own(body, 'freshdesk_webhook'), key);

function formReader(text: string): FieldReader {
  const form = new URLSearchParams(text);
  return (key) => form.get(key) ?? form.get(`freshdesk_webhook[${key}]`);
}

function ticketIdOf(value: unknown): number | null {
  const isId = typeof value === 'number' || (typeof value === 'string' && /^\s*\d{1,16}\s*$/.test(value));
  const id = isId ? Number(value) : NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : null;
}
