/** The app on a real port, with a starter that records what it is asked and does what the test says. */
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import type { Express } from 'express';
import { createApp, type AppDeps } from '../../src/http/app';
import { createMetrics, type Metrics } from '../../src/metrics';
import { tryEvent } from '../../src/domain/contacts';
import { NO_REPLAYS } from '../../src/domain/contacts/replay';
import { createEventJudge } from '../../src/temporal/contact-intake';
import { createContactKeys } from '../../src/temporal/contact-keys';
import { createCodec } from '../../src/temporal/encryption';
import { parseConfig } from '../../src/config/load';
import { createAudit } from '../../src/http/audit';
import { NOT_PAUSED } from '../../src/domain/dispatching/pause';
import { createLogger } from '../../src/log';
import { onceRecords } from '../helpers/once-records';
import { QUIET_DAY } from '../operators/page-parts';

export const FRESHDESK_SECRET = 'canary-freshdesk-secret';
export const FIELD_NATION_SECRETS = ['11111111-2222-4333-8444-555555555555', '66666666-7777-4888-8999-000000000000'];

export const WRITE_KEY = 'canary-write-key';

export interface AppServer {
  url: string;
  app: Express;
  metrics: Metrics;
  /** `[method, ...arguments]` of each call to starter and dispatches. */
  calls: unknown[][];
  /** Lines that the app logged. */
  lines: string[];
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  freshdesk(body: unknown, headers?: Record<string, string>): Promise<Response>;
  fieldNation(body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** To `/v1/<route>` with the write key. */
  events(route: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export const sign = (bytes: Buffer | string, secret = FIELD_NATION_SECRETS[0] ?? ''): string =>
  `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;

const KEYS = createContactKeys(['canary-hash-key'], 'acme');
const CONFIG = parseConfig('', 'test.yaml');

const asText = (body: unknown): string | Buffer =>
  typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);

const PAUSED = { paused: true, since: '2026-03-01T08:00:00.000Z' };
const NO_UPSTREAMS = { upstreams: { freshdesk: null, fieldNation: null } };
const NO_BASELINE = { watched: {}, baseline: { waitsBefore: null, count: 0, more: false } };

const NO_PREVIEW = { type: 'NotFound', detail: 'There is no such ticket', remedy: 'None' };

/** The defaults answer as a healthy Temporal would; `behaviour` replaces single methods. */
export async function serveApp(
  behaviour: Partial<
    AppDeps['starter'] & AppDeps['dispatches'] & AppDeps['dispatching'] & AppDeps['contacts'] & AppDeps['previews']
  > = {},
  more: Partial<
    Pick<
      AppDeps,
      | 'adminToken'
      | 'audit'
      | 'came'
      | 'codec'
      | 'isReady'
      | 'publicUrl'
      | 'records'
      | 'refused'
      | 'setup'
      | 'uiOrigins'
    >
  > & {
    pages?: Partial<AppDeps['pages']>;
  } = {},
): Promise<AppServer> {
  const calls: unknown[][] = [];
  const lines: string[] = [];
  const metrics = createMetrics();
  const recorded =
    <A extends unknown[], R>(name: string, answer: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> => {
      // What is left out stands in no call.
      calls.push([name, ...args.filter((arg, index) => arg !== undefined || index < args.length - 1)]);
      return answer(...args);
    };
  const b = behaviour;
  const app = createApp({
    starter: {
      ticketChanged: recorded('ticketChanged', b.ticketChanged ?? (async (id) => `dispatch-acme-${id}`)),
      workOrderEvent: recorded('workOrderEvent', b.workOrderEvent ?? (async () => 'dispatch' as const)),
      dispatchVisit: recorded('dispatchVisit', b.dispatchVisit ?? (async (id) => `dispatch-acme-${id}`)),
      approve: recorded('approve', b.approve ?? (async () => undefined)),
      retry: recorded('retry', b.retry ?? (async () => undefined)),
      cancel: recorded('cancel', b.cancel ?? (async () => undefined)),
    },
    dispatches: {
      list: recorded('list', b.list ?? (async () => ({ items: [], nextCursor: null }))),
      view: recorded('view', b.view ?? (async () => null)),
      look: recorded('view', async (id) => {
        const view = await (b.view ?? (async () => null))(id);
        return b.look ? b.look(id) : view && { view, silent: null, approval: null, facts: null, parentId: null };
      }),
      rows: recorded('rows', b.rows ?? (async () => ({ rows: [], nextCursor: null }))),
    },
    dispatching: {
      state: recorded(
        'state',
        b.state ?? (async () => ({ ...NO_UPSTREAMS, ...NO_BASELINE, pause: NOT_PAUSED, ordersLastHour: 0 })),
      ),
      pause: recorded(
        'pause',
        b.pause ?? (async (asked) => ({ ...PAUSED, reason: asked.reason, by: asked.by ?? null })),
      ),
      resume: recorded('resume', b.resume ?? (async () => NOT_PAUSED)),
    },
    previews: {
      ofTicket: recorded('ofTicket', b.ofTicket ?? (async () => ({ refusal: NO_PREVIEW }))),
      ofGiven: recorded('ofGiven', b.ofGiven ?? (async () => ({ refusal: NO_PREVIEW }))),
    },
    contacts: { accept: recorded('accept', b.accept ?? (async () => undefined)) },
    judge: createEventJudge({ keys: KEYS, config: { current: () => CONFIG } }),
    eventDesk: {
      index: { idsOf: (person) => KEYS.anyOf(person), accepted: recorded('accepted', async () => []) },
      replays: {
        count: recorded('count', async () => ({ ...NO_REPLAYS, contacts: 2, events: 3 })),
        start: recorded('start', async () => 'contact-replay-acme'),
      },
      tryEvent: (item) => tryEvent(item, CONFIG.contacts),
    },
    writeKeys: [WRITE_KEY],
    metrics,
    account: 'acme',
    freshdeskSecrets: [FRESHDESK_SECRET],
    fieldNationSecrets: FIELD_NATION_SECRETS,
    adminToken: null,
    publicUrl: null,
    records: onceRecords(),
    audit: createAudit({ file: null, log: createLogger('debug', false, { write: (line) => void lines.push(line) }) }),
    codec: createCodec([]),
    uiOrigins: [],
    came: () => undefined,
    isReady: async () => true,
    ...more,
    pages: { ...QUIET_DAY, ...more.pages },
    log: createLogger('debug', false, { write: (line) => void lines.push(line) }),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post: AppServer['post'] = (path, body, headers = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body, headers });
  return {
    url,
    app,
    metrics,
    calls,
    lines,
    post,
    freshdesk: (body, headers = {}) =>
      post('/webhooks/freshdesk', asText(body), {
        'content-type': 'application/json',
        'x-webhook-secret': FRESHDESK_SECRET,
        ...headers,
      }),
    fieldNation: (body, headers = {}) => {
      const bytes = asText(body);
      return post('/webhooks/field-nation', bytes, {
        'content-type': 'application/json',
        'x-fn-signature': sign(bytes),
        ...headers,
      });
    },
    events: (route, body, headers = {}) =>
      post(`/v1/${route}`, asText(body), {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
        ...headers,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The problem of a refusal; fails when the answer is none, or says more than it may. */
export async function problemOf(response: Response): Promise<{ status: number; code: string; detail: string }> {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = (await response.json()) as { status: number; code: string; detail: string };
  expect(body).toEqual({
    type: 'about:blank',
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
    code: expect.any(String),
    retryable: response.status === 503,
  });
  expect(JSON.stringify(body)).not.toMatch(/\bat .*:\d+:\d+|canary|node_modules/);
  expect(response.headers.get('x-powered-by')).toBeNull();
  return body;
}
