/** The two webhook routes. Promise: 202 only once Temporal has it; what may heal is 503, never 4xx. Source: interface 4. */
import type { Request, RequestHandler, Router } from 'express';
import { exactRouter } from '../exact-router';
import type { Source, WebhookSource } from '../contract/alerts';
import { carriesOf } from '../domain/event-owner';
import { readWebhookEvent } from '../domain/order-contents';
import { testIdOf } from '../domain/test-webhook';
import type { Metrics } from '../metrics';
import { CannotDispatchError } from '../temporal/can-dispatch';
import type { Starter } from '../temporal/starter';
import { bytesOf, jsonObjectOf, mediaTypeOf, own, rawBody, textOf, ticketIdOf, WEBHOOK_LIMIT } from './body';
import { inTime } from './in-time';
import { malformed, unauthorized } from './problem';
import { logOf } from './request-log';
import { verifyFieldNationSignature, verifyFreshdeskSecret } from './signatures';

export interface WebhookDeps {
  starter: Pick<Starter, 'ticketChanged' | 'workOrderEvent'>;
  account: string;
  freshdeskSecrets: readonly string[];
  fieldNationSecrets: readonly string[];
  metrics: Pick<Metrics, 'foreignEvent'>;
  /** One came whose credential is right. */
  came: (source: Source) => void;
  /** One came whose credential is wrong or missing; absent: nobody is told. */
  refused?: (source: WebhookSource) => void;
  /** A test webhook came, with or without the credential. */
  tested?: (id: string) => void;
  /** How long Temporal may take to store what came, in ms; absent: what the interface promises. */
  answerWithinMs?: number;
}

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export function webhookRoutes(deps: WebhookDeps): Router {
  const { starter, account, freshdeskSecrets, fieldNationSecrets, metrics, answerWithinMs } = deps;
  const router = exactRouter();
  const note = (source: WebhookSource, request: Request, isRight: boolean): void => {
    const test = testIdOf(bytesOf(request));
    if (test !== null) deps.tested?.(test);
    else if (isRight) deps.came(source);
    else deps.refused?.(source);
  };

  router.post('/webhooks/freshdesk', ...rawBody([JSON_TYPE, FORM_TYPE], WEBHOOK_LIMIT), async (request, response) => {
    const isRight = verifyFreshdeskSecret(request.headers, freshdeskSecrets);
    note('freshdesk', request, isRight);
    if (!isRight) throw unauthorized('Basic realm="deskbridge"');
    const { ticketId, senders } = readFreshdeskBody(request);
    const stranger = senders.find((sender) => sender.toLowerCase() !== account);
    if (stranger !== undefined) {
      logOf(response).warn({ ticketId, account: stranger.slice(0, 100) }, 'webhook of another account ignored');
      response.status(202).json({ dispatch: null, ignored: `account is not ${account}` });
      return;
    }
    if (ticketId === null) {
      throw malformed(
        'No ticket id: send a number, or numeric text, as ticket_id, id, or freshdesk_webhook.ticket_id.',
      );
    }
    try {
      const dispatch = await inTime(starter.ticketChanged(ticketId), answerWithinMs);
      logOf(response).info({ ticketId, dispatch }, 'freshdesk webhook accepted');
      response.status(202).json({ dispatch });
    } catch (error) {
      if (!(error instanceof CannotDispatchError)) throw error;
      logOf(response).warn({ ticketId, reason: error.message }, 'freshdesk webhook ignored');
      response.status(202).json({ dispatch: null, ignored: error.message });
    }
  });

  const fieldNation: RequestHandler = async (request, response) => {
    const signature = request.header('x-fn-signature');
    const isRight = verifyFieldNationSignature(bytesOf(request), signature, fieldNationSecrets);
    note('field-nation', request, isRight);
    if (!isRight) throw unauthorized('Signature realm="deskbridge"');
    const body = jsonObjectOf(request);
    const event = readWebhookEvent({ ...body, delivery: deliveryOf(request) });
    if (!event) {
      logOf(response).error(
        { keys: Object.keys(body).slice(0, 10) },
        'field nation webhook of an unknown form refused',
      );
      throw malformed('No event.name or eventName: send the default payload of webhooks v3, without a payload script.');
    }
    const { name, workOrderId } = event;
    if (carriesOf(body, account) === 'none') {
      // Somebody else's work order: its body came whole, so there is nothing to ask.
      metrics.foreignEvent();
      logOf(response).info({ event: name, workOrderId }, 'field nation webhook of a foreign work order ignored');
      response.status(202).json({ taken: 'foreign' });
      return;
    }
    const taken = await inTime(starter.workOrderEvent(event), answerWithinMs);
    logOf(response).info({ event: name, workOrderId, taken }, 'field nation webhook accepted');
    response.status(202).json({ taken });
  };
  // A webhook's method is its owner's choice, and 404 is final for Field Nation.
  router.post('/webhooks/field-nation', ...rawBody([JSON_TYPE], WEBHOOK_LIMIT), fieldNation);
  router.put('/webhooks/field-nation', ...rawBody([JSON_TYPE], WEBHOOK_LIMIT), fieldNation);

  return router;
}

/**
 * The uuid of `X-FN-Delivery-Id: <uuid>:<attempt>`, the same in every attempt. Nobody signs it, and it becomes part of a
 * workflow id: another form counts as none, and the event is known by its content.
 */
const deliveryOf = (request: Request): string | undefined =>
  /^([\w-]{1,100})(?::|$)/.exec(request.header('x-fn-delivery-id')?.trim() ?? '')?.[1];

interface FreshdeskBody {
  ticketId: number | null;
  /** Every account that the body names; none when it names none. */
  senders: string[];
}

/** The ticket id at `ticket_id`, `id` or under `freshdesk_webhook`, as number or numeric text; JSON or form. */
function readFreshdeskBody(request: Request): FreshdeskBody {
  const read = mediaTypeOf(request) === FORM_TYPE ? formReader(textOf(request)) : jsonReader(jsonObjectOf(request));
  const ids = [...read('ticket_id'), ...read('id')].map(ticketIdOf);
  // A placeholder that Freshdesk does not know arrives as empty text.
  const named = read('account').filter((value) => value !== undefined && value !== null && value !== '');
  return {
    ticketId: ids.find((id) => id !== null) ?? null,
    senders: named.map((value) => (typeof value === 'string' ? value.trim() : JSON.stringify(value))),
  };
}

/** The values of a key at the top and under `freshdesk_webhook`. */
type FieldReader = (key: string) => unknown[];

const jsonReader =
  (body: Record<string, unknown>): FieldReader =>
  (key) => [own(body, key), own(own(body, 'freshdesk_webhook'), key)];

function formReader(text: string): FieldReader {
  const form = new URLSearchParams(text);
  return (key) => [...form.getAll(key), ...form.getAll(`freshdesk_webhook[${key}]`)];
}
