/** Every route for programs, with what it takes and answers. A test holds it against the routes that there are. */
import type { z } from 'zod';
import { approveBody, byBody, cancelBody, listQuery, visitBody } from '../api';
import { eventsQuery, replayBody } from '../events';
import { pauseBody } from '../pause';
import * as schemas from './schemas';

export interface Operation {
  method: 'get' | 'post' | 'put';
  /** With parameters as `{ticket}`. */
  path: string;
  /** Who calls it. */
  who: 'Freshdesk' | 'Field Nation' | 'event senders' | 'operators' | 'platform';
  summary: string;
  query?: z.ZodObject;
  /** Media types, the first one of the example. */
  body?: { types: readonly string[]; schema: z.ZodType; example: object; optional?: true };
  /** The good answer; `schema` null: no JSON. */
  answer: { status: 200 | 202; schema: z.ZodType | null; type?: string };
  /** Statuses of refusals, all of them problem+json. */
  refusals: readonly number[];
}

const JSON_TYPE = 'application/json';
const JSON_ONLY = [JSON_TYPE] as const;

/** What each status of a refusal means on any route. */
export const REFUSALS: Record<number, string> = {
  400: 'The request is malformed; detail names the field',
  401: 'The credential or signature is missing or wrong',
  404: 'There is no such dispatch, or no such ticket',
  409: 'A visit is under way; or nothing, or another sum, waits for a yes',
  413: 'The body is too large',
  415: 'The body has another type',
  502: 'The upstream refused; detail says what to correct',
  503: 'Not now: send it again after Retry-After',
};

const OF_BODY = [400, 401, 413, 415, 503] as const;

const EVENT = {
  event: 'Signed Up',
  userId: 'usr_123',
  messageId: 'example-1',
  traits: { name: 'John Doe', email: 'john.doe@example.com' },
  properties: { method: 'email' },
  context: { consent: { marketing: true } },
};

const eventRoute = (call: Parameters<typeof schemas.eventOf>[0], summary: string): Operation => ({
  method: 'post',
  path: `/v1/${call}`,
  who: 'event senders',
  summary,
  body: { types: JSON_ONLY, schema: schemas.eventOf(call), example: EVENT },
  answer: { status: 200, schema: schemas.eventAccepted },
  refusals: OF_BODY,
});

const batchRoute = (call: 'batch' | 'import', summary: string): Operation => ({
  ...eventRoute('track', summary),
  path: `/v1/${call}`,
  body: { types: JSON_ONLY, schema: schemas.batch, example: { batch: [{ type: 'track', ...EVENT }] } },
  answer: { status: 200, schema: schemas.batchAccepted },
});

const DROPPED = 'Taken and dropped, so that a sender need not be changed';

const fieldNationRoute = (method: 'post' | 'put'): Operation => ({
  method,
  path: '/webhooks/field-nation',
  who: 'Field Nation',
  summary: 'Something happened to a work order; answered once Temporal has it',
  body: {
    types: JSON_ONLY,
    schema: schemas.fieldNationWebhook,
    example: {
      event: { name: 'workorder.status.assigned' },
      timestamp: '2030-01-01T00:00:00Z',
      workorder: { id: 1234 },
    },
  },
  answer: { status: 202, schema: schemas.eventTaken },
  refusals: OF_BODY,
});

export const OPERATIONS: readonly Operation[] = [
  {
    method: 'post',
    path: '/webhooks/freshdesk',
    who: 'Freshdesk',
    summary: 'A ticket may have changed; answered once Temporal has it',
    body: {
      types: [JSON_TYPE, 'application/x-www-form-urlencoded'],
      schema: schemas.freshdeskWebhook,
      example: { ticket_id: 4711 },
    },
    answer: { status: 202, schema: schemas.webhookTaken },
    refusals: OF_BODY,
  },
  fieldNationRoute('post'),
  fieldNationRoute('put'),
  eventRoute('identify', 'Who somebody is'),
  eventRoute('track', 'What somebody did'),
  eventRoute('page', DROPPED),
  eventRoute('screen', DROPPED),
  eventRoute('group', DROPPED),
  eventRoute('alias', DROPPED),
  batchRoute('batch', 'Many events at once'),
  batchRoute('import', 'The same as /v1/batch'),
  {
    method: 'get',
    path: '/api/events',
    who: 'operators',
    summary: 'Events that came in, newest first; dropped and malformed ones as this process remembers them',
    query: eventsQuery,
    answer: { status: 200, schema: schemas.eventPage },
    refusals: [400, 401, 503],
  },
  {
    method: 'post',
    path: '/api/events/test',
    who: 'operators',
    summary: 'One event through all gates and the mapping; nothing is sent',
    body: { types: JSON_ONLY, schema: schemas.typedEvent, example: { type: 'track', ...EVENT } },
    answer: { status: 200, schema: schemas.eventTrial },
    refusals: [400, 401, 413, 415],
  },
  {
    method: 'post',
    path: '/api/contacts/replay',
    who: 'operators',
    summary: 'Send contact events again that ended as rejected or conflict',
    body: { types: JSON_ONLY, schema: replayBody, example: { outcome: 'rejected', since: '2h', dryRun: true } },
    answer: { status: 202, schema: schemas.replayCounts },
    refusals: OF_BODY,
  },
  {
    method: 'get',
    path: '/api/dispatches',
    who: 'operators',
    summary: 'Dispatches, newest first',
    query: listQuery,
    answer: { status: 200, schema: schemas.dispatchPage },
    refusals: [400, 401, 503],
  },
  {
    method: 'post',
    path: '/api/dispatches',
    who: 'operators',
    summary: 'Start a dispatch, or the next visit, whatever the rule says',
    body: { types: JSON_ONLY, schema: visitBody, example: { ticket_id: 4711 } },
    answer: { status: 202, schema: schemas.started },
    refusals: [...OF_BODY, 409],
  },
  {
    method: 'get',
    path: '/api/dispatches/{ticket}',
    who: 'operators',
    summary: 'One dispatch, also after it has closed',
    answer: { status: 200, schema: schemas.dispatch },
    refusals: [401, 404, 503],
  },
  {
    method: 'post',
    path: '/api/dispatches/{ticket}/retry',
    who: 'operators',
    summary: 'You fixed the cause: try again what waits',
    body: { types: JSON_ONLY, schema: byBody, example: { by: 'ann' }, optional: true },
    answer: { status: 202, schema: schemas.accepted },
    refusals: [...OF_BODY, 404],
  },
  {
    method: 'post',
    path: '/api/dispatches/{ticket}/approve',
    who: 'operators',
    summary: 'Say yes to the sum that waits for a person; with an amount to that sum only',
    body: { types: JSON_ONLY, schema: approveBody, example: { by: 'ann', amount: 1250 }, optional: true },
    answer: { status: 202, schema: schemas.accepted },
    refusals: [...OF_BODY, 404, 409],
  },
  {
    method: 'post',
    path: '/api/dispatches/{ticket}/cancel',
    who: 'operators',
    summary: 'Call the newest visit off and cancel its work order',
    body: { types: JSON_ONLY, schema: cancelBody, example: { reason: 'The customer fixed it' } },
    answer: { status: 202, schema: schemas.accepted },
    refusals: [...OF_BODY, 404],
  },
  {
    method: 'get',
    path: '/api/pause',
    who: 'operators',
    summary: 'Whether new dispatching is paused, why, by whom and since when',
    answer: { status: 200, schema: schemas.pause },
    refusals: [401, 503],
  },
  {
    method: 'post',
    path: '/api/pause',
    who: 'operators',
    summary: 'Pause: from the answer on nothing is created, published or routed, and no pay raised',
    body: { types: JSON_ONLY, schema: pauseBody, example: { reason: 'Prices are being corrected', by: 'ann' } },
    answer: { status: 200, schema: schemas.pause },
    refusals: OF_BODY,
  },
  {
    method: 'post',
    path: '/api/resume',
    who: 'operators',
    summary: 'End the pause: Deskbridge reads each waiting ticket again',
    body: { types: JSON_ONLY, schema: byBody, example: { by: 'ann' }, optional: true },
    answer: { status: 200, schema: schemas.pause },
    refusals: OF_BODY,
  },
  {
    method: 'post',
    path: '/api/mapping/preview',
    who: 'operators',
    summary: 'The work order that a ticket would become, field by field; nothing is sent',
    body: { types: JSON_ONLY, schema: schemas.previewBody, example: { ticket_id: 4711 } },
    answer: { status: 200, schema: schemas.mappingPreview },
    refusals: [...OF_BODY, 404, 502],
  },
  probe('/healthz', 'The process is alive', { status: 200, schema: schemas.alive }),
  probe('/readyz', 'Temporal can take work now', { status: 200, schema: schemas.ready }, [503]),
  probe('/metrics', 'Numbers for Prometheus', { status: 200, schema: null, type: 'text/plain' }),
  probe('/openapi.json', 'This description', { status: 200, schema: null, type: JSON_TYPE }),
  probe('/docs', 'This description for people', { status: 200, schema: null, type: 'text/html' }),
];

function probe(
  path: string,
  summary: string,
  answer: Operation['answer'],
  refusals: readonly number[] = [],
): Operation {
  return { method: 'get', path, who: 'platform', summary, answer, refusals };
}
